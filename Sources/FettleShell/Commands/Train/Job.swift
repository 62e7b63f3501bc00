import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct JobCommand: Command {
    static let declaration = CommandDeclaration(
        "job",
        group: .train,
        summary: "show one training job: state, settings, and the last metrics",
        parameters: [JobOptions.job.parameter],
        effect: .none,
        examples: [
            .init("job", "the latest"),
            .init("job 1", "the first of the workspace"),
        ]
    )

    let job: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        job = try arguments.value(JobOptions.job)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let job = try context.services.job(job)
        let store = try context.services.workspace.store()
        var fields: [OutputBlock.Field] = [
            .init("job", "\(job.number) (\(job.record.id))"),
            .init("status", JobView.status(of: job, context.services)),
            .init("base", job.record.base),
            .init("tuned on", job.record.dataset),
            .init("validation", job.record.validation ?? "–"),
            .init("model", job.model ?? "–"),
        ]
        fields += job.record.settings.map { .init($0.name, $0.value) }
        if let last = try store.metrics(ofJob: job.record.id).last {
            fields += [
                .init(
                    "step",
                    "\(NumberText.count(last.step)) of \(NumberText.count(last.totalSteps))"
                ),
                .init("examples", NumberText.count(last.elapsedExamples)),
                .init("training loss", NumberText.decimal(last.trainingLoss, digits: 3)),
            ]
            if let loss = last.validationLoss {
                fields.append(.init("validation loss", NumberText.decimal(loss, digits: 3)))
            }
            if let accuracy = last.validationAccuracy {
                fields.append(.init("validation accuracy", NumberText.percent(accuracy)))
            }
        }
        if let error = job.error { fields.append(.init("error", error)) }
        return CommandOutput(
            blocks: [.fields(fields)],
            value: .object(fields.map { .init($0.label, .string($0.value)) })
        )
    }
}

struct Events: Command {
    static let verbose = Option<Bool>.flag(
        "verbose",
        help: "also what the job's program wrote on its cluster, such as the traceback of an error"
    )
    /// Lines of a cluster's program that are shown, the last ones.
    private static let mostLines = 400

    static let declaration = CommandDeclaration(
        "events",
        group: .train,
        summary: "list the messages of a training job",
        parameters: [JobOptions.job.parameter, verbose.parameter],
        effect: .none,
        examples: [
            .init("events", "of the latest job"),
            .init("events 1", "of the first"),
        ]
    )

    let job: ArgumentWord?
    let isVerbose: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        job = try arguments.value(JobOptions.job)
        isVerbose = arguments.has(Self.verbose)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let job = try context.services.job(job)
        let events = try context.services.workspace.store().events(ofJob: job.record.id)
        let table = TextTable(
            columns: [.init("at (UTC)"), .init(""), .init("message")],
            rows: events.map { event in
                [
                    .text(WorkClock.stamp(of: event.at)),
                    event.level == "info" ? .blank : .text(event.level), .text(event.message),
                ]
            }
        )
        // On the screen a message is shown whole, however long; the table is for files and pipes.
        guard !context.isPiped else { return CommandOutput(blocks: [.table(table)]) }
        let fields = events.map { event in
            OutputBlock.Field(
                WorkClock.stamp(of: event.at),
                (event.level == "info" ? "" : event.level + ": ") + event.message
            )
        }
        return CommandOutput(blocks: [.fields(fields)] + (try written(by: job, context)))
    }

    /// What the job's program wrote on its cluster.
    private func written(by job: StoredJob, _ context: Context) throws -> [OutputBlock] {
        guard isVerbose else { return [] }
        guard let lines = try ClusterLibrary(context.services.workspace).lines(of: job) else {
            return [.note("the job has written nothing elsewhere: it is one of this machine")]
        }
        guard !lines.isEmpty else { return [.note("its program wrote nothing but events")] }
        let shown = lines.suffix(Self.mostLines)
        let left = lines.count - shown.count
        return (left > 0 ? [.note("\(NumberText.count(left, "line")) before these")] : [])
            + [.text(shown.joined(separator: "\n"))]
    }
}
