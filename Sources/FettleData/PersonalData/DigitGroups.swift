/// Digits as people write long numbers: in groups with a blank or a sign between them.
struct DigitGroups {
    /// A run of digits, and what stands before it since the run before.
    struct Group {
        let digits: Range<Int>
        let separator: ArraySlice<UInt8>

        var count: Int { digits.count }
    }

    private static let most = 24
    private(set) var groups: [Group] = []
    private let text: UnsafeRawBufferPointer

    /// Reads groups from a place on, while at most one of `separators` stands between two of them, brackets beside it
    /// where `brackets` says so.
    init(_ text: UnsafeRawBufferPointer, _ start: Int, separators: [UInt8], brackets: Bool = false)
    {
        self.text = text
        var (at, total) = (start, 0)
        var before: [UInt8] = []
        while at < text.count, total < Self.most {
            let first = at
            while at < text.count, TextByte.isDigit(text[at]) { at += 1 }
            guard at > first else { break }
            total += at - first
            groups.append(Group(digits: first..<at, separator: before[...]))
            before = []
            var isSeparated = false
            while let byte = at < text.count ? text[at] : nil {
                let isBracket = byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")")
                if isBracket, brackets, before.count < 3 {
                    before.append(byte)
                } else if separators.contains(byte), !isSeparated {
                    before.append(byte)
                    isSeparated = true
                } else {
                    break
                }
                at += 1
            }
            guard !before.isEmpty else { break }
        }
    }

    /// The values of the digits of the first `count` groups.
    func digits(_ count: Int) -> [Int] {
        groups.prefix(count).flatMap { group in text[group.digits].map { Int($0) - 0x30 } }
    }
}
