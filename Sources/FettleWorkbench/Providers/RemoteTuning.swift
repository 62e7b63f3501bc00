import FettleCore
import FettleData
import FettleProviders
import Foundation
import OpenAIWire

/// Tunes at a provider: uploads the examples, makes the job there, and follows it to its end.
///
/// What the provider has is noted before anything that depends on it is asked for, so that a killed process goes
/// on with the same files and the same job.
struct RemoteTuning {
    /// How far it came.
    private struct Progress: Codable {
        var trainingFile: String?
        var validationFile: String?
        var job: String?
        var generation = RemoteJob.Generation.modern
        /// The last event that was told.
        var seen: String?
    }

    private let remote: RemoteModel
    private let run: BaseModel.Run
    private var progress: Progress
    private let client: OpenAIClient
    private var waiting = FollowingPace()

    /// Takes a run on.
    ///
    /// - Throws: `bad-value` for what no provider takes; what is wrong with the notes of the earlier process.
    init(_ remote: RemoteModel, _ run: BaseModel.Run) throws {
        (self.remote, self.run) = (remote, run)
        client = try remote.client()
        let settings = run.hyperparameters
        guard settings.shuffle == .epoch else {
            throw Diagnostic(
                "bad-value",
                "'shuffle' is '\(settings.shuffle.rawValue)', and '\(remote.provider)' chooses the order itself",
                hint: "leave it out"
            )
        }
        guard settings.seed <= Self.largestSeed else {
            throw Diagnostic(
                "bad-value",
                "'seed' is \(settings.seed), expected at most \(NumberText.count(Int(Self.largestSeed))) for "
                    + "'\(remote.name)'",
                hint: "choose a smaller one"
            )
        }
        progress = run.goesOn ? try Self.read(run.checkpoint) : Progress()
    }

    /// The largest seed that the API takes.
    private static let largestSeed: UInt64 = 0x7FFF_FFFF

    // MARK: - The run

    /// Trains there; returns the model that it made.
    mutating func train(
        _ onMetrics: (TrainingMetrics) throws -> Void
    ) throws -> BaseModel.Outcome {
        do {
            try start()
            let job = try follow(onMetrics)
            return try outcome(of: job, onMetrics)
        } catch let cancellation as CancellationError {
            if run.stopReason() == .cancelled { try end() }
            throw cancellation
        }
    }

    private mutating func start() throws {
        guard progress.job == nil else { return }
        // What could teach nothing is not paid for.
        _ = try CompletionSet(run.examples.lazy.map(\.completion), of: remote.name)
        if progress.trainingFile == nil {
            progress.trainingFile = try upload(run.examples, "training")
            try run.keep(progress)
        }
        if progress.validationFile == nil, !run.validation.isEmpty {
            progress.validationFile = try upload(run.validation, "validation")
            try run.keep(progress)
        }
        guard let file = progress.trainingFile else { return }
        let settings = run.hyperparameters
        let request = FineTuningJobRequest(
            model: try run.weights.map { try RemotePointer(contentsOf: $0).model } ?? remote.model,
            trainingFile: file,
            validationFile: progress.validationFile,
            suffix: run.suffix,
            seed: Int(settings.seed),
            method: FineTuningMethod(
                type: "supervised",
                hyperparameters: FineTuningHyperparameters(
                    nEpochs: settings.epochs.map { .value($0) } ?? .automatic,
                    batchSize: settings.batchSize.map { .value($0) } ?? .automatic,
                    learningRateMultiplier: settings.learningRateMultiplier.map { .value($0) }
                        ?? .automatic
                )
            )
        )
        do {
            let made = try client.makeJob(request, key: run.job)
            (progress.job, progress.generation) = (made.job.id, made.generation)
        } catch let diagnostic as Diagnostic where diagnostic.code == "provider-forbids" {
            throw diagnostic.hinting(
                "the account may tune nothing there; here it can: tune ngram on DATASET, or a language model after "
                    + "'model pull ORG/NAME as NAME'"
            )
        } catch let diagnostic as Diagnostic where diagnostic.code == "provider-lacks" {
            throw diagnostic.hinting(
                "perhaps '\(remote.provider)' tunes no models, or not this one: provider check \(remote.provider)"
            )
        }
        try run.keep(progress)
        try run.onMessage("info", "'\(remote.provider)' calls it \(progress.job ?? "")")
    }

