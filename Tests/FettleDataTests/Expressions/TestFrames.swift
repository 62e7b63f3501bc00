import FettleCore

@testable import FettleData

/// Small frames for tests, made of cells.
enum TestFrames {
    /// A text column; nil is null, and `missing` rows have no cell.
    static func text(_ values: [String?], missing: Set<Int> = []) -> Column {
        var bytes: [UInt8] = []
        var references: [TextReference] = []
        for (row, value) in values.enumerated() {
            guard let value else {
                references.append(missing.contains(row) ? .missing : .null)
                continue
            }
            references.append(TextReference(offset: bytes.count, count: value.utf8.count))
            bytes += Array(value.utf8)
        }
        return Column(text: references, in: ByteHeap(bytes))
    }

    /// Six reviews with text, integers, numbers, booleans, JSON, null and missing.
    static let reviews = Frame(columns: [
        .init("stars", Column(integers: [5, 1, 3, 2, 4, 3])),
        .init("title", text(["Great", "bad", "", nil, "Größe paßt", nil], missing: [5])),
        .init("language", text(["en", "en", "de", "en", "de", "zh"])),
        .init(
            "score",
            Column(
                numbers: [0.5, 1, -2.5, 0, 3, 0],
                presence: [.value, .value, .value, .null, .value, .missing]
            )
        ),
        .init("verified", Column(booleans: [true, false, true, false, true, false])),
        .init("digits", text(["1", "x", " 3.5 ", "", "1e3", "nan"])),
        .init("odd name", Column(integers: [1, 2, 3, 4, 5, 6])),
        .init(
            "tags",
            {
                let texts = [
                    "[\"a\", \"b\"]", "[]", "[1, 2]", "[[\"a\"]]", "{\"a\": 1}", "[\"\\u00e4\"]",
                ]
                var bytes: [UInt8] = []
                var references: [TextReference] = []
                for value in texts {
                    references.append(TextReference(offset: bytes.count, count: value.utf8.count))
                    bytes += Array(value.utf8)
                }
                return Column(text: references, in: ByteHeap(bytes), json: true)
            }()
        ),
    ])

    /// The positions, from 0, that a condition keeps.
    static func kept(_ source: String, of frame: Frame = reviews) throws -> [Int] {
        try Where(Expression(parsing: source)).apply(to: frame).rows.map(Int.init)
    }

    /// The cells that an expression gives.
    static func cells(_ source: String, of frame: Frame = reviews) throws -> [Cell] {
        let bound = try Expression(parsing: source).bind(to: frame)
        return try frame.rows.map { try bound.cell(row: Int($0)) }
    }

    /// The error of an expression: `code: message`, the source under its span, and the hints.
    static func error(_ source: String, of frame: Frame = reviews) -> [String] {
        do {
            _ = try Expression(parsing: source).bindCondition(to: frame)
            return []
        } catch {
            return lines(error, source)
        }
    }

    static func lines(_ error: Diagnostic, _ source: String) -> [String] {
        let bytes = Array(source.utf8)
        let under = error.span.map { String(decoding: bytes[$0.start..<$0.end], as: UTF8.self) }
        return ["\(error.code): \(error.message)", under ?? "no span"] + error.hints
    }
}
