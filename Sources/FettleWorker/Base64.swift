/// Bytes as text, by the common alphabet of RFC 4648 with padding.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// The value of each sign; 255 for one that is none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, sign) in alphabet.enumerated() { values[Int(sign)] = UInt8(value) }
        return values
    }()

    /// Returns the text of bytes.
    static func text(_ bytes: [UInt8]) -> String {
        let count = (bytes.count + 2) / 3 * 4
        return String(unsafeUninitializedCapacity: count) { text in
            var place = 0
            var start = 0
            while start < bytes.count {
                let left = bytes.count - start
                let first = UInt32(bytes[start]) << 16
                let second = left > 1 ? UInt32(bytes[start + 1]) << 8 : 0
                let word = first | second | (left > 2 ? UInt32(bytes[start + 2]) : 0)
                for sign in 0..<4 {
                    let value = Int(word >> UInt32(18 - 6 * sign) & 63)
                    text[place + sign] = sign <= left ? alphabet[value] : UInt8(ascii: "=")
                }
                place += 4
                start += 3
            }
            return count
        }
    }

    /// Returns the bytes of a text; nil for one that ``text(_:)`` never gives.
    static func bytes(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { signs in
            guard signs.count % 4 == 0 else { return nil }
            var padding = 0
            while padding < 2, padding < signs.count,
                signs[signs.count - 1 - padding] == UInt8(ascii: "=")
            {
                padding += 1
            }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(signs.count / 4 * 3)
            var (word, held): (UInt32, UInt32) = (0, 0)
            for place in 0..<(signs.count - padding) {
                let value = values[Int(signs[place])]
                guard value < 64 else { return nil }
                word = word << 6 | UInt32(value)
                held += 6
                if held >= 8 {
                    held -= 8
                    bytes.append(UInt8(truncatingIfNeeded: word >> held))
                    word &= (1 << held) - 1
                }
            }
            return word == 0 ? bytes : nil
        }
    }
}
