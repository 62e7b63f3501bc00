import FettleNotebook

/// A plot of each kind, shared by the tests of renderers and records.
enum PlotSamples {
    /// The plots by their names, in the order in which they are drawn.
    static let all: [(name: String, plot: Plot)] = [
        ("curves", curves), ("intervals-on-lines", sweep), ("columns", columns),
        ("reliability", reliability), ("bars", bars), ("comparison", comparison),
        ("matrix-5", matrix(5)), ("matrix-31", matrix(31)), ("parallel", parallel),
    ]

    static let none = [Plot.Figures(TextTable(columns: [.init("n")], rows: [[.text("1")]]))]

    static let curves = Plot(
        "Loss of once and more by step",
        [
            .init(
                x: .init("step"),
                y: .init("loss (nats)"),
                .series(
                    ["once", "more"].enumerated().flatMap { number, run in
                        let scale = Double(number + 1)
                        return [
                            Plot.Series(
                                "training",
                                group: run,
                                (1...10).map {
                                    .init(Double($0) * 350 * scale, (0.6 + 1 / Double($0)) / scale)
                                }
                            ),
                            Plot.Series(
                                "validation",
                                group: run,
                                [.init(1750 * scale, 1.1), .init(3500 * scale, 0.98)]
                            ),
                        ]
                    }
                )
            )
        ],
        figures: none
    )

    static let sweep = Plot(
        "Accuracy by learning rate",
        [
            .init(
                x: .init("learning rate"),
                y: .init("exact", isShare: true),
                .series([
                    .init(
                        "exact",
                        (1...5).map { step in
                            let value = 0.66 - 0.01 * Double((step - 3) * (step - 3))
                            let rate = Double(step) / 10
                            return .init(rate, value, low: value - 0.045, high: value + 0.04)
                        }
                    )
                ])
            )
        ],
        figures: none
    )

    static let columns: Plot = {
        var series = Plot.Series(
            "texts",
            style: .columns,
            [1020, 2031, 1012, 300, 40, 2].enumerated().map {
                .init(Double($0) * 100 + 50, Double($1))
            }
        )
        series.width = 100
        return Plot(
            "reviews: lengths of texts",
            [.init(x: .init("characters"), y: .init("rows", holdsZero: true), .series([series]))],
            figures: none
        )
    }()

    static let reliability = Plot(
        "stars on reviews.test",
        [
            .init(
                x: .init("how sure it is", isShare: true, low: 0, high: 1),
                y: .init("right", isShare: true, low: 0, high: 1),
                .series([
                    .init(
                        "right",
                        style: .points,
                        [
                            .init(0.27, 0.33, low: 0.15, high: 0.58),
                            .init(0.55, 0.65, low: 0.55, high: 0.73),
                            .init(0.93, 0.75, low: 0.47, high: 0.91),
                        ]
                    ),
                    .init("as often as sure", style: .reference, [.init(0, 0), .init(1, 1)]),
                ])
            )
        ],
        figures: none
    )

    static let bars = Plot(
        "reviews: 4,405 rows by product_category",
        [
            .init(
                x: .init("rows"),
                y: .init("product_category"),
                .bars([
                    .init("home", 625, "625 (14.2 %)"),
                    .init("digital_ebook_purchase", 86, "86 (2.0 %)"),
                    .init("衣料品", 12, "12 (0.3 %)"), .init("none", 0, "0"),
                    .init("odd", .nan, "not a number"),
                ])
            )
        ],
        figures: none
    )

    static let comparison = Plot(
        "reviews.test: 440 rows, with 95 % intervals",
        [
            .init(
                x: .init("exact", isShare: true),
                y: .init(""),
                .intervals([
                    .init("once", 0.657, low: 0.611, high: 0.7, "65.7 %"),
                    .init("more", 0.641, low: 0.595, high: 0.684, "64.1 %"),
                ])
            ),
            .init(
                "against once",
                x: .init("difference (percentage points)", holdsZero: true),
                y: .init(""),
                .intervals([.init("more", -1.6, low: -3.9, high: 0.7, "-1.6 points")])
            ),
        ],
        figures: none
    )

    /// A matrix of classes of which most rows are right, some the next class, and some the first.
    static func matrix(_ count: Int) -> Plot {
        let counts = (0..<count).map { row in
            (0..<count).map { column in
                row == column ? 10 + row * 3 : column == row + 1 ? 4 : column == 0 ? row % 3 : 0
            }
        }
        return Plot(
            "stars on reviews.test",
            [
                .init(
                    x: .init("predicted class"),
                    y: .init("true class"),
                    .matrix(.init(labels: (1...count).map { "class \($0)" }, counts: counts))
                )
            ],
            figures: none
        )
    }

    static let parallel = Plot(
        "12 runs",
        [
            .init(
                x: .init(""),
                y: .init(""),
                .parallel(
                    .init(
                        axes: [
                            .init("rate", low: "0.1", high: "2.0"),
                            .init("epochs", low: "1", high: "8"),
                            .init("dropout", low: "0.0", high: "0.5"),
                            .init("exact", low: "58.1 %", high: "66.0 %"),
                        ],
                        lines: (0..<12).map { run in
                            let parts = [run % 3, run % 4, run % 2]
                            let heights = zip(parts, [2.0, 3, 1]).map { Double($0) / $1 }
                            return .init(
                                "run \(run + 1)",
                                heights + [Double(run * 7 % 12) / 11],
                                isMarked: run * 7 % 12 == 11
                            )
                        }
                    )
                )
            )
        ],
        figures: none
    )
}
