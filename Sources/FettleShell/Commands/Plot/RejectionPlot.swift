import FettleCore
import FettleEvaluation
import FettleNotebook
import FettleStore
import FettleWorkbench

/// How much of a model's answers is right when only sure ones count.
enum RejectionPlot: PlotKind {
    static let name = "rejection"
    static let synonyms = ["abstention", "coverage", "threshold"]
    static let summary = "how much is answered, and right, when only sure answers count"
    static let names = 1...1

    static func draw(
        _ request: PlotRequest,
        in session: Session,
        _ context: Context
    ) async throws -> (plot: Plot, remarks: [OutputBlock]) {
        let (scores, model, source) = try request.scored(in: session, context)
        let curve = RejectionCurve(scores)
        let points = curve.points.compactMap { point -> Plot.Series.Point? in
            guard let accuracy = point.accuracy else { return nil }
            return .init(
                point.share.value,
                accuracy.value,
                low: accuracy.interval?.lowerBound,
                high: accuracy.interval?.upperBound
            )
        }
        let rows = NumberText.count(scores.rows, "row")
        let plot = Plot(
            "\(model.displayName) on \(source.name): \(rows), answered only when sure",
            [
                .init(
                    x: .init("answered, of all rows", isShare: true, low: 0, high: 1),
                    y: .init("right, of the answered", isShare: true),
                    .series([.init("right", points.sorted { $0.x < $1.x })])
                )
            ],
            figures: [.init(EvaluationView.table(curve))]
        )
        return (plot, session.learntRows(of: [model], on: source))
    }
}
