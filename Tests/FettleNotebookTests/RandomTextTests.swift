import FettleCore
import FettleNotebook
import Testing

/// Untrusted text of every kind: nothing traps, lines fit, and no control character gets through.
struct RandomTextTests {
    private static let alphabet: [String] = [
        "a", "b", " ", "  ", "word", "日本", "👩‍👩‍👧", "e\u{301}", "\u{301}", "\t", "\n", "\r\n", "\r",
        "\u{1B}[1m", "\u{202E}", "\u{200B}", "\u{9B}", "🇩🇪", "🇩", "\u{FE0F}", "क्ष", "|", "\"", "",
    ]

    private func text(_ generator: inout SeededGenerator) -> String {
        let count = generator.below(30)
        return (0..<count).reduce(into: "") { text, _ in
            text += Self.alphabet[generator.below(Self.alphabet.count)]
        }
    }

    private func expectSafe(_ text: String, width: Int?) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x9B })
            #expect(!line.unicodeScalars.contains("\u{202E}"))
            if let width { #expect(DisplayWidth.of(line) <= width, "\(line)") }
        }
    }

    @Test func tablesFieldsAndBarsFit() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<300 {
            let width = 12 + generator.below(90)
            let columns = (0...generator.below(5)).map { _ in
                TextTable.Column(text(&generator), generator.below(3) == 0 ? .right : .left)
            }
            let rows = (0..<generator.below(4)).map { _ in
                columns.map { _ in TextTable.Cell.text(text(&generator)) }
            }
            let footer = text(&generator)
            let table = TextTable(columns: columns, rows: rows, footer: footer)
            let fields = (0..<3).map { _ in
                OutputBlock.Field(text(&generator), text(&generator))
            }
            let bars = (0..<3).map { _ in
                BarChart.Bar(text(&generator), generator.unit() * 9 - 1, text(&generator))
            }
            let renderer = PlainRenderer(width: width)
            expectSafe(renderer.render(.table(table)), width: width)
            expectSafe(renderer.render(.fields(fields)), width: width)
            expectSafe(renderer.render(.bars(BarChart(title: footer, bars: bars))), width: width)
            for form in TableForms.all where !rows.isEmpty {
                #expect(form.text(of: table).hasSuffix("\n"))
            }
        }
    }

    @Test func diagnosticsPointInsideTheirLine() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<1000 {
            let source = text(&generator)
            let width = 20 + generator.below(60)
            let start = generator.below(120) - 10
            let span = SourceSpan(start, start + generator.below(20))
            let found = DiagnosticRenderer(width: width, colour: false).render(
                Diagnostic("code", "message", span: span, source: source)
            )
            let lines = found.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count == 4)
            #expect(lines[2].hasSuffix("^"))
            expectSafe(found, width: width)
        }
    }
}
