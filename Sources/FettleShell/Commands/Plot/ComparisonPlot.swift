import FettleCore
import FettleEvaluation
import FettleNotebook
import FettleStore
import FettleWorkbench

/// Models with their accuracies, and their differences from the first.
enum ComparisonPlot: PlotKind {
    static let name = "comparison"
    static let synonyms = ["compare", "difference", "models"]
    static let summary = "models' accuracies and their differences from the first, with intervals"
    static let names = 2...50

    static func draw(
        _ request: PlotRequest,
        in session: Session,
        _ context: Context
    ) async throws -> (plot: Plot, remarks: [OutputBlock]) {
        let source = try session.dataset(request.dataset)
        let models = ModelsToCompare(words: request.names, seed: request.seed)
        let (comparison, tuned, _) = try models.judge(on: source, context.services)
        let verdicts = comparison.pairs.map { pair in
            OutputBlock.text("\(pair.second) against \(pair.first): \(pair.verdict)")
        }
        let remarks = verdicts + session.learntRows(of: tuned, on: source)
        return (plot(comparison), remarks)
    }

    private static func plot(_ comparison: FettleEvaluation.Comparison) -> Plot {
        let accuracies = comparison.models.map { model -> Plot.Interval in
            let interval = model.accuracy.interval
            return .init(
                model.name,
                model.accuracy.value,
                low: interval?.lowerBound ?? .nan,
                high: interval?.upperBound ?? .nan,
                NumberText.percent(model.accuracy.value)
            )
        }
        let differences = comparison.pairs.map { pair -> Plot.Interval in
            let bootstrap = pair.bootstrap
            return .init(
                pair.second,
                (bootstrap?.difference ?? .nan) * 100,
                low: (bootstrap?.interval.lowerBound ?? .nan) * 100,
                high: (bootstrap?.interval.upperBound ?? .nan) * 100,
                bootstrap.map { NumberText.points($0.difference) } ?? "–"
            )
        }
        return Plot(
            "\(comparison.dataset): \(NumberText.count(comparison.rows, "row")), with 95 % intervals",
            [
                .init(
                    x: .init("exact", isShare: true),
                    y: .init(""),
                    .intervals(accuracies)
                ),
                .init(
                    "against \(comparison.models[0].name)",
                    x: .init("difference (percentage points)", holdsZero: true),
                    y: .init(""),
                    .intervals(differences)
                ),
            ],
            figures: ComparisonView.tables(comparison).map { .init($0) }
        )
    }
}
