/// What is wrong with a row, and where in the source's bytes.
struct BadRow: Error {
    var code: String
    var message: String
    /// Offset of the first offending byte.
    var offset: Int
    /// Offending bytes, at least 1.
    var count: Int
    var hints: [String]
    /// Where the row starts and ends, line end not included; filled in by the reader.
    var row: Range<Int> = 0..<0

    init(_ code: String, _ message: String, at offset: Int, count: Int = 1, hints: [String] = []) {
        self.code = code
        self.message = message
        self.offset = offset
        self.count = max(1, count)
        self.hints = hints
    }
}

/// Words for bytes that stand where they should not.
enum ByteNames {
    /// Returns the character at `offset` in quotes, or its name when it cannot be seen.
    static func found(_ bytes: UnsafePointer<UInt8>, at offset: Int, end: Int) -> String {
        guard offset < end else { return "the end" }
        let byte = bytes[offset]
        switch byte {
        case 0: return "a NUL byte"
        case UInt8(ascii: "\n"): return "the end of the line"
        case UInt8(ascii: "\r"): return "a carriage return"
        case UInt8(ascii: "\t"): return "a tab"
        case UInt8(ascii: " "): return "a space"
        case UInt8(ascii: "'"): return "a single quote"
        case 0x21..<0x7F: return "'\(Character(UnicodeScalar(byte)))'"
        case 0x80...:
            let length = ByteScan.sequenceLength(bytes, at: offset, end: end)
            guard length > 0 else { return "the byte \(hex(byte))" }
            let text = UnsafeBufferPointer(start: bytes + offset, count: length)
            return "'\(String(decoding: text, as: UTF8.self))'"
        default: return "the control character U+00\(hex(byte).dropFirst(2))"
        }
    }

    /// Returns a byte as `0x0A`.
    static func hex(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16, uppercase: true)
        return "0x" + (byte < 16 ? "0" : "") + text
    }

    /// The error for a byte that is no UTF-8.
    static func invalidUTF8(_ bytes: UnsafePointer<UInt8>, at offset: Int) -> BadRow {
        BadRow(
            "invalid-utf8",
            "expected UTF-8, found the byte \(hex(bytes[offset]))",
            at: offset,
            hints: ["convert the file with 'iconv -f LATIN1 -t UTF-8', naming its real encoding"]
        )
    }
}
