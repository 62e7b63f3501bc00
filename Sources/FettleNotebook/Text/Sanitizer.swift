/// Makes untrusted text safe to draw: what could move the cursor, change colours or reorder text
/// becomes a visible sign.
///
/// Control characters become their pictures (`␛`), C1 controls, bidirectional controls, line
/// separators, a byte order mark and other signs without a width become `<U+202E>`. The joiners that
/// scripts and emoji need stay.
public enum Sanitizer {
    /// Returns the text for one line: line ends become `⏎` and tabs `␉`.
    public static func line(_ text: String) -> String {
        guard needsWork(text, keepingLines: false) else { return text }
        return replace(text, keepingLines: false)
    }

    /// Returns the text for several lines: line ends and tabs stay, CRLF becomes a plain line end.
    public static func block(_ text: String) -> String {
        guard needsWork(text, keepingLines: true) else { return text }
        return replace(text, keepingLines: true)
    }

    private static func needsWork(_ text: String, keepingLines: Bool) -> Bool {
        for byte in text.utf8 {
            if byte >= 0x80 || byte == 0x7F { return true }
            if byte < 0x20, !(keepingLines && (byte == 0x0A || byte == 0x09)) { return true }
        }
        return false
    }

    private static func replace(_ text: String, keepingLines: Bool) -> String {
        var out = String.UnicodeScalarView()
        out.reserveCapacity(text.utf8.count)
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        while let scalar = next {
            next = scalars.next()
            if scalar == "\r", next == "\n" { continue }
            if keepingLines, scalar == "\n" || scalar == "\t" {
                out.append(scalar)
            } else if let sign = replacement(for: scalar) {
                out.append(contentsOf: sign.unicodeScalars)
            } else {
                out.append(scalar)
            }
        }
        return String(out)
    }

    /// Returns what stands in for a scalar that must not be drawn, or nil when it may be.
    private static func replacement(for scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x0A: return "⏎"
        case 0x00..<0x20:
            return Unicode.Scalar(0x2400 + scalar.value).map { String(Character($0)) }
        case 0x7F: return "␡"
        case 0x80...0x9F, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E,
            0x2060...0x2064, 0x2066...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0001:
            let hex = String(scalar.value, radix: 16, uppercase: true)
            return "<U+\(String(repeating: "0", count: max(0, 4 - hex.utf8.count)))\(hex)>"
        default: return nil
        }
    }
}