    /// Uploads examples unless the provider has them already; returns the file's id.
    private func upload(_ examples: [Example], _ kind: String) throws -> String {
        let path = run.checkpoint + ".upload"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let writer = try ExampleWriter(path: path)
        for example in examples {
            if writer.count % 4096 == 0 { try Task.checkCancellation() }
            if run.isChat {
                try RemoteConversation.write(example, to: writer)
            } else {
                try writer.write(example)
            }
        }
        try writer.finish()
        let bytes = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        let print = bytes.withUnsafeBytes { ContentHash.xxh3_128($0) }
        let onProgress = run.onProgress
        let file = try client.upload(path, as: "fettle-\(print).jsonl") { sent, total in
            onProgress(Int(sent), Int(total), "bytes")
        }
        guard file.status != "error" else {
            throw Diagnostic(
                "provider-refused",
                "'\(remote.provider)' does not take the \(kind) file: "
                    + (file.statusDetails ?? "no reason is given")
            )
        }
        return file.id
    }

    // MARK: - Following

    /// For how long a provider may be out of reach, in seconds, before the following ends.
    private static let patience = 1800.0

    /// Tells what happens to the job until it has ended.
    private mutating func follow(
        _ onMetrics: (TrainingMetrics) throws -> Void
    ) throws -> RemoteJob {
        guard let id = progress.job else { preconditionFailure("there is no job to follow") }
        var lostSince: Date?
        while true {
            var hasNews = false
            do {
                // The job first, so that its last events are read after it has ended.
                let job = try client.job(id, progress.generation)
                let events = try newEvents(of: id)
                for event in events { try tell(event, job, onMetrics) }
                hasNews = !events.isEmpty
                if let last = events.last {
                    progress.seen = last.mark
                    try run.keep(progress)
                }
                if job.hasEnded { return job }
                lostSince = nil
            } catch let diagnostic as Diagnostic where Self.passing.contains(diagnostic.code) {
                let since = lostSince ?? Date()
                if lostSince == nil {
                    lostSince = since
                    try run.onMessage("warn", "\(diagnostic.message); the job goes on there")
                }
                guard Date().timeIntervalSince(since) < Self.patience else { throw diagnostic }
            }
            try RetryPolicy.usual.wait(waiting.next(hasNews: hasNews))
        }
    }

    /// Returns what happened since the last look; nothing where the server tells no events.
    private func newEvents(of job: String) throws -> [RemoteEvent] {
        do {
            return try client.events(ofJob: job, progress.generation, after: progress.seen)
        } catch let diagnostic as Diagnostic where diagnostic.code == "provider-lacks" {
            return []
        }
    }

    private static let passing: Set = ["provider-unreachable", "provider-answer"]

    private func tell(
        _ event: RemoteEvent,
        _ job: RemoteJob,
        _ onMetrics: (TrainingMetrics) throws -> Void
    ) throws {
        guard let metrics = event.metrics else {
            try run.onMessage(event.level, event.message)
            return
        }
        guard metrics.step > 0, let row = row(metrics, job) else { return }
        try onMetrics(row)
    }

    private func row(_ metrics: RemoteMetrics, _ job: RemoteJob) -> TrainingMetrics? {
        let (told, asked) = (job.hyperparameters, run.hyperparameters)
        return Self.row(
            metrics,
            epochs: told.nEpochs?.value ?? asked.epochs ?? 1,
            batch: told.batchSize?.value ?? asked.batchSize,
            of: run.examples.count
        )
    }

    /// A row as the workspace keeps it; nil without a loss.
    ///
    /// Epochs and the batch are what a server tells, which may be any number.
    static func row(
        _ metrics: RemoteMetrics,
        epochs: Int,
        batch: Int?,
        of examples: Int
    ) -> TrainingMetrics? {
        guard let loss = metrics.trainingLoss else { return nil }
        let (examples, epochs, most) = (Double(examples), Double(max(1, epochs)), 1e15)
        let shown = min(most, examples * epochs)
        let steps = batch.map { (examples / Double(max(1, $0))).rounded(.up) * epochs }
        let total = metrics.totalSteps ?? steps.map { Int(min(most, $0)) } ?? metrics.step
        let share = Double(metrics.step) / Double(max(total, metrics.step, 1))
        return TrainingMetrics(
            step: metrics.step,
            totalSteps: max(total, metrics.step),
            elapsedExamples: Int((shown * share).rounded()),
            elapsedTokens: 0,
            trainingLoss: loss,
            trainingAccuracy: metrics.trainingAccuracy ?? 0,
            validationLoss: metrics.validationLoss,
            validationAccuracy: metrics.validationAccuracy
        )
    }

