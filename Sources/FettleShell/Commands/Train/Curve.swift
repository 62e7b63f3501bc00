import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Curve: Command {
    static let jobs = Option<ArgumentWord>.words(
        "jobs",
        required: false,
        kind: .model,
        help: "jobs by number, id or model; the latest when left out"
    )
    static let points = Option<Int>.setting(
        "points",
        default: "10",
        unit: "rows",
        help: "how many points of each curve are shown"
    )

    static let declaration = CommandDeclaration(
        "curve",
        group: .train,
        summary: "draw the loss and accuracy of training jobs by step",
        details: """
            Loss and accuracy of training are means over the steps since the point before; those of validation
            are the last measured. '> FILE.csv' writes every row of the metrics instead.
            """,
        parameters: [jobs.parameter, points.parameter],
        effect: .none,
        examples: [
            .init("curve stars", "figure 4.6"),
            .init("curve stars again points=5", "two runs, one under the other"),
        ]
    )

    let jobs: [ArgumentWord]
    let points: Int

    init(_ arguments: Arguments) throws(Diagnostic) {
        jobs = try arguments.values(Self.jobs)
        points = min(1000, max(1, try arguments.value(Self.points, or: 10)))
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let services = context.services
        let stored =
            jobs.isEmpty
            ? [try services.job(nil)]
            : try jobs.map { word throws(Diagnostic) in try services.job(word) }
        var blocks: [OutputBlock] = []
        for job in stored {
            let metrics = try services.workspace.store().metrics(ofJob: job.record.id)
            let name = job.record.name ?? job.model ?? job.record.id
            blocks.append(.text("job \(job.number) (\(name)), tuned on \(job.record.dataset)"))
            guard !metrics.isEmpty else {
                blocks.append(.note("no metrics yet"))
                continue
            }
            blocks += Self.blocks(CurvePoint.points(metrics, count: points))
        }
        return CommandOutput(blocks: blocks)
    }

    private static func blocks(_ points: [CurvePoint]) -> [OutputBlock] {
        let table = TextTable(
            columns: [
                .init("step", .right), .init("examples", .right), .init("loss", .right),
                .init("validation loss", .right), .init("accuracy", .right),
                .init("validation accuracy", .right),
            ],
            rows: points.map { point in
                [
                    .text(NumberText.count(point.step)), .text(NumberText.count(point.examples)),
                    .number(point.trainingLoss, NumberText.decimal(point.trainingLoss, digits: 3)),
                    cell(point.validationLoss) { NumberText.decimal($0, digits: 3) },
                    .number(point.trainingAccuracy, NumberText.percent(point.trainingAccuracy)),
                    cell(point.validationAccuracy) { NumberText.percent($0) },
                ]
            }
        )
        let panels = [
            CurveChart.Panel(
                "loss (nats)",
                [
                    series("training", points) { $0.trainingLoss },
                    series("validation", points, \.validationLoss),
                ]
            ),
            CurveChart.Panel(
                "accuracy",
                [
                    series("training", points) { $0.trainingAccuracy },
                    series("validation", points, \.validationAccuracy),
                ]
            ),
        ]
        let drawn = panels.map { panel in
            CurveChart.Panel(panel.title, panel.series.filter { !$0.points.isEmpty })
        }
        return [.curves(CurveChart(axis: "step", panels: drawn, table: table))]
    }

    private static func series(
        _ name: String,
        _ points: [CurvePoint],
        _ height: (CurvePoint) -> Double?
    ) -> CurveChart.Series {
        CurveChart.Series(
            name,
            points.compactMap { point in height(point).map { .init(Double(point.step), $0) } }
        )
    }

    private static func cell(_ value: Double?, _ shown: (Double) -> String) -> TextTable.Cell {
        value.map { .number($0, shown($0)) } ?? .blank
    }
}

/// A point of a curve: the metrics of a stretch of steps taken together.
struct CurvePoint: Hashable {
    var step: Int
    var examples: Int
    var trainingLoss: Double
    var trainingAccuracy: Double
    var validationLoss: Double?
    var validationAccuracy: Double?

    /// Takes rows of metrics together into at most `count` stretches of about equal length.
    static func points(_ metrics: [TrainingMetrics], count: Int) -> [CurvePoint] {
        let groups = min(count, metrics.count)
        var points: [CurvePoint] = []
        var start = 0
        var before = 0
        for group in 0..<groups {
            let end = metrics.count * (group + 1) / groups
            var (loss, accuracy, examples) = (0.0, 0.0, 0)
            for row in metrics[start..<end] {
                let shown = row.elapsedExamples - before
                loss += row.trainingLoss * Double(shown)
                accuracy += row.trainingAccuracy * Double(shown)
                examples += shown
                before = row.elapsedExamples
            }
            let measured = metrics[start..<end].last { $0.validationLoss != nil }
            points.append(
                CurvePoint(
                    step: metrics[end - 1].step,
                    examples: metrics[end - 1].elapsedExamples,
                    trainingLoss: loss / Double(max(examples, 1)),
                    trainingAccuracy: accuracy / Double(max(examples, 1)),
                    validationLoss: measured?.validationLoss,
                    validationAccuracy: measured?.validationAccuracy
                )
            )
            start = end
        }
        return points
    }
}
