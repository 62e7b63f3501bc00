import FettleCore
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Cancel: Command {
    static let declaration = CommandDeclaration(
        "cancel",
        group: .train,
        summary: "stop a training job; 'resume' can take it up again",
        parameters: [JobOptions.job.parameter],
        effect: .job,
        examples: [
            .init("tune ngram on reviews.train n_epochs=200 as long &; cancel", "start and stop"),
            .init("tune ngram on reviews.train n_epochs=200 as long &; cancel long", "by its name"),
        ]
    )

    let job: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        job = try arguments.value(JobOptions.job)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let services = context.services
        let stored = try services.job(job)
        do {
            _ = try JobLifecycle(stored.record.status).after(.cancelRequested)
        } catch {
            throw error.diagnostic(job: String(stored.number)).located(at: job?.span)
        }
        if services.jobs.cancel(stored.record.id) {
            try await services.jobs.wait(for: stored.record.id)
        } else if stored.record.status == .interrupted {
            try services.workspace.store().setStatus(
                .cancelled,
                of: stored.record,
                process: nil,
                message: "Fine-tune cancelled",
                at: services.clock.now()
            )
        } else {
            throw Diagnostic(
                "job-elsewhere",
                "job \(stored.number) trains in another process (\(stored.record.process ?? "unknown"))",
                span: job?.span,
                hint: "cancel it in the shell that started it"
            )
        }
        let ended = try services.job(
            ArgumentWord(text: stored.record.id, span: SourceSpan(0, 0), origins: [])
        )
        return CommandOutput(blocks: [.text(JobView.ending(of: ended))])
    }
}

struct Resume: Command {
    static let declaration = CommandDeclaration(
        "resume",
        group: .train,
        summary: "go on with a job that was interrupted or cancelled, from its checkpoint",
        details: """
            The model is the one that an uninterrupted run would have given, bit for bit. The examples were
            kept with the checkpoint, so the dataset need not be loaded. 'resume JOB &' trains in the
            background.
            """,
        parameters: [JobOptions.job.parameter],
        effect: .job,
        examples: [
            .init("resume", "the latest"),
            .init("resume long &; wait", "the job that makes the model 'long', in the background"),
        ]
    )

    let job: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        job = try arguments.value(JobOptions.job)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let runner = JobRunner(context.services.workspace, clock: context.services.clock)
        let stored = try context.services.job(job)
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
