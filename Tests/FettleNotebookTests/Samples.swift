import FettleNotebook

/// Blocks that have something hard in them, shared by the tests of renderers and forms.
enum Samples {
    static let reviews = TextTable(
        columns: [
            .init("row", .right), .init("stars", .right), .init("language"), .init("review_title"),
            .init("review_body"),
        ],
        rows: [
            [
                .number(1, "1"), .text("5"), .text("en"), .text("Great dress"),
                .text(
                    "I love this dress. It fits\nperfectly and the fabric is soft; I bought "
                        + "two more for my sisters."
                ),
            ],
            [
                .number(12_910, "12,910"), .text("1"), .text("ja"), .text("すぐに壊れました"),
                .text("届いた日に壊れました。返品したいのですが連絡がつきません。とても残念です。"),
            ],
            [.number(3, "3"), .null, .text(""), .missing, .text("a | b \u{1B}[31mred\u{7} 👍🏽")],
        ],
        footer: "3 of 12,910 rows"
    )

    static let figures = TextTable(
        columns: [.init(""), .init("exact", .right), .init("macro F1", .right)],
        rows: [
            [.text("first"), .number(0.631, "63.1 %"), .number(0.58, "0.58")],
            [.text("second"), .number(0.6423, "64.2 %"), .null],
        ]
    )

    static let fields: OutputBlock = .fields([
        .init("model", "ngram:ft-personal-2026-11-22-10-30-00"),
        .init("prompt", "Great dress\n\nI love this dress and I wear it every day.\n\n###\n\n"),
        .init("出典", "reviews.jsonl"),
        .init("empty", ""),
    ])

    static let bars: OutputBlock = .bars(
        BarChart(
            title: "class balance",
            bars: [
                .init("5 stars", 7000, "7,000  54.2 %"),
                .init("4 stars", 2907, "2,907  22.5 %"),
                .init("3", 1499, "1,499  11.6 %"),
                .init("二つ星", 1, "1  0.0 %"),
                .init("1", 0, "0  0.0 %"),
                .init("odd", .nan, "not a number"),
            ]
        )
    )

    static let blocks: [OutputBlock] = [
        .text("one\ttab\nred \u{1B}[31m and \u{202E}turned\r\nend\n"),
        .note("2 rows were left out because their column 'stars' is null; 'rows where' shows them"),
        .warning("12 rows have contradictory labels"),
        .table(reviews),
        .table(figures),
        fields,
        bars,
    ]
}
