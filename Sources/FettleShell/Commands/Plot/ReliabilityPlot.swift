import FettleCore
import FettleEvaluation
import FettleNotebook
import FettleStore
import FettleWorkbench

/// How often a model is right where it is so and so sure.
enum ReliabilityPlot: PlotKind {
    static let name = "reliability"
    static let synonyms = ["calibration", "confidence"]
    static let summary = "how often a model is right, by how sure it is"
    static let names = 1...1

    static func draw(
        _ request: PlotRequest,
        in session: Session,
        _ context: Context
    ) async throws -> (plot: Plot, remarks: [OutputBlock]) {
        let (scores, model, source) = try request.scored(in: session, context)
        let title = "\(model.displayName) on \(source.name)"
        return (
            plot(Reliability(scores), title: title, rows: scores.rows),
            session.learntRows(of: [model], on: source)
        )
    }

    private static func plot(_ reliability: Reliability, title: String, rows: Int) -> Plot {
        let share = Plot.Axis("how sure it is", isShare: true, low: 0, high: 1)
        let points = reliability.bins.map { bin -> Plot.Series.Point in
            let interval = interval(bin)
            return .init(
                bin.confidence,
                bin.accuracy,
                low: interval.lowerBound,
                high: interval.upperBound
            )
        }
        var counts = Plot.Series(
            "rows",
            style: .columns,
            reliability.bins.map { .init(($0.low + $0.high) / 2, Double($0.rows)) }
        )
        counts.width = 0.1
        let error = reliability.error.map { NumberText.percent($0) } ?? "–"
        return Plot(
            "\(title): \(NumberText.count(rows, "row")), calibration error \(error)",
            [
                .init(
                    x: share,
                    y: .init("right", isShare: true, low: 0, high: 1),
                    .series([
                        .init("right, with 95 % interval", style: .points, points),
                        .init("as often as sure", style: .reference, [.init(0, 0), .init(1, 1)]),
                    ])
                ),
                .init(x: share, y: .init("rows", holdsZero: true), .series([counts])),
            ],
            figures: [.init(table(reliability))]
        )
    }

    private static func interval(_ bin: Reliability.Bin) -> ClosedRange<Double> {
        let right = Int((bin.accuracy * Double(bin.rows)).rounded())
        return wilsonInterval(successes: right, trials: bin.rows)
    }

    private static func table(_ reliability: Reliability) -> TextTable {
        TextTable(
            columns: ["surer than", "up to", "rows", "sure", "right", "95 % from", "to"]
                .map { .init($0, .right) },
            rows: reliability.bins.map { bin in
                let interval = interval(bin)
                let figures = [
                    bin.confidence, bin.accuracy, interval.lowerBound, interval.upperBound,
                ]
                return [
                    .number(bin.low, NumberText.percent(bin.low, digits: 0)),
                    .number(bin.high, NumberText.percent(bin.high, digits: 0)),
                    .number(Double(bin.rows), NumberText.count(bin.rows)),
                ] + figures.map { .number($0, NumberText.percent($0)) }
            }
        )
    }
}
