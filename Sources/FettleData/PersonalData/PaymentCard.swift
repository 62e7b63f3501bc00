/// Numbers of payment cards: 13 to 19 digits of a known issuer that pass the check of ISO/IEC 7812-1, annex B (Luhn).
enum PaymentCard {
    private static let separators = [UInt8(ascii: " "), UInt8(ascii: "-")]

    @Sendable static func match(in text: UnsafeRawBufferPointer, at start: Int) -> Range<Int>? {
        guard TextByte.isDigit(text[start]), !TextByte.isJoined(text, start) else { return nil }
        let read = DigitGroups(text, start, separators: separators)
        // What follows in digits may be something else, such as an expiry date.
        for count in stride(from: min(read.groups.count, 5), to: 0, by: -1) {
            let sizes = read.groups.prefix(count).map(\.count)
            let isWritten =
                count == 1 || sizes.dropLast().allSatisfy { $0 == 4 } || sizes == [4, 6, 5]
                || sizes == [4, 6, 4]
            let end = read.groups[count - 1].digits.upperBound
            guard isWritten, !TextByte.goesOn(text, end), isCard(read.digits(count)) else {
                continue
            }
            return start..<end
        }
        return nil
    }

    /// Whether digits are those of a card.
    static func isCard(_ digits: [Int]) -> Bool {
        guard digits.count >= 13, digits.count <= 19, Set(digits).count > 1 else { return false }
        func head(_ count: Int) -> Int { digits.prefix(count).reduce(0) { $0 * 10 + $1 } }
        let isIssued =
            switch digits.count {
            case 13: digits[0] == 4
            case 14: head(2) == 36 || head(2) == 38 || (300...305).contains(head(3))
            case 15: head(2) == 34 || head(2) == 37
            case 16:
                digits[0] == 4 || (51...55).contains(head(2)) || (2221...2720).contains(head(4))
                    || head(4) == 6011 || (644...659).contains(head(3))
                    || (3528...3589).contains(head(4))
                    || head(2) == 62 || head(2) == 50 || head(2) == 67
            default: digits[0] == 4 || head(2) == 62 || head(2) == 50 || head(2) == 67
            }
        return isIssued && passesLuhn(digits)
    }

    /// Whether the sum of the digits, every second one from the right doubled, is a multiple of ten.
    static func passesLuhn(_ digits: [Int]) -> Bool {
        let sum = digits.reversed().enumerated().reduce(0) { sum, item in
            let value = item.offset % 2 == 1 ? item.element * 2 : item.element
            return sum + (value > 9 ? value - 9 : value)
        }
        return sum % 10 == 0
    }
}
