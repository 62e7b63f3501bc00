import FettleCore
import FettleEvaluation
import FettleNotebook
import FettleStore
import FettleWorkbench

/// Shows an evaluation as blocks.
enum EvaluationView {
    /// Classes up to which the confusion matrix is shown whole.
    private static let widestMatrix = 12

    static func blocks(_ report: EvaluationReport) -> [OutputBlock] {
        var blocks: [OutputBlock] = [
            .text("\(report.model) on \(report.dataset): \(NumberText.count(report.rows, "row"))"),
            .fields(report.metrics.compactMap(field)),
            .text("\n"),
            .table(classes(report)),
            .text("\n"),
        ]
        blocks += confusion(report.confusion)
        return blocks
    }

    /// Warns of models that were tuned on the very rows that they are judged on.
    static func trainingRows(_ models: [ModelRecord], _ dataset: Dataset) -> [OutputBlock] {
        let fingerprint = dataset.fingerprint
        return models.filter { $0.datasetFingerprint == fingerprint }.map { model in
            .warning(
                "'\(model.displayName)' was tuned on '\(dataset.name)': the figures say how well it "
                    + "remembers, not how well it does on new rows"
            )
        }
    }

    private static func field(_ metric: MetricResult) -> OutputBlock.Field? {
        guard let estimate = metric.estimate else { return nil }
        let isFraction = metric.name != "log_loss" && metric.name != "mean_absolute_error"
        guard isFraction else {
            return .init(metric.title, NumberText.decimal(estimate.value, digits: 3))
        }
        var text = NumberText.percent(estimate.value)
        if let interval = estimate.interval {
            let low = NumberText.percent(interval.lowerBound)
            text += "  (95 % from \(low) to \(NumberText.percent(interval.upperBound)))"
        }
        return .init(metric.title, text)
    }

    private static func classes(_ report: EvaluationReport) -> TextTable {
        TextTable(
            columns: [
                .init("class"), .init("precision", .right), .init("recall", .right),
                .init("F1", .right), .init("rows", .right),
            ],
            rows: report.perClass.map { score in
                [
                    .text(score.label),
                    .number(score.precision, NumberText.percent(score.precision)),
                    .number(score.recall, NumberText.percent(score.recall)),
                    .number(score.f1, NumberText.percent(score.f1)),
                    .text(NumberText.count(score.support)),
                ]
            }
        )
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
