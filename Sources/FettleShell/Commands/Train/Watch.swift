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
        details: "The job may train in another process.",
        parameters: [JobOptions.job.parameter],
        effect: .none,
        examples: [
            .init("watch", "the latest job that runs"),
            .init("watch 1", "the first of the workspace"),
        ]
    )

    let job: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        job = try arguments.value(JobOptions.job)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let services = context.services
        let job = try services.job(job) { $0.record.status.isActive }
        services.jobs.claim(job.record.id)
        do {
            let ended = try await services.jobs.following([job.record.id]) {
                try await services.followWithProgress(job.record.id)
            }
            return CommandOutput(blocks: [.text(JobView.ending(of: ended, services.workspace))])
        } catch is CancellationError {
            throw Interruption(text: "stopped watching; job \(job.number) goes on")
        }
    }
}

struct Wait: Command {
    static let job = Option<ArgumentWord>.word(
        "job",
        required: false,
        kind: .text,
        default: "all of this session",
        help: "the job to wait for; it may train in another process"
    )

    static let declaration = CommandDeclaration(
        "wait",
        group: .train,
        summary: "wait until background jobs have ended; a job that failed is an error",
        details: """
            Without a job it waits for those that this session started in the background, and says how each
            ended, also where it had ended before. Ctrl-C stops the waiting, not the job.
            """,
        parameters: [job.parameter],
        effect: .none,
        examples: [
            .init("tune ngram on reviews.train n_epochs=1 as late &; wait", "start and wait"),
            .init("wait", "for all that this session started"),
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
            ?? services.jobs.unclaimed
        guard !ids.isEmpty else { return CommandOutput(blocks: [.note(try elsewhere(services))]) }
        let ended = try await services.jobs.following(ids) {
            var ended: [StoredJob] = []
            for id in ids {
                do {
                    ended.append(
                        try await services.followWithProgress(id, amongOthers: ids.count > 1)
                    )
                } catch is CancellationError {
                    let number = try services.job(id: id).number
                    throw Interruption(text: "stopped waiting; job \(number) goes on")
                }
            }
            return ended
        }
        for id in ids { services.jobs.claim(id) }
        let lines = ended.map { JobView.ending(of: $0, services.workspace) }
        let isBad = ended.map { [.failed, .interrupted].contains($0.record.status) }
        guard let failed = isBad.firstIndex(of: true) else {
            return CommandOutput(blocks: lines.map { .text($0) })
        }
        for (line, isBad) in zip(lines, isBad) where !isBad { context.show(.text(line)) }
        throw Diagnostic("job-failed", lines[failed], span: job?.span)
    }

    /// Says that this session has nothing to wait for, and what runs beside it.
    private func elsewhere(_ services: Services) throws(Diagnostic) -> String {
        let others = try services.workspace.jobs().filter(\.record.status.isActive)
        guard let first = others.first else { return "nothing is running" }
        let words = others.count == 1 ? "job \(first.number) trains" : "\(others.count) jobs train"
        return "nothing is running here; \(words) in another process: 'wait \(first.number)' waits"
    }
}