    // MARK: - Ends

    private func outcome(
        of job: RemoteJob,
        _ onMetrics: (TrainingMetrics) throws -> Void
    ) throws -> BaseModel.Outcome {
        switch job.state {
        case .succeeded(let model):
            try readResults(of: job, onMetrics)
            let set = try CompletionSet(run.examples.lazy.map(\.completion), of: remote.name)
            let pointer = RemotePointer(
                provider: remote.provider,
                model: model,
                labels: set.isClosed ? set.names : [],
                isChat: run.isChat
            )
            let made = remote.made(pointer)
            return BaseModel.Outcome(
                model: TunedModel(made, pointer),
                settings: settings(of: job),
                id: made.name
            )
        case .failed(let reason):
            run.forgetNotes()
            throw Diagnostic(
                "provider-job-failed",
                "'\(remote.provider)' could not tune: \(client.masked(reason))"
            )
        case .cancelled:
            run.forgetNotes()
            throw Diagnostic(
                "provider-job-ended",
                "the job was cancelled at '\(remote.provider)', and is not taken up again there",
                hint: "start it anew"
            )
        case .paused:
            throw Diagnostic(
                "provider-job-ended",
                "the job was paused at '\(remote.provider)'",
                hint: "let it go on there, and follow it again with 'resume'"
            )
        case .active: preconditionFailure("the job has not ended")
        }
    }

    /// Tells the rows of the result file where the events told none.
    private func readResults(
        of job: RemoteJob,
        _ onMetrics: (TrainingMetrics) throws -> Void
    ) throws {
        guard progress.generation == .legacy, let file = job.resultFiles.first else { return }
        // The model is there, whatever becomes of its figures.
        guard let bytes = try? client.content(ofFile: file) else { return }
        let rows = RemoteMetrics.rows(ofResultFile: bytes)
        let total = rows.map(\.step).max() ?? 0
        for var metrics in rows where metrics.step > 0 {
            metrics.totalSteps = total
            if let row = row(metrics, job) { try onMetrics(row) }
        }
    }

    private func settings(of job: RemoteJob) -> [ChosenSetting] {
        let (found, own) = (job.hyperparameters, run.hyperparameters)
        let values: [(String, String?, Bool)] = [
            ("n_epochs", found.nEpochs?.value.map { "\($0)" }, own.epochs != nil),
            ("batch_size", found.batchSize?.value.map { "\($0)" }, own.batchSize != nil),
            (
                "learning_rate_multiplier",
                found.learningRateMultiplier?.value.map { NumberText.decimal($0, digits: 3) },
                own.learningRateMultiplier != nil
            ),
        ]
        return values.compactMap { name, value, isOwn in
            value.map {
                ChosenSetting(
                    name: name,
                    value: $0,
                    reason: isOwn ? nil : "chosen by '\(remote.provider)'"
                )
            }
        }
    }

    /// Ends the job at the provider, though the task that asks was cancelled.
    private func end() throws {
        guard let job = progress.job else { return }
        try Self.end(job, progress.generation, client)
    }

    /// Whether an earlier process made a job.
    static func isMade(notes path: String) -> Bool {
        (try? read(path))?.job != nil
    }

    /// Ends the job that an earlier process followed.
    static func end(_ remote: RemoteModel, notes path: String) throws {
        let progress = try read(path)
        guard let job = progress.job else { return }
        try end(job, progress.generation, try remote.client())
    }

    private static func end(
        _ job: String,
        _ generation: RemoteJob.Generation,
        _ client: OpenAIClient
    ) throws {
        try OwnThread.run { try client.cancelJob(job, generation) }
    }

    private static func read(_ path: String) throws(Diagnostic) -> Progress {
        try BaseModel.Run.notes(at: path, saying: "what the provider has")
    }
}
