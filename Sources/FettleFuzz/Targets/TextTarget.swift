import FettleCore
import FettleNotebook
import FettleShell

/// What is drawn and what is stored of untrusted text: no control reaches a terminal, no secret a record.
struct TextTarget: FuzzTarget {
    let name = "text"
    private let mutation = Mutation([
        "\u{1B}[31m", "\u{1B}]8;;http://x\u{7}", "\u{1B}]52;c;aGk=\u{7}", "\u{9B}2J", "\u{7}",
        "\u{8}", "\r", "\n", "\t", "\u{202E}", "\u{2066}", "\u{200B}", "\u{200D}", "\u{FEFF}", "é",
        "日本", "👩‍👩‍👧", "word", " ", "|", "api_key=", "password=", "token: ", "Bearer ", "hf_", "sk-",
        "://", "@", "\"", "'", "\\", "<<E", "\"\"\"", "key", "secret", "_", "-", "=", "where ",
        "; ",
        "--password ", "{{", "$",
    ])

    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        mutation.soup(&generator, atMost: generator.below(200) == 0 ? 3000 : 25)
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        let text = String(decoding: input, as: UTF8.self)
        try requireSafe(Sanitizer.line(text), lines: false)
        try requireSafe(Sanitizer.block(text), lines: true)
        let width = 12 + generator.below(90)
        let table = TextTable(
            columns: [.init(text), .init("n", .right)],
            rows: [[.text(text), .text("1")]],
            footer: text
        )
        let blocks: [OutputBlock] = [
            .text(text), .note(text), .warning(text), .table(table), .fields([.init(text, text)]),
            .bars(BarChart(title: text, bars: [.init(text, 0.5, text)])), .plot(plot(text)),
        ]
        try requireSafe(PlainRenderer(width: width).render(blocks), lines: true)
        try requireSafe(TerminalRenderer(width: width, colour: false).render(blocks), lines: true)
        let diagnostic = Diagnostic("x", text, span: SourceSpan(0, 3), hint: text)
        try requireSafe(
            DiagnosticRenderer(width: width, colour: false).render(diagnostic),
            lines: true
        )
        return try checkSecret(text, &generator)
    }

    /// A plot of every kind of frame, each text of which is this one.
    private func plot(_ text: String) -> Plot {
        let axis = Plot.Axis(text)
        let series = Plot.Series(text, [.init(0, 1), .init(1, 0, low: -1, high: 2)])
        let run = Plot.Parallel.Line(text, [0, 1], isMarked: true)
        let sides = [text, "b"].map { Plot.Parallel.Axis($0, low: text, high: text) }
        let contents: [Plot.Content] = [
            .series([series]), .bars([.init(text, 1, text)]),
            .intervals([.init(text, 1, low: 0, high: 2, text)]),
            .matrix(.init(labels: [text, "b"], counts: [[1, 2], [3, 4]])),
            .parallel(.init(axes: sides, lines: [run])),
        ]
        return Plot(text, contents.map { .init(text, x: axis, y: axis, $0) }, figures: [])
    }

    private func requireSafe(_ drawn: String, lines: Bool) throws(FuzzFinding) {
        for scalar in drawn.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            let isBidirectional =
                (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            guard isControl || isBidirectional else { continue }
            try require(
                lines && (scalar == "\n" || scalar == "\t"),
                "U+\(String(scalar.value, radix: 16)) is drawn"
            )
        }
    }

    /// A key within any text is gone from what is stored, and taking it out twice changes nothing.
    private func checkSecret(_ text: String, _ generator: inout SeededGenerator) throws -> Bool {
        let secret = "sk-" + (0..<20).map { _ in Array("abcXYZ0189").any(&generator) }
        let stored = Shell.withoutSecrets("\(text) \(secret) \(text)")
        try require(!stored.contains(secret), "the key is kept")
        try require(Shell.withoutSecrets(stored).utf8.count > 0, "nothing is left")
        return stored.contains("‹secret›")
    }
}
