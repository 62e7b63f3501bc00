import FettleCore
import FettleEvaluation
import FettleNotebook
import FettleStore
import FettleWorkbench

/// How often each class is taken for each other.
enum ConfusionPlot: PlotKind {
    static let name = "confusion"
    static let synonyms = ["matrix", "heatmap", "mistakes"]
    static let summary = "how often a model takes each class for each other"
    static let names = 1...1

    static func draw(
        _ request: PlotRequest,
        in session: Session,
        _ context: Context
    ) async throws -> (plot: Plot, remarks: [OutputBlock]) {
        let (scores, model, source) = try request.scored(in: session, context)
        let report = try EvaluationReport(
            model: model.displayName,
            dataset: source.name,
            scores: scores,
            seconds: 0
        )
        let remarks = session.learntRows(of: [model], on: source)
        return (plot(report, top: request.top), remarks)
    }

    private static func plot(_ report: EvaluationReport, top: Int) -> Plot {
        let whole = report.confusion
        let matrix = Plot.Matrix(labels: whole.labels, counts: whole.counts)
        let pairs = whole.counts.enumerated().flatMap { truth, row in
            row.enumerated().compactMap { predicted, count -> [TextTable.Cell]? in
                guard count > 0 else { return nil }
                return [
                    .text(whole.labels[truth]), .text(whole.labels[predicted]),
                    .number(Double(count), NumberText.count(count)),
                ]
            }
        }
        let accuracy = report["accuracy"].map { ", \(NumberText.percent($0.value)) right" } ?? ""
        return Plot(
            "\(report.model) on \(report.dataset): \(NumberText.count(report.rows, "row"))\(accuracy)",
            [
                .init(
                    x: .init("predicted class"),
                    y: .init("true class"),
                    .matrix(matrix.folded(to: top))
                )
            ],
            figures: [
                .init(
                    TextTable(
                        columns: [.init("true"), .init("predicted"), .init("rows", .right)],
                        rows: pairs
                    )
                )
            ]
        )
    }
}
