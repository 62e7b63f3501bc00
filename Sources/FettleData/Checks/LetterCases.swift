import FettleCore

/// Letters by case.
struct LetterCases {
    var upper = 0
    var lower = 0

    /// Whether more than a third of the letters are upper case.
    var isMostlyUpper: Bool { upper * 2 > lower }

    static func += (a: inout LetterCases, b: LetterCases) {
        a.upper += b.upper
        a.lower += b.lower
    }

    /// Counts a text's letters; only those that have a lower-case form are upper case.
    init(_ text: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)) {
        var at = 0
        while at < text.count {
            at = addWords(of: text, from: at)
            // Words are tried again after the one that had more than ASCII in it.
            let stop = min(at + Self.wordBytes, text.count)
            while at < stop { at = addCharacter(of: text, at: at) }
        }
    }

    /// Counts the character at an offset; returns the offset after it.
    private mutating func addCharacter(of text: UnsafeRawBufferPointer, at: Int) -> Int {
        let byte = text[at]
        guard byte >= 0x80 else {
            if byte >= UInt8(ascii: "a"), byte <= UInt8(ascii: "z") { lower += 1 }
            if byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "Z") { upper += 1 }
            return at + 1
        }
        var iterator = text[at...].makeIterator()
        var decoder = UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return at + 1 }
        let end = at + UTF8.width(scalar)
        // Scripts from here to U+A63F have no case.
        if scalar.value >= 0x2E80, scalar.value < 0xA640 { return end }
        let properties = scalar.properties
        if properties.isUppercase {
            if properties.changesWhenLowercased { upper += 1 }
        } else if properties.isLowercase {
            lower += 1
        }
        return end
    }

    // MARK: - Eight bytes at a time

    private static let wordBytes = 8
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Counts the letters of whole words of ASCII; returns the offset of the first that is none.
    private mutating func addWords(of text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var at = start
        var isASCII = true
        while isASCII, at + Self.wordBytes <= text.count {
            var (uppers, lowers): (UInt64, UInt64) = (0, 0)
            // A byte of the sums holds 255 words.
            let end = min(text.count - Self.wordBytes + 1, at + Self.wordBytes * 255)
            while at < end {
                let word = text.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                isASCII = word & Self.highBits == 0
                guard isASCII else { break }
                lowers &+= Self.bytes(of: word, from: UInt8(ascii: "a"))
                uppers &+= Self.bytes(of: word, from: UInt8(ascii: "A"))
                at &+= Self.wordBytes
            }
            lower += Self.sum(lowers)
            upper += Self.sum(uppers)
        }
        return at
    }

    /// Returns a word with 1 in each byte that is one of the 26 from `first` on, of bytes of ASCII.
    @inline(__always)
    private static func bytes(of word: UInt64, from first: UInt8) -> UInt64 {
        // The high bit shows whether a byte is at least `first`, and whether it is beyond the last.
        let atLeast = word &+ ones &* UInt64(0x80 - first)
        let beyond = word &+ ones &* UInt64(0x80 - 26 - first)
        return (atLeast & ~beyond & highBits) >> 7
    }

    /// Returns the sum of a word's bytes.
    private static func sum(_ word: UInt64) -> Int {
        let odd: UInt64 = 0x00FF_00FF_00FF_00FF
        let pairs = (word & odd) &+ (word >> 8 & odd)
        return Int((pairs &* 0x0001_0001_0001_0001) >> 48)
    }

    /// Returns the finding of a part whose letters are mostly upper case.
    static func findings(
        _ code: String,
        _ part: PartFacts,
        _ examples: ExampleFacts
    ) throws -> [Finding] {
        let columns = part.columns.filter { $0.column.kind == .text }
        let (ofColumn, rows) = try count(columns, examples.input.frame.rows)
        let total = ofColumn.reduce(into: LetterCases()) { $0 += $1 }
        guard total.isMostlyUpper else { return [] }
        let share = NumberText.percent(Double(total.upper) / Double(total.upper + total.lower))
        let changed = zip(columns, ofColumn).filter { $0.1.upper > 0 }.map(\.0.name)
        return [
            Finding(
                code,
                .warning,
                "\(share) of the letters of the \(part.name)s are upper case;"
                    + " \(NumberText.count(rows.count, "row"))"
                    + " \(rows.count == 1 ? "has" : "have") more than a third",
                count: rows.count,
                rows: rows.numbers,
                fix: lowering(changed)
            )
        ]
    }

    /// Counts the letters of columns' cells; the rows are those whose letters are mostly upper case.
    private static func count(
        _ columns: [Frame.NamedColumn],
        _ rows: [UInt32]
    ) throws -> (ofColumn: [LetterCases], mostlyUpper: ConcernedRows) {
        let counted = try RawColumn.withRaw(columns.map(\.column)) { cells in
            try Chunks.map(rows: rows.count) { range in
                var ofColumn = cells.map { _ in LetterCases() }
                var mostlyUpper = ConcernedRows()
                for position in range {
                    var ofRow = LetterCases()
                    for (place, cell) in cells.enumerated() {
                        guard let text = cell.text(at: Int(rows[position])) else { continue }
                        let ofCell = LetterCases(text)
                        ofColumn[place] += ofCell
                        ofRow += ofCell
                    }
                    if ofRow.isMostlyUpper { mostlyUpper.add(position) }
                }
                return (ofColumn, mostlyUpper)
            }
        }
        var (ofColumn, mostlyUpper) = (columns.map { _ in LetterCases() }, ConcernedRows())
        for (more, rows) in counted {
            for place in more.indices { ofColumn[place] += more[place] }
            mostlyUpper.add(rows)
        }
        return (ofColumn, mostlyUpper)
    }

    private static func lowering(_ names: [String]) -> CheckFix? {
        var steps: [CheckFix.Change] = []
        for name in names {
            guard CheckText.isDerivable(name), let word = CheckText.column(name),
                let lowered = try? Expression(parsing: "lower(\(word))")
            else { return nil }
            steps.append(.step(Derive(name, lowered)))
        }
        return CheckFix(steps)
    }
}
