import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Cancel: Command {
    static let job = Option<ArgumentWord>.word(
        "job",
        required: false,
        kind: .text,
        default: "the one that runs",
        help: JobOptions.help
    )

    static let declaration = CommandDeclaration(
        "cancel",
        group: .train,
        summary: "stop a training job; 'resume' can take it up again",
        details: "Without a job it stops the one that runs. The job may train in another process.",
        parameters: [Self.job.parameter],
        effect: .job,
        examples: [
            .init("tune ngram on reviews.train n_epochs=200 as long &; cancel", "start and stop"),
            .init("tune ngram on reviews.train n_epochs=200 as long &; cancel long", "by its name"),
        ]
    )

    let job: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        job = try arguments.value(Self.job)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let services = context.services
        let stored = try job == nil ? services.runningJob() : services.job(job)
        do {
            _ = try JobLifecycle(stored.record.status).after(.cancelRequested)
        } catch {
            throw error.diagnostic(job: String(stored.number)).located(at: job?.span)
        }
        let ended = try await services.jobs.end(stored)
        services.jobs.claim(stored.record.id)
        guard ended.record.status.isActive else {
            return CommandOutput(blocks: [.text(JobView.ending(of: ended, services.workspace))])
        }
        let process = stored.record.process?.split(separator: ":").first.map { " (\($0))" } ?? ""
        return CommandOutput(blocks: [
            .warning(
                "job \(stored.number) was asked to stop, but its process\(process) has not answered yet; "
                    + "'wait \(stored.number)' waits for it"
            )
        ])
    }
}

struct Resume: Command {
    static let job = Option<ArgumentWord>.word(
        "job",
        required: false,
        kind: .text,
        default: "the latest that stopped before its end",
        help: JobOptions.help
    )

    static let declaration = CommandDeclaration(
        "resume",
        group: .train,
        summary: "go on with a job that was interrupted or cancelled, from its checkpoint",
        details: """
            The model is the one that an uninterrupted run would have given, bit for bit. The examples were
            kept with the checkpoint, so the dataset need not be loaded. 'resume JOB &' trains in the
            background.
            """,
        parameters: [Self.job.parameter],
        effect: .job,
        examples: [
            .init("resume", "the latest that stopped before its end"),
            .init("resume long &; wait", "the job that makes the model 'long', in the background"),
        ]
    )

    let job: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        job = try arguments.value(Self.job)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let runner = JobRunner(context.services.workspace, clock: context.services.clock)
        let stored = try context.services.job(job) { stored in
            (try? JobLifecycle(stored.record.status).after(.resume)) != nil
        }
        do {
            _ = try JobLifecycle(stored.record.status).after(.resume)
        } catch {
            throw error.diagnostic(job: String(stored.number)).located(at: job?.span)
        }
        do {
            return try await context.train(try runner.prepareToResume(stored))
        } catch let diagnostic as Diagnostic {
            throw diagnostic.located(at: job?.span)
        }
    }
}
