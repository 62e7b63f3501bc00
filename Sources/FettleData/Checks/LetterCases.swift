import FettleCore

/// Letters by case.
struct LetterCases {
    private typealias Block = SIMD32<UInt8>

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
            if at + Block.scalarCount <= text.count {
                let block = text.loadUnaligned(fromByteOffset: at, as: Block.self)
                if !any(block .>= 0x80) {
                    lower += Self.count(block &- UInt8(ascii: "a") .< 26)
                    upper += Self.count(block &- UInt8(ascii: "A") .< 26)
                    at += Block.scalarCount
                    continue
                }
            }
            let byte = text[at]
            guard byte >= 0x80 else {
                if byte >= UInt8(ascii: "a"), byte <= UInt8(ascii: "z") { lower += 1 }
                if byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "Z") { upper += 1 }
                at += 1
                continue
            }
            var iterator = text[at...].makeIterator()
            var decoder = UTF8()
            guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
                at += 1
                continue
            }
            at += UTF8.width(scalar)
            // Scripts from here to U+A63F have no case.
            if scalar.value >= 0x2E80, scalar.value < 0xA640 { continue }
            let properties = scalar.properties
            if properties.isUppercase {
                if properties.changesWhenLowercased { upper += 1 }
            } else if properties.isLowercase {
                lower += 1
            }
        }
    }

    private static func count(_ mask: SIMDMask<SIMD32<Int8>>) -> Int {
        Int(Block.zero.replacing(with: 1, where: mask).wrappedSum())
    }

    /// Returns the finding of a part whose letters are mostly upper case.
    static func findings(
        _ code: String,
        _ part: PartFacts,
        _ examples: ExampleFacts
    ) throws -> [Finding] {
        let columns = part.columns.filter { $0.column.kind == .text }
        var total = LetterCases()
        var ofColumn = columns.map { _ in LetterCases() }
        var rows = ConcernedRows()
        for (position, row) in examples.input.frame.rows.enumerated() {
            if position & 0xFF == 0 { try Task.checkCancellation() }
            var ofRow = LetterCases()
            for (place, named) in columns.enumerated() {
                let counted = named.column.withBytes(at: Int(row)) { LetterCases($0) }
                ofColumn[place] += counted
                ofRow += counted
            }
            total += ofRow
            if ofRow.isMostlyUpper { rows.add(position) }
        }
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
