import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Watch: Command {
    static let declaration = CommandDeclaration(
        "watch",
        group: .train,
        summary: "follow a training job until it ends; Ctrl-C stops the watching, not the job",
        parameters: [JobOptions.job.parameter],
        effect: .none,
        examples: [
            .init("watch", "the latest job"),
            .init("watch 1", "the first of the workspace"),
        ]
    )

    let job: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        job = try arguments.value(JobOptions.job)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let job = try context.services.job(job)
        let center = context.services.jobs
        while let latest = center.latest(of: job.record.id) {
            if let latest {
                context.services.progress.update(
                    done: latest.step,
                    total: latest.totalSteps,
                    unit: "steps",
                    extra: "loss \(NumberText.decimal(latest.trainingLoss, digits: 3))"
                )
            }
            do {
                try await Task.sleep(for: .milliseconds(50))
            } catch {
                return CommandOutput(
                    blocks: [.note("stopped watching; job \(job.number) goes on")]
                )
            }
        }
        let ended = try context.services.job(
            ArgumentWord(text: job.record.id, span: SourceSpan(0, 0), origins: [])
        )
        return CommandOutput(blocks: [.text(JobView.ending(of: ended))])
    }
}

struct Wait: Command {
    static let job = Option<ArgumentWord>.word(
        "job",
        required: false,
        kind: .text,
        default: "all that run",
        help: "the job to wait for"
    )

    static let declaration = CommandDeclaration(
        "wait",
        group: .train,
        summary: "wait until background jobs have ended; a job that failed is an error",
        parameters: [job.parameter],
        effect: .none,
        examples: [
            .init("tune ngram on reviews.train n_epochs=1 as late &; wait", "start and wait"),
            .init("wait", "for all that run"),
        ]
    )

    let job: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        job = try arguments.value(Self.job)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let services = context.services
        let ids =
            try job.map { word throws(Diagnostic) in [try services.job(word).record.id] }
            ?? services.jobs.active.map(\.id)
        for id in ids { try await services.jobs.wait(for: id) }
        let ended = try (services.workspace.jobs()).filter {
            ids.contains($0.record.id)
        }
        if let failed = ended.first(where: { $0.record.status == .failed }) {
            throw Diagnostic("job-failed", JobView.ending(of: failed), span: job?.span)
        }
        guard !ended.isEmpty else { return CommandOutput(blocks: [.note("no job is running")]) }
        return CommandOutput(blocks: ended.map { .text(JobView.ending(of: $0)) })
    }
}
