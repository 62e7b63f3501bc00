/// Decides which texts are numbers: only those that would be written the same way again, so that
/// identifiers such as `007`, `+1` and `1e5` stay text.
enum CanonicalNumber {
    /// The most significant digits that a double keeps.
    private static let mostDigits = 17

    /// Whether a scanned text is an integer.
    @inline(__always)
    static func isInteger(_ value: JSONScanner.Value, _ bytes: UnsafePointer<UInt8>) -> Bool {
        let count = value.end &- value.start &- 2
        guard !value.escaped, count > 0, count <= 20, startsNumber(bytes[value.start &+ 1]) else {
            return false
        }
        return number(bytes, from: value.start + 1, to: value.end - 1)?.kind == .integer
    }

    @inline(__always)
    private static func startsNumber(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-")
    }

    /// Returns the number that all of a text is, or nil.
    @inline(__always)
    static func number(
        _ bytes: UnsafePointer<UInt8>,
        from start: Int,
        to end: Int
    ) -> JSONScanner.Value? {
        guard start < end, startsNumber(bytes[start]) else { return nil }
        return scan(bytes, start, end)
    }

    private static func scan(
        _ bytes: UnsafePointer<UInt8>,
        _ start: Int,
        _ end: Int
    ) -> JSONScanner.Value? {
        var scanner = JSONScanner(bytes, from: start, to: end, oneLine: false)
        guard let value = try? scanner.number(), value.end == end, value.kind != .wide else {
            return nil
        }
        guard value.kind == .number else { return value }
        var digits = 0
        var exponent = false
        for at in start..<end {
            let byte = bytes[at]
            if byte | 0x20 == UInt8(ascii: "e") { exponent = true }
            if byte &- UInt8(ascii: "0") < 10, digits > 0 || byte != UInt8(ascii: "0") {
                digits += 1
            }
        }
        if !exponent { return digits <= mostDigits ? value : nil }
        let text = UnsafeBufferPointer(start: bytes + start, count: end - start)
        let shortest = Cell.number(Double(bitPattern: value.bits)).displayText
        return String(decoding: text, as: UTF8.self) == shortest ? value : nil
    }
}
