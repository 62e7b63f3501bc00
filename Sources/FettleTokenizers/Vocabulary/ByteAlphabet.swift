/// The characters that stand for bytes in the vocabularies of byte-level BPE.
///
/// Printable characters of Latin-1 stand for themselves, the others for those from U+0100 on
/// (`bytes_to_unicode` of GPT-2's `encoder.py`).
enum ByteAlphabet {
    /// The byte of each scalar below U+0144, or -1.
    private static let bytes: [Int16] = {
        var bytes = [Int16](repeating: -1, count: 0x144)
        var next = 0x100
        for byte in 0..<0x100 {
            let isItself =
                (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
            bytes[isItself ? byte : next] = Int16(byte)
            if !isItself { next += 1 }
        }
        return bytes
    }()

    /// Appends the bytes that a token's text stands for; false when it has other characters.
    static func append(_ text: some StringProtocol, to out: inout [UInt8]) -> Bool {
        for scalar in text.unicodeScalars {
            guard scalar.value < 0x144, bytes[Int(scalar.value)] >= 0 else { return false }
            out.append(UInt8(truncatingIfNeeded: bytes[Int(scalar.value)]))
        }
        return true
    }
}
