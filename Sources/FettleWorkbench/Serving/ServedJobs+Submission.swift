import FettleCore
import FettleData
import FettleStore
import Foundation
import Synchronization

extension ServedJobs {
    /// A request for a job.
    public struct Submission: Sendable {
        /// The API that it came by.
        public var generation: ServedGeneration
        /// A base model, a tuned model, or an alias of one.
        public var model: String
        /// The id of the file to learn from.
        public var trainingFile: String
        /// The id of the file to measure on.
        public var validationFile: String?
        /// What else was asked for.
        public var options: ServedOptions
        /// Whether figures of a classifier were asked for.
        public var measuresClasses: Bool
        /// The key under which a second request is the first one again.
        public var idempotencyKey: String?

        /// Makes a request.
        public init(
            _ generation: ServedGeneration,
            model: String,
            trainingFile: String,
            validationFile: String? = nil,
            options: ServedOptions = ServedOptions(),
            measuresClasses: Bool = false,
            idempotencyKey: String? = nil
        ) {
            self.generation = generation
            self.model = model
            self.trainingFile = trainingFile
            self.validationFile = validationFile
            self.options = options
            self.measuresClasses = measuresClasses
            self.idempotencyKey = idempotencyKey
        }
    }

    /// How often jobs of the old API show each example unless they say otherwise.
    private static let legacyEpochs = 4

    /// Looks at a request and its files, line by line, and puts the job into the queue.
    ///
    /// - Returns: the job; the one from before for an idempotency key that is known.
    /// - Throws: `queue-full`; `bad-training-file`; `unknown-model`; `bad-value` for options that do
    ///   not fit each other or the files; what the workspace cannot do.
    public func submit(_ submission: Submission) throws -> ServedJob {
        if let first = try job(withKey: submission.idempotencyKey) { return first }
        try arrive()
        defer { state.withLock { $0.arriving -= 1 } }
        var options = submission.options
        if submission.generation == .legacy {
            options.epochs = options.epochs ?? Self.legacyEpochs
        }
        let seed = options.seed ?? (submission.generation == .legacy ? 0 : .random(in: 0..<1 << 31))
        options.seed = seed
        let suffix = try options.suffix.map { text throws(Diagnostic) in
            try about("suffix") { () throws(Diagnostic) in
                try ModelLibrary.suffix(text, atMost: submission.generation == .legacy ? 40 : 64)
            }
        }
        let target = try about("model") { () throws(Diagnostic) in
            let target = try surroundings.resolve(submission.model)
            // Whoever reaches this server spends nothing of its user's.
            if let elsewhere = try ModelLibrary(workspace).elsewhere(named: target) {
                throw Diagnostic(
                    "provider-only",
                    "'\(submission.model)' is tuned at the provider '\(elsewhere.provider)', and the jobs of this "
                        + "server train here",
                    hint: "tune it with the command 'tune', or name a model of this machine"
                )
            }
            return target
        }
        let reading = try ConversationReading(of: target, in: ModelLibrary(workspace))
        let training = try TrainingFile(
            try file(submission.trainingFile, "training_file"),
            field: "training_file",
            reading
        )
        let validation = try submission.validationFile.map { id in
            try TrainingFile(try file(id, "validation_file"), field: "validation_file", reading)
        }
        if !submission.measuresClasses { options.classification = nil }
        try ClassificationCheck(submission, training, validation).check()
        try checkClosed(training, for: target)
        var request = JobRunner.Request(
            base: target,
            dataset: training.dataset,
            validation: validation?.dataset,
            hyperparameters: Hyperparameters(
                epochs: options.epochs,
                batchSize: options.batchSize,
                learningRateMultiplier: options.learningRateMultiplier,
                seed: seed
            ),
            suffix: suffix
        )
        request.hasFinishedTexts = true
        request.modelFormat = training.modelFormat
        request.wording = submission.generation == .legacy ? .legacy : .modern
        request.classification = options.classification
        if try ModelLibrary(workspace).base(target) != nil { request.idBase = submission.model }
        return try enqueue(request, submission, options)
    }

