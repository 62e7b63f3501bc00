import FettleCore
import FettleEvaluation
import FettleNotebook
import FettleStore
import FettleWorkbench

/// Shows an evaluation as blocks.
enum EvaluationView {
    /// Classes up to which the confusion matrix is shown whole.
    private static let widestMatrix = 12

    /// Classes up to which each has its line in the table.
    private static let mostClasses = 40

    static func blocks(_ report: EvaluationReport, _ wanted: WantedMetrics) -> [OutputBlock] {
        var title = "\(report.model) on \(report.dataset): \(NumberText.count(report.rows, "row"))"
        if let temperature = report.temperature {
            title += ", at temperature \(NumberText.decimal(temperature, digits: 3))"
        }
        let shown = wanted.shown.compactMap { name in report.metrics.first { $0.name == name } }
        var blocks: [OutputBlock] = [
            .text(title),
            .fields(shown.compactMap { field($0, isNamed: wanted.areNamed) }),
            .text("\n"),
            .table(classes(report, showsAreas: wanted.showsAreas)),
            .text("\n"),
        ]
        blocks += confusion(report.confusion)
        if wanted.showsReliability, let reliability = report.reliability {
            blocks += [.text("\n"), .bars(bars(reliability))]
        }
        if let rejection = report.rejection {
            blocks += [.text("\n"), .table(table(rejection)), .text(sentence(rejection))]
        }
        return blocks
    }

    /// A metric's line; nil for one without a figure, unless it was named.
    private static func field(_ metric: MetricResult, isNamed: Bool) -> OutputBlock.Field? {
        guard let estimate = metric.estimate else {
            return isNamed ? .init(metric.title, "–  (not defined here)") : nil
        }
        func text(_ value: Double) -> String {
            metric.isShare ? NumberText.percent(value) : NumberText.decimal(value, digits: 3)
        }
        var line = text(estimate.value)
        if let interval = estimate.interval {
            line += "  (95 % from \(text(interval.lowerBound)) to \(text(interval.upperBound)))"
        }
        return .init(metric.title, line)
    }

    /// The classes, or of many those that most rows have.
    private static func classes(_ report: EvaluationReport, showsAreas: Bool) -> TextTable {
        var shown = report.perClass
        var footer: String?
        if shown.count > mostClasses {
            let order = shown.indices.sorted { (-shown[$0].support, $0) < (-shown[$1].support, $1) }
            let places = order.prefix(20).sorted()
            footer =
                "the \(places.count) largest of \(NumberText.count(shown.count, "class", plural: "classes"))"
            shown = places.map { report.perClass[$0] }
        }
        var table = TextTable(
            columns: [
                .init("class"), .init("precision", .right), .init("recall", .right),
                .init("F1", .right), .init("rows", .right),
            ],
            rows: shown.map { score in
                [
                    .text(score.label),
                    .number(score.precision, NumberText.percent(score.precision)),
                    .number(score.recall, NumberText.percent(score.recall)),
                    .number(score.f1, NumberText.percent(score.f1)),
                    .text(NumberText.count(score.support)),
                ]
            },
            footer: footer
        )
        guard showsAreas else { return table }
        table.columns += [.init("AUROC", .right), .init("AUPRC", .right)]
        for (place, score) in shown.enumerated() {
            table.rows[place] += [score.areas?.roc, score.areas?.precisionRecall].map { area in
                area.map { .number($0, NumberText.decimal($0, digits: 3)) } ?? .blank
            }
        }
        return table
    }

    /// How often the model is right, a bar for each stretch of how sure it is.
    private static func bars(_ reliability: Reliability) -> BarChart {
        BarChart(
            title: "Right, by how sure the model is:",
            bars: reliability.bins.map { bin in
                let low = NumberText.decimal(bin.low * 100, digits: 0)
                let accuracy = NumberText.percent(bin.accuracy)
                return .init(
                    "\(low)–\(NumberText.percent(bin.high, digits: 0))",
                    bin.accuracy,
                    "\(accuracy) right, \(NumberText.percent(bin.confidence)) sure, "
                        + NumberText.count(bin.rows, "row")
                )
            }
        )
    }

    static func table(_ rejection: RejectionCurve) -> TextTable {
        TextTable(
            columns: [
                .init("surer than", .right), .init("rows", .right), .init("answered", .right),
                .init("right", .right), .init("95 % from", .right), .init("to", .right),
            ],
            rows: rejection.points.map { point in
                func cell(_ value: Double?) -> TextTable.Cell {
                    value.map { .number($0, NumberText.percent($0)) } ?? .blank
                }
                return [
                    .number(point.surerThan, NumberText.decimal(point.surerThan, digits: 2)),
                    .number(Double(point.answered), NumberText.count(point.answered)),
                    cell(point.share.value), cell(point.accuracy?.value),
                    cell(point.accuracy?.interval?.lowerBound),
                    cell(point.accuracy?.interval?.upperBound),
                ]
            }
        )
    }

    /// The curve's point at 0.9, or at the highest bound that leaves an answer when that leaves none.
    private static func sentence(_ rejection: RejectionCurve) -> String {
        let answering = rejection.points.filter { $0.accuracy != nil && $0.surerThan <= 0.9 }
        guard let point = answering.last, let accuracy = point.accuracy else { return "" }
        return "answer only when surer than \(JSONValue.text(of: point.surerThan)): "
            + "\(NumberText.percent(point.share.value)) answered, "
            + "\(NumberText.percent(accuracy.value)) right"
    }

    /// The matrix, or for many classes the commonest confusions.
    private static func confusion(_ matrix: ConfusionMatrix) -> [OutputBlock] {
        if matrix.labels.count <= widestMatrix {
            return [
                .table(
                    TextTable(
                        columns: [.init("true \\ predicted")]
                            + matrix.labels.map { .init($0, .right) },
                        rows: zip(matrix.labels, matrix.counts).map { label, counts in
                            [.text(label)] + counts.map { .text(NumberText.count($0)) }
                        }
                    )
                )
            ]
        }
        var pairs: [(truth: Int, predicted: Int, count: Int)] = []
        for (truth, counts) in matrix.counts.enumerated() {
            for (predicted, count) in counts.enumerated() where predicted != truth && count > 0 {
                pairs.append((truth, predicted, count))
            }
        }
        pairs.sort { (-$0.count, $0.truth, $0.predicted) < (-$1.count, $1.truth, $1.predicted) }
        let shown = pairs.prefix(10)
        return [
            .table(
                TextTable(
                    columns: [.init("true"), .init("predicted"), .init("rows", .right)],
                    rows: shown.map { pair in
                        [
                            .text(matrix.labels[pair.truth]), .text(matrix.labels[pair.predicted]),
                            .text(NumberText.count(pair.count)),
                        ]
                    },
                    footer:
                        "the \(shown.count) commonest of \(NumberText.count(pairs.count, "confusion"))"
                )
            )
        ]
    }
}
