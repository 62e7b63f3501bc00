import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Jobs: Command {
    static let declaration = CommandDeclaration(
        "jobs",
        group: .train,
        summary: "list the training jobs of the workspace",
        details:
            "A job whose process was killed is 'interrupted'; 'resume' goes on from its checkpoint.",
        effect: .none,
        examples: [
            .init("jobs", "numbers, states and models"),
            .init("jobs > jobs.csv", "the same as a file"),
        ]
    )

    init(_ arguments: Arguments) throws(Diagnostic) {}

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let jobs = try context.services.workspace.jobs()
        guard !jobs.isEmpty else {
            return CommandOutput(blocks: [
                .note("no job was started: tune ngram on DATASET as NAME")
            ])
        }
        let table = TextTable(
            columns: [
                .init("#", .right), .init("status"), .init("base"), .init("tuned on"),
                .init("model"),
            ],
            rows: jobs.map { job in
                [
                    .text(String(job.number)),
                    .text(JobView.status(of: job, context.services.jobs)),
                    .text(job.record.base),
                    .text(job.record.dataset),
                    .text(job.record.name ?? job.model ?? ""),
                ]
            }
        )
        return CommandOutput(blocks: [.table(table)])
    }
}

/// Shows jobs as text.
enum JobView {
    /// Returns the status, for a running job with its share of steps.
    static func status(of job: StoredJob, _ center: JobCenter) -> String {
        guard job.record.status == .running, let latest = center.latest(of: job.record.id) else {
            return job.record.status.rawValue
        }
        guard let latest, latest.totalSteps > 0 else { return "running" }
        return
            "running \(NumberText.percent(Double(latest.step) / Double(latest.totalSteps), digits: 0))"
    }

    /// Returns the line that says how a job ended.
    static func ending(of job: StoredJob) -> String {
        let name = job.record.name ?? job.model ?? job.record.id
        return switch job.record.status {
        case .succeeded: "job \(job.number) succeeded: \(name)"
        case .failed: "job \(job.number) failed: \(job.error ?? "")"
        case .interrupted:
            "job \(job.number) was interrupted; 'resume \(job.number)' goes on from its checkpoint"
        default: "job \(job.number) \(job.record.status.rawValue)"
        }
    }
}
