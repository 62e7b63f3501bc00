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

    static let theme = PlotTheme.setting

    static let declaration = CommandDeclaration(
        "curve",
        group: .train,
        summary: "draw the loss and accuracy of training jobs by step",
        details: """
            Loss and accuracy of training are means over the steps since the point before; those of validation
            are the last measured. Several jobs are drawn over each other. '> FILE.svg' and '> FILE.png' write
            the picture, '> FILE.csv' the figures of the first job; a pipe gets the figures of all.
            """,
        parameters: [jobs.parameter, points.parameter, theme.parameter],
        effect: .none,
        examples: [
            .init("curve stars", "figure 4.6"),
            .init("curve stars again points=5", "two runs, one over the other"),
            .init("curve stars > curve.svg", "the same as a picture"),
        ]
    )

    let jobs: [ArgumentWord]
    let points: Int
    let theme: Plot.Theme

    init(_ arguments: Arguments) throws(Diagnostic) {
        jobs = try arguments.values(Self.jobs)
        points = min(1000, max(1, try arguments.value(Self.points, or: 10)))
        theme = try arguments.value(Self.theme, or: .auto)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let services = context.services
        let stored =
            jobs.isEmpty
            ? [try services.job(nil)]
            : try jobs.map { word throws(Diagnostic) in try services.job(word) }
        var runs: [CurveView.Run] = []
        var blocks: [OutputBlock] = []
        for job in stored {
            let metrics = try services.workspace.store().metrics(ofJob: job.record.id)
            let name = job.record.name ?? job.model ?? job.record.id
            let heading = "job \(job.number) (\(name)), tuned on \(job.record.dataset)"
            guard !metrics.isEmpty else {
                blocks += [.text(heading), .note("no metrics yet")]
                continue
            }
            runs.append(
                CurveView.Run(name, heading, CurvePoint.points(metrics, count: points))
            )
        }
        guard !runs.isEmpty else { return CommandOutput(blocks: blocks) }
        var plot = CurveView.plot(runs)
        plot.theme = theme
        return CommandOutput(blocks: [.plot(plot)] + blocks)
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
