import Glibc

/// IP addresses, but for those that are nobody's: 0.0.0.0, 127.0.0.1, :: and ::1.
enum IPAddress {
    @Sendable static func match(in text: UnsafeRawBufferPointer, at start: Int) -> Range<Int>? {
        guard !TextByte.isJoined(text, start) else { return nil }
        return four(text, start) ?? six(text, start)
    }

    /// Version 4: four numbers up to 255 without leading zeros.
    private static func four(_ text: UnsafeRawBufferPointer, _ start: Int) -> Range<Int>? {
        guard TextByte.isDigit(text[start]) else { return nil }
        let read = DigitGroups(text, start, separators: [UInt8(ascii: ".")])
        guard read.groups.count == 4, let end = read.groups.last?.digits.upperBound else {
            return nil
        }
        let numbers = read.groups.map { group in
            text[group.digits].reduce(0) { $0 * 10 + Int($1) - 0x30 }
        }
        let isPlain = read.groups.allSatisfy { $0.count == 1 || text[$0.digits.lowerBound] != 0x30 }
        guard isPlain, numbers.allSatisfy({ $0 <= 255 }), numbers[0] != 0, numbers[0] != 127,
            !TextByte.goesOn(text, end)
        else { return nil }
        return start..<end
    }

    /// Version 6, in any of the forms of RFC 4291 with at least three numbers.
    private static func six(_ text: UnsafeRawBufferPointer, _ start: Int) -> Range<Int>? {
        guard TextByte.isHex(text[start]) || text[start] == UInt8(ascii: ":"),
            !TextByte.isAlphanumeric(TextByte.at(text, start - 1)),
            TextByte.at(text, start - 1) != UInt8(ascii: ":")
        else { return nil }
        var end = start
        var (colons, numbers, digits) = (0, 0, 0)
        while end < text.count, TextByte.isHex(text[end]) || text[end] == UInt8(ascii: ":") {
            if text[end] == UInt8(ascii: ":") {
                colons += 1
            } else if end == start || text[end - 1] == UInt8(ascii: ":") {
                numbers += 1
            }
            if TextByte.isDigit(text[end]) { digits += 1 }
            end += 1
        }
        // A colon after the address belongs to the sentence.
        if end > start + 1, text[end - 1] == UInt8(ascii: ":"), text[end - 2] != UInt8(ascii: ":") {
            end -= 1
        }
        guard colons >= 2, numbers >= 3, digits > 0, end - start < Int(INET6_ADDRSTRLEN),
            !TextByte.isAlphanumeric(TextByte.at(text, end))
        else { return nil }
        var address = in6_addr()
        let isAddress =
            inet_pton(AF_INET6, String(decoding: text[start..<end], as: UTF8.self), &address) == 1
        return isAddress ? start..<end : nil
    }
}
