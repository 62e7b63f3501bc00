/// JSON's escapes, read and written.
enum JSONText {
    /// Appends the characters of a scanned text, whose quotes are not part of `start ..< end`.
    static func unescape(
        _ bytes: UnsafePointer<UInt8>,
        from start: Int,
        to end: Int,
        into out: inout [UInt8]
    ) {
        var at = start
        while at < end {
            let stop = ByteScan.first(ByteScan.backslash, in: bytes, from: at, to: end)
            out.append(contentsOf: UnsafeBufferPointer(start: bytes + at, count: stop - at))
            guard stop + 1 < end else { return }
            at = stop + 2
            switch bytes[stop + 1] {
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "f"): out.append(0x0C)
            case UInt8(ascii: "n"): out.append(0x0A)
            case UInt8(ascii: "r"): out.append(0x0D)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "u"):
                guard var scalar = codeUnit(bytes, at: at, end: end) else { return }
                at += 4
                if scalar & 0xFC00 == 0xD800, let low = codeUnit(bytes, at: at + 2, end: end) {
                    scalar = 0x10000 + (scalar - 0xD800) << 10 + (low & 0x3FF)
                    at += 6
                }
                append(scalar, to: &out)
            case let plain: out.append(plain)
            }
        }
    }

    /// Returns the number that four hexadecimal digits at `at` mean, or nil.
    static func codeUnit(_ bytes: UnsafePointer<UInt8>, at: Int, end: Int) -> UInt32? {
        guard at + 4 <= end else { return nil }
        var unit: UInt32 = 0
        for place in at..<at + 4 {
            let digit: UInt8
            switch bytes[place] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = bytes[place] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                digit = bytes[place] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"):
                digit = bytes[place] - UInt8(ascii: "A") + 10
            default: return nil
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    private static func append(_ scalar: UInt32, to out: inout [UInt8]) {
        guard let scalar = UnicodeScalar(scalar) else { return }
        out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
