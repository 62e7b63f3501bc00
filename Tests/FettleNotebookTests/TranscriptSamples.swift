import FettleNotebook

extension Samples {
    static let curves: OutputBlock = .plot(
        Plot(
            "Loss and accuracy by step",
            [
                .init(
                    x: .init("step"),
                    y: .init("loss (nats)"),
                    .series([
                        .init("training", [.init(1, 1.5), .init(2, 0.75), .init(3, .nan)]),
                        .init("<validation>", [.init(3, 0.5, low: 0.4, high: .infinity)]),
                    ])
                ),
                .init("accuracy", x: .init("step"), y: .init("accuracy"), .series([])),
            ],
            figures: [.init(figures, heading: "the run")]
        )
    )

    /// What a page must show and not do.
    static let hostile = """
        <script>document.title = "taken"</script><img src=x onerror="document.title='taken'">]]>--></pre>
        \u{1B}[31mred\u{7} "quoted" 'single' &amp; \u{202E}turned
        """

    static let transcript = Transcript(
        title: "A <b>walk</b>",
        subtitle: "2026-01-01 (UTC), 4 commands",
        cells: [
            .prose("## Look at `reviews`\n\n- **first**\n- second\n\n\(hostile)"),
            .command(
                .init(
                    number: 1,
                    source: "where note ~ \"<script>\" and stars > 3 # \(hostile)",
                    blocks: blocks + [curves, .data("{\"a\": 1}\n"), .text(hostile)],
                    duration: 1250
                )
            ),
            .command(
                .init(
                    number: 2,
                    source: "let text = \"\"\"\n```\n\"\"\"",
                    blocks: [
                        .table(
                            TextTable(
                                columns: [.init(hostile), .init("n", .right)],
                                rows: [[.text(hostile), .number(7, "7")], [.null, .missing]]
                            )
                        ), .bars(BarChart(title: hostile, bars: [.init(hostile, 3, hostile)])),
                    ]
                )
            ),
            .command(
                .init(
                    number: 3,
                    source: "rows nonsense",
                    failure: .init(
                        code: "unknown-dataset",
                        message: "no dataset \(hostile)",
                        text: "error[unknown-dataset]: no dataset\n  hint: \(hostile)\n"
                    ),
                    outcome: .failed,
                    duration: 61_000
                )
            ),
            .command(.init(number: 4, source: "evaluate m", outcome: .cancelled)),
        ]
    )
}
