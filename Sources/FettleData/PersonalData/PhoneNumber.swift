/// Phone numbers as people write them.
///
/// Found are numbers with a country's code (`+49 171 1234567`, `0049…`), with a trunk 0 and at least nine digits
/// (`030 1234567`, `06 12 34 56 78`), North American ones in three groups (`(555) 234-5678`), Chinese mobile numbers,
/// and French and Spanish ones in three groups of three. Dates, prices and other runs of digits are not.
enum PhoneNumber {
    private static let separators = [
        UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"),
    ]

    @Sendable static func match(in text: UnsafeRawBufferPointer, at start: Int) -> Range<Int>? {
        var at = start
        let isForeign = text[at] == UInt8(ascii: "+")
        if isForeign { at += 1 }
        let isBracketed = TextByte.at(text, at) == UInt8(ascii: "(")
        if isBracketed { at += 1 }
        guard TextByte.isDigit(TextByte.at(text, at)), isForeign || !TextByte.isJoined(text, start),
            !TextByte.isAlphanumeric(TextByte.at(text, start - 1))
        else { return nil }
        // The middle of a longer number in groups.
        let isInside =
            TextByte.at(text, start - 1) == 0x20 && TextByte.isDigit(TextByte.at(text, start - 2))
        guard !isInside || isForeign || isBracketed else { return nil }
        let read = DigitGroups(text, at, separators: separators, brackets: true)
        for count in stride(from: read.groups.count, to: 0, by: -1) {
            let end = read.groups[count - 1].digits.upperBound
            let number = Number(
                digits: read.digits(count),
                sizes: read.groups.prefix(count).map(\.count),
                separators: read.groups.prefix(count).map { Array($0.separator) },
                isForeign: isForeign,
                isBracketed: isBracketed
            )
            guard number.isPhone, !TextByte.goesOn(text, end) else { continue }
            return start..<end
        }
        return nil
    }

    /// Digits and how they are written.
    private struct Number {
        let digits: [Int]
        let sizes: [Int]
        /// What stands before each group.
        let separators: [[UInt8]]
        let isForeign: Bool
        let isBracketed: Bool

        var isPhone: Bool {
            guard Set(digits).count > 2, digits.count <= 15 else { return false }
            if isForeign { return digits.count >= 8 && digits[0] != 0 }
            if digits.starts(with: [0, 0]) { return digits.count >= 11 && digits[2] != 0 }
            return isNorthAmerican || hasTrunkZero || isChinese || isInThrees
        }

        /// `555-234-5678`, `(555) 234-5678`, `1-555-234-5678`.
        private var isNorthAmerican: Bool {
            guard sizes == [3, 3, 4] || sizes == [1, 3, 3, 4], sizes.count == 3 || digits[0] == 1
            else {
                return false
            }
            let local = digits.suffix(10).map { $0 }
            let isWritten = isBracketed || separators[sizes.count - 1] != [0x20] || sizes.count == 4
            return local[0] >= 2 && local[1] <= 8 && local[3] >= 2 && isWritten
        }

        private var hasTrunkZero: Bool {
            guard digits[0] == 0, digits.count >= 9, digits.count <= 13, !isDate else {
                return false
            }
            return sizes.count == 1 ? digits.count >= 10 : sizes.allSatisfy { $0 >= 2 }
        }

        /// Whether it begins as `24.12.2025` does.
        private var isDate: Bool {
            guard sizes.count >= 3, sizes[0] == 2, sizes[1] == 2, sizes[2] == 4 else {
                return false
            }
            return digits[0] * 10 + digits[1] <= 31 && digits[2] * 10 + digits[3] <= 31
        }

        private var isChinese: Bool {
            digits.count == 11 && digits[0] == 1 && digits[1] >= 3
                && (sizes == [11] || sizes == [3, 4, 4])
        }

        private var isInThrees: Bool {
            guard sizes == [3, 3, 3], [6, 7, 9].contains(digits[0]) else { return false }
            return separators[1] == separators[2] && digits.suffix(3) != [0, 0, 0]
                && separators[1] != [UInt8(ascii: ".")]
        }
    }
}