    private func enqueue(
        _ request: JobRunner.Request,
        _ submission: Submission,
        _ options: ServedOptions
    ) throws -> ServedJob {
        let behind = try workspace.store().queuedJobs(of: ProcessIdentity.current.text).count
        do {
            let stored = try runner.enqueue(
                request,
                served: { id in
                    let letters = id.dropFirst("ftjob-".count)
                    return ServedJobRecord(
                        job: id,
                        apiID: submission.generation == .legacy ? "ft-\(letters)" : id,
                        generation: submission.generation.rawValue,
                        model: submission.model,
                        trainingFile: submission.trainingFile,
                        validationFile: submission.validationFile,
                        options: try options.text(),
                        idempotencyKey: submission.idempotencyKey,
                        queuedAt: clock.now()
                    )
                },
                messages: { Self.firstMessages(of: $0, request.wording, behind: behind) }
            )
            wake.yield()
            guard let served = try workspace.store().servedJob(ofJob: stored.record.id) else {
                throw Diagnostic("unknown-job", "no job '\(stored.record.id)'")
            }
            return try job(served.apiID)
        } catch let diagnostic as Diagnostic where diagnostic.code == "job-exists" {
            guard let first = try job(withKey: submission.idempotencyKey) else { throw diagnostic }
            return first
        }
    }

    private static func firstMessages(
        of served: ServedJobRecord,
        _ wording: JobWording,
        behind count: Int
    ) -> [String] {
        let created = wording.created(served.apiID)
        let queued = wording.queued(behind: count)
        if wording == .legacy { return [created, "Fine-tune costs $0.00 (local)", queued] }
        var files = "Validating training file: \(served.trainingFile)"
        if let file = served.validationFile { files += " and validation file: \(file)" }
        return [created, files, queued]
    }

    private func job(withKey key: String?) throws(Diagnostic) -> ServedJob? {
        guard let key, let store = try workspace.existingStore(),
            let served = try store.servedJob(idempotencyKey: key)
        else { return nil }
        return try job(served.apiID)
    }

    /// Takes a place in the queue for a job that arrives.
    ///
    /// - Throws: `queue-full`.
    func arrive() throws(Diagnostic) {
        let waiting = try workspace.store().queuedJobs(of: ProcessIdentity.current.text).count
        let isRoom = state.withLock { state in
            guard waiting + state.arriving < queueLimit else { return false }
            state.arriving += 1
            return true
        }
        guard !isRoom else { return }
        throw Diagnostic(
            "queue-full",
            "\(NumberText.count(queueLimit, "job")) wait for their turn, and no more are taken",
            hint: "try again when one has ended, or cancel one that waits"
        )
    }

    private func file(_ id: String, _ field: String) throws(Diagnostic) -> ServedFile {
        if let file = try about(
            field,
            { () throws(Diagnostic) in try surroundings.file(id) }
        ) {
            return file
        }
        var diagnostic = Diagnostic(
            "bad-training-file",
            "no file '\(id)'",
            hint: "upload it first, and give the id that the upload answers"
        )
        diagnostic.parameter = field
        throw diagnostic
    }

    /// A model that chooses among labels needs a closed set of them.
    private func checkClosed(_ training: TrainingFile, for target: String) throws {
        guard let base = try ModelLibrary(workspace).base(target), base.givesLabelsOnly else {
            return
        }
        do {
            let column = try training.dataset.frame.column("completion")
            let set = try CompletionSet(
                (0..<column.count).lazy.map { column[$0].displayText },
                of: target
            )
            guard !set.isClosed else { return }
            throw Diagnostic(
                "open-ended-completions",
                "\(NumberText.count(set.names.count)) different completions in "
                    + "\(NumberText.count(set.total, "line")), and '\(target)' chooses among a closed "
                    + "set of at most \(NumberText.count(CompletionSet.limit))",
                hint: "text that is written freely needs a language model as the base"
            )
        } catch var diagnostic as Diagnostic {
            diagnostic.parameter = "training_file"
            diagnostic.message = "\(training.file.id): \(diagnostic.message)"
            throw diagnostic
        }
    }
}

/// Runs `body`, whose errors are about the field `name` of a request.
func about<Value>(
    _ name: String,
    _ body: () throws(Diagnostic) -> Value
) throws(Diagnostic) -> Value {
    do {
        return try body()
    } catch {
        var diagnostic = error
        diagnostic.parameter = diagnostic.parameter ?? name
        throw diagnostic
    }
}

extension ServedOptions {
    /// Reads options as they are stored.
    init(text: String) throws(Diagnostic) {
        do {
            self = try JSONDecoder().decode(ServedOptions.self, from: Data(text.utf8))
        } catch {
            throw Diagnostic(
                "workspace-read",
                "the workspace has the options '\(text.prefix(80))' of a job, which cannot be read",
                hint: "it was changed by hand or by another program; name another with --workspace"
            )
        }
    }

    /// The options as they are stored.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
