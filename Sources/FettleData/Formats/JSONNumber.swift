extension JSONScanner {
    /// Scans the number that starts here.
    mutating func number() throws(BadRow) -> Value {
        let start = at
        let negative = take(UInt8(ascii: "-"))
        let firstDigit = at
        var magnitude: UInt64 = 0
        passDigits(&magnitude)
        guard at > firstDigit else { throw unexpected("a digit") }
        if bytes[firstDigit] == UInt8(ascii: "0"), at > firstDigit + 1 {
            throw BadRow(
                "bad-json",
                "a number must not start with '0'",
                at: start,
                count: at - start,
                hints: ["write an identifier as a text, in quotes"]
            )
        }
        let digits = at - firstDigit
        guard at < end, bytes[at] == UInt8(ascii: ".") || bytes[at] | 0x20 == UInt8(ascii: "e")
        else {
            return integer(start, magnitude, digits, negative)
        }
        var fractionDigits = 0
        if take(UInt8(ascii: ".")) {
            let first = at
            passDigits(&magnitude)
            fractionDigits = at - first
            guard fractionDigits > 0 else { throw unexpected("a digit after '.'") }
        }
        var exponent = 0
        if at < end, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at &+= 1
            let down = at < end && bytes[at] == UInt8(ascii: "-")
            if down || (at < end && bytes[at] == UInt8(ascii: "+")) { at &+= 1 }
            let first = at
            var size: UInt64 = 0
            passDigits(&size)
            guard at > first else { throw unexpected("a digit in the exponent") }
            exponent = Int(min(size, 1_000_000)) * (down ? -1 : 1)
        }
        exponent -= fractionDigits
        return decimal(start, magnitude, digits + fractionDigits, exponent, negative)
    }

    /// Passes digits and adds them to `magnitude`, which is of use for up to 19 digits only.
    @inline(__always)
    private mutating func passDigits(_ magnitude: inout UInt64) {
        while at < end {
            let digit = bytes[at] &- UInt8(ascii: "0")
            guard digit < 10 else { return }
            magnitude = magnitude &* 10 &+ UInt64(digit)
            at &+= 1
        }
    }

    private func integer(
        _ start: Int,
        _ magnitude: UInt64,
        _ digits: Int,
        _ negative: Bool
    ) -> Value {
        let limit = UInt64(Int64.max) + (negative ? 1 : 0)
        guard digits <= 19, magnitude <= limit else {
            return Value(kind: .wide, start: start, end: at)
        }
        // A negative zero is a double: the integers have none.
        if negative, magnitude == 0 {
            return Value(kind: .number, start: start, end: at, bits: (-0.0).bitPattern)
        }
        let bits = negative ? 0 &- magnitude : magnitude
        return Value(kind: .integer, start: start, end: at, bits: bits)
    }

    private func decimal(
        _ start: Int,
        _ magnitude: UInt64,
        _ digits: Int,
        _ exponent: Int,
        _ negative: Bool
    ) -> Value {
        // Both operands are exact here, so one division or product rounds correctly (Clinger 1990).
        if digits <= 19, magnitude <= 1 << 53, abs(exponent) <= 22 {
            let size = Double(magnitude)
            let value = exponent < 0 ? size / Self.tens[-exponent] : size * Self.tens[exponent]
            let bits = (negative ? -value : value).bitPattern
            return Value(kind: .number, start: start, end: at, bits: bits)
        }
        let text = UnsafeBufferPointer(start: bytes + start, count: at - start)
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
            return Value(kind: .wide, start: start, end: at)
        }
        return Value(kind: .number, start: start, end: at, bits: value.bitPattern)
    }

    private static let tens: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
