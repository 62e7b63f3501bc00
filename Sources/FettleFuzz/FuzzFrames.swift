import FettleCore
import FettleData

/// Frames that inputs are checked with.
enum FuzzFrames {
    /// Returns a column of cells, the null and missing ones as they are.
    static func column(_ kind: ColumnKind, _ cells: [Cell]) -> Column {
        var builder = ColumnBuilder(kind)
        // A cell is too long for a column from 16 MB on, which these are not.
        for cell in cells { try? builder.append(cell) }
        return builder.build()
    }

    /// Rows with every kind of column and of absence.
    static let reviews = Frame(columns: [
        .init("stars", column(.integer, [5, 1, -3, .max, .min, 0].map { .integer($0) })),
        .init(
            "title",
            column(
                .text,
                [
                    .text("Great a"), .text(""), .text("Größe 😀\u{301}"), .null, .missing,
                    .text("é\0"),
                ]
            )
        ),
        .init("language", column(.text, ["en", "de", "en", "zh", "en", ""].map { .text($0) })),
        .init(
            "score",
            column(
                .number,
                [.number(0.5), .number(-2.5), .null, .number(1e308), .missing, .number(-0.0)]
            )
        ),
        .init(
            "verified",
            column(.boolean, [true, false, true, true, false, false].map { .boolean($0) })
        ),
        .init("digits", column(.text, ["1", "x", " 3.5 ", "", "1e999", "nan"].map { .text($0) })),
        .init("odd name", column(.integer, (1...6).map { .integer($0) })),
        .init(
            "tags",
            column(
                .json,
                ["[\"a\", \"b\"]", "[]", "[1, 2.5]", "[[\"a\"]]", "{\"a\": 1}", "[\"\\u00e4\"]"]
                    .map { .json($0) }
            )
        ),
    ])

    private static let pieces = [
        "", "a", "5", "true", "null", " ", "\"", "\"\"", ",", "\t", ";", "|", "\n", "\r\n", "\r",
        "\\", "\\n", "é", "好", "😀", "\u{0}", "\u{1F}", "\u{2028}", "\u{FEFF}", "007", "1e5", "-",
        "{}", "x y", "\u{1B}[31m", "\u{9B}", "\u{202E}",
    ]

    /// Returns a text full of what formats quote.
    static func text(_ generator: inout SeededGenerator) -> String {
        (0..<generator.below(6)).map { _ in pieces.any(&generator) }.joined()
    }

    /// Returns a frame of up to four columns and six rows; NUL is left out unless `nulText`.
    static func random(_ generator: inout SeededGenerator, nulText: Bool) -> Frame {
        let count = 1 + generator.below(6)
        let columns = (0..<1 + generator.below(4)).map { place in
            let kind = ColumnKind.allCases.any(&generator)
            let cells = (0..<count).map { _ in cell(kind, &generator, nulText: nulText) }
            let name = "c\(place)\(text(&generator))."
            return Frame.NamedColumn(name.filter { $0 != "\u{0}" }, column(kind, cells))
        }
        return Frame(columns: columns)
    }

    private static func cell(
        _ kind: ColumnKind,
        _ generator: inout SeededGenerator,
        nulText: Bool
    ) -> Cell {
        if generator.below(4) == 0 { return .null }
        let bits = generator.next()
        switch kind {
        case .text:
            let text = text(&generator)
            return .text(nulText ? text : text.filter { $0 != "\u{0}" })
        case .json: return .json("[\(bits), {\"k\": \"\\n|,\"}]")
        case .integer: return .integer(Int64(bitPattern: bits >> (bits & 63)))
        case .number:
            let value = Double(bitPattern: bits)
            return .number(value.isFinite ? value : 0.1)
        case .boolean: return .boolean(bits & 1 == 0)
        }
    }
}

extension Frame {
    /// The cells that the frame shows, row by row.
    var cells: [[Cell]] {
        (0..<count).map { position in columns.indices.map { cell($0, at: position) } }
    }
}
