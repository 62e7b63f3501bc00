import FettleCore
import FettleLanguage
import FettleStore
import FettleWorkbench

/// The parameter that names a job.
enum JobOptions {
    static let job = Option<ArgumentWord>.word(
        "job",
        required: false,
        kind: .text,
        default: "the latest",
        help: help
    )

    static let help = "the job's number, its id or its beginning, or its model"
}

extension Services {
    /// Returns the job that a word names; without a word the latest that is as `isUsual` says, else the
    /// latest.
    ///
    /// - Throws: `no-job` when there is none, `unknown-job` when none is called so.
    func job(
        _ word: ArgumentWord?,
        preferring isUsual: (StoredJob) -> Bool = { _ in false }
    ) throws(Diagnostic) -> StoredJob {
        let all = try workspace.jobs()
        guard let latest = all.last else {
            throw Diagnostic(
                "no-job",
                "no job was started in this workspace",
                span: word?.span,
                hint: "start one: tune ngram on DATASET as NAME"
            )
        }
        guard let word else { return all.last(where: isUsual) ?? latest }
        let found = all.last { job in
            String(job.number) == word.text || job.record.id == word.text || job.model == word.text
                || job.record.name == word.text
                || (word.text.utf8.count >= 9 && job.record.id.hasPrefix(word.text))
        }
        guard let found else {
            throw Diagnostic(
                "unknown-job",
                "no job '\(word.text)'",
                span: word.span,
                hint: "'jobs' lists them with their numbers"
            )
        }
        return found
    }

    /// Returns a job as it stands, by its id.
    func job(id: String) throws(Diagnostic) -> StoredJob {
        try job(ArgumentWord(text: id, span: SourceSpan(0, 0), origins: []))
    }

    /// Returns the one job that runs, in whichever process.
    ///
    /// - Throws: `no-job` when none was ever started, `nothing-running`, and `which-job` with their numbers
    ///   when several run.
    func runningJob() throws(Diagnostic) -> StoredJob {
        let latest = try job(nil)
        let running = try workspace.jobs().filter(\.record.status.isActive)
        guard let only = running.first else {
            throw Diagnostic(
                "nothing-running",
                "no job is running",
                hint: "job \(latest.number), the latest, has the state "
                    + "'\(latest.record.status.rawValue)'"
            )
        }
        guard running.count == 1 else {
            let names = running.map { job in
                String(job.number) + (job.record.name.map { " (\($0))" } ?? "")
            }
            throw Diagnostic(
                "which-job",
                "\(running.count) jobs are running: \(names.joined(separator: ", "))",
                hint: "name one: cancel \(only.number)"
            )
        }
        return only
    }

    /// Waits until a job has ended as ``follow(_:onMetrics:)`` does, and shows how far it is; a job that is
    /// `amongOthers` is named.
    func followWithProgress(_ id: String, amongOthers: Bool = false) async throws -> StoredJob {
        defer { progress.finish() }
        let job = try job(id: id)
        let name = amongOthers ? "job \(job.number), " : ""
        if let place = models.provider(of: job.record) {
            progress.wait(for: nil, unit: "steps", saying: "\(name)at '\(place)'")
        }
        return try await follow(id) { latest in
            progress.update(
                done: latest.step,
                total: latest.totalSteps,
                unit: "steps",
                extra: "\(name)loss \(NumberText.decimal(latest.trainingLoss, digits: 3))"
            )
        }
    }

    /// Waits until a job has ended, in this process or in another, which may end meanwhile.
    ///
    /// `onMetrics` is called now and then with how far it is.
    ///
    /// - Throws: `CancellationError` when the waiting task is cancelled; the job goes on.
    func follow(
        _ id: String,
        onMetrics: ((TrainingMetrics) -> Void)? = nil
    ) async throws -> StoredJob {
        while let latest = jobs.latest(of: id) {
            guard let onMetrics else {
                try await jobs.wait(for: id)
                break
            }
            if let latest { onMetrics(latest) }
            try await Task.sleep(for: .milliseconds(50))
        }
        while true {
            let job = try job(id: id)
            guard job.record.status.isActive else { return job }
            if let onMetrics, let latest = JobView.latest(of: job, self) { onMetrics(latest) }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
