import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Jobs: Command {
    static let action = Option<ArgumentWord>.word(
        "action",
        required: false,
        kind: .choice(["clean"]),
        default: "list",
        help: "clean: remove the checkpoints of cancelled and failed jobs"
    )

    static let declaration = CommandDeclaration(
        "jobs",
        group: .train,
        summary: "list the training jobs of the workspace",
        details: """
            A job whose process ended is 'interrupted'; 'resume' goes on from its checkpoint. A checkpoint goes
            when its job has succeeded; those of cancelled and failed jobs stay, so that these can be resumed,
            until 'jobs clean'.
            """,
        parameters: [action.parameter],
        effect: .none,
        examples: [
            .init("jobs", "numbers, states and models"),
            .init("jobs > jobs.csv", "the same as a file"),
            .init("jobs clean", "give the disk space of cancelled and failed jobs back"),
        ]
    )

    private let isCleaning: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        let action = try arguments.value(Self.action)
        if let action, action.text != "clean" {
            throw expected("clean, or nothing for the list", action, for: "action").hinting(
                didYouMean(action.text, among: ["clean"])
                    ?? "'job \(action.text)' shows one job"
            )
        }
        isCleaning = action != nil
    }

    private func clean(_ workspace: Workspace) throws -> CommandOutput {
        let numbers = try workspace.removeOldCheckpoints()
        guard !numbers.isEmpty else {
            return CommandOutput(blocks: [.note("no cancelled or failed job has a checkpoint")])
        }
        let jobs = numbers.map(String.init).joined(separator: ", ")
        return CommandOutput(blocks: [
            .text("removed what these jobs could have been resumed from: \(jobs)")
        ])
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        if isCleaning { return try clean(context.services.workspace) }
        let jobs = try context.services.workspace.jobs()
        guard !jobs.isEmpty else {
            return CommandOutput(blocks: [
                .note("no job was started: tune ngram on DATASET as NAME")
            ])
        }
        let models = try context.services.models.models()
        let names = Dictionary(uniqueKeysWithValues: models.map { ($0.id, $0.displayName) })
        let table = TextTable(
            columns: [
                .init("#", .right), .init("status"), .init("base"), .init("tuned on"),
                .init("model"),
            ],
            rows: jobs.map { job in
                [
                    .text(String(job.number)),
                    .text(JobView.status(of: job, context.services)),
                    .text(names[job.record.base] ?? job.record.base),
                    .text(job.record.dataset),
                    .text(job.record.name ?? job.model ?? ""),
                ]
            }
        )
        return CommandOutput(blocks: [.table(table)])
    }
}
