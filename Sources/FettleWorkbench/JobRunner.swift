public import FettleCore
public import FettleStore

/// Trains, and keeps the record: the job, its events and metrics, and the model at its end.
public struct JobRunner: Sendable {
    /// What to train.
    public struct Request: Sendable {
        /// A base model's name, or a tuned model's name or id to go on from.
        public var base: String
        /// The training dataset.
        public var dataset: Dataset
        /// The validation dataset, if any.
        public var validation: Dataset?
        /// What the user set.
        public var hyperparameters: Hyperparameters
        /// Part of the model's id.
        public var suffix: String?
        /// The model's short name.
        public var name: String?

        /// Makes a request.
        public init(
            base: String,
            dataset: Dataset,
            validation: Dataset? = nil,
            hyperparameters: Hyperparameters,
            suffix: String? = nil,
            name: String? = nil
        ) {
            self.base = base
            self.dataset = dataset
            self.validation = validation
            self.hyperparameters = hyperparameters
            self.suffix = suffix
            self.name = name
        }
    }

    /// What a run gave.
    public struct Result: Sendable {
        /// The model's record.
        public var model: ModelRecord
        /// The last row of metrics, its training figures over the whole last epoch.
        public var metrics: TrainingMetrics?
        /// Seconds of training, those before an interruption among them, when durations are shown.
        public var seconds: Double?
    }

    /// A job that is stored and ready to train.
    public struct Prepared: Sendable {
        /// The job's record.
        public let record: JobRecord
        /// The training examples.
        let examples: [Example]
        /// The validation examples.
        let validation: [Example]
        /// Rows left out because the columns of the completion were null or missing.
        public let skippedRows: Int
        /// Whether there is a checkpoint to go on from.
        let goesOn: Bool
        /// Seconds of training up to that checkpoint.
        let earlierSeconds: Double
    }

    private let workspace: Workspace
    private let clock: WorkClock

    /// Makes a runner over a workspace.
    public init(_ workspace: Workspace, clock: WorkClock) {
        self.workspace = workspace
        self.clock = clock
    }

    // MARK: - Preparing

    /// Renders the examples and stores the job as running in this process.
    ///
    /// - Throws: a ``Diagnostic`` when the model, the format or the examples do not fit.
    public func prepare(_ request: Request) throws -> Prepared {
        let library = ModelLibrary(workspace)
        let parent = BaseModel.named(request.base) == nil ? try library.model(request.base) : nil
        let format = try trainingFormat(request.dataset, parent)
        let training = try ExampleSet(request.dataset, format: format)
        let validation = try request.validation.map { try ExampleSet($0, format: format) }
        let record = JobRecord(
            id: JobRunner.newID(),
            status: .running,
            base: parent?.id ?? request.base,
            dataset: request.dataset.name,
            datasetFingerprint: request.dataset.fingerprint,
            validation: request.validation?.name,
            settings: request.hyperparameters.asSettings,
            createdAt: clock.now(),
            name: request.name,
            suffix: request.suffix,
            format: format,
            process: ProcessIdentity.current.text
        )
        try workspace.store().insert(
            record,
            messages: ["Created fine-tune: \(record.id)", "Fine-tune started"]
        )
        return Prepared(
            record: record,
            examples: training.examples,
            validation: validation?.examples ?? [],
            skippedRows: training.skippedRows,
            goesOn: false,
            earlierSeconds: 0
        )
    }

    /// Readies a job that was interrupted, cancelled or failed to go on from its checkpoint.
    ///
    /// - Throws: `no-checkpoint` when it had none yet, `job-state` when it cannot go on.
    public func prepareToResume(_ job: StoredJob) throws -> Prepared {
        do {
            _ = try JobLifecycle(job.record.status).after(.resume)
        } catch {
            throw error.diagnostic(job: job.record.id)
        }
        let folder = try jobFolder(job.record.id)
        guard folder.hasCheckpoint else {
            throw Diagnostic(
                "no-checkpoint",
                "job \(job.number) has no checkpoint yet: it had trained for too short a time",
                hint: "start it anew: tune \(job.record.base) on \(job.record.dataset)"
            )
        }
        let examples = try folder.examples()
        let isTaken = try workspace.store().setStatus(
            .running,
            of: job.record,
            process: ProcessIdentity.current.text,
            message: "Fine-tune resumed",
            at: clock.now()
        )
        guard isTaken else {
            throw Diagnostic(
                "job-state",
                "job \(job.number) was just taken on or changed by another process",
                hint: "see how it stands with 'job \(job.number)'"
            )
        }
        return Prepared(
            record: job.record,
            examples: examples.training,
            validation: examples.validation,
            skippedRows: 0,
            goesOn: true,
            earlierSeconds: Double(job.trainingMilliseconds) / 1000
        )
    }

    /// A model tuned before keeps its format; a dataset with another one is refused.
    private func trainingFormat(
        _ dataset: Dataset,
        _ parent: ModelRecord?
    ) throws(Diagnostic) -> PromptFormat {
        guard let parent else { return try dataset.requiredFormat() }
        if let format = dataset.format, format.json != parent.format.json {
            throw Diagnostic(
                "format-differs",
                "'\(parent.displayName)' was tuned with another format than '\(dataset.name)' has",
                hint: "set the model's format with 'format like=\(parent.displayName)'"
                    + ", or tune the base model '\(parent.base)'"
            )
        }
        return parent.format
    }
}

extension JobRunner {
    /// Trains a prepared job, records its end, and returns the model.
    ///
    /// `onMetrics` is called with each row of metrics, from the training loop.
    ///
    /// - Throws: a ``Diagnostic``, or `CancellationError` when the task was cancelled; the job is then
    ///   recorded as failed or cancelled, and its checkpoint stays.
    public func execute(
        _ job: Prepared,
        onMetrics: (TrainingMetrics) -> Void
    ) throws -> Result {
        do {
            let start = clock.seconds()
            func trained() -> Double? {
                clock.seconds().flatMap { now in start.map { now - $0 + job.earlierSeconds } }
            }
            let (outcome, metrics) = try train(job, trained, onMetrics)
            let seconds = trained()
            let model = try save(
                outcome,
                of: job,
                examples: metrics?.elapsedExamples ?? 0,
                seconds ?? 0
            )
            try? jobFolder(job.record.id).remove()
            return Result(model: model, metrics: metrics, seconds: seconds)
        } catch {
            // What ended the run matters more than that its end could not be stored.
            try? recordFailure(error, of: job)
            if let folder = try? jobFolder(job.record.id), !folder.hasCheckpoint { folder.remove() }
            throw error
        }
    }

    private func train(
        _ job: Prepared,
        _ trained: @escaping () -> Double?,
        _ onMetrics: (TrainingMetrics) -> Void
    ) throws -> (BaseModel.Outcome, TrainingMetrics?) {
        let library = ModelLibrary(workspace)
        let parent =
            BaseModel.named(job.record.base) == nil ? try library.model(job.record.base) : nil
        guard let base = BaseModel.named(parent?.base ?? job.record.base) else {
            throw Diagnostic("unknown-base", "no base model '\(job.record.base)'")
        }
        let folder = try jobFolder(job.record.id)
        try folder.make()
        let store = try workspace.store()
        let writer = MetricWriter(store: store, job: job.record.id)
        let outcome = try base.tune(
            BaseModel.Run(
                examples: job.examples,
                validation: job.validation,
                hyperparameters: Hyperparameters(job.record.settings),
                weights: try parent.map { try library.path(of: $0) },
                checkpoint: folder.checkpoint,
                goesOn: job.goesOn,
                willWriteCheckpoint: {
                    try writer.flush()
                    try folder.keep(job.examples, job.validation)
                    guard let seconds = trained() else { return }
                    try store.setTraining(
                        milliseconds: Int64(seconds * 1000),
                        ofJob: job.record.id
                    )
                }
            )
        ) { metrics in
            try writer.add(metrics)
            onMetrics(metrics)
        }
        try writer.flush()
        return (outcome, try writer.lastEpoch(of: outcome.settings))
    }

    private func save(
        _ outcome: BaseModel.Outcome,
        of job: Prepared,
        examples: Int,
        _ seconds: Double
    ) throws(Diagnostic) -> ModelRecord {
        let now = clock.now()
        let library = ModelLibrary(workspace)
        let parent =
            BaseModel.named(job.record.base) == nil ? try library.model(job.record.base) : nil
        let base = parent?.base ?? job.record.base
        guard let format = job.record.format else {
            throw Diagnostic(
                "workspace-read",
                "job \(job.record.id) has no format in the workspace"
            )
        }
        // The file has the job's name, which no other job has, so that two that end at once keep apart.
        let model = ModelRecord(
            id: "",
            name: job.record.name,
            base: base,
            parent: parent?.id,
            file: job.record.id + ".model",
            format: format,
            settings: outcome.settings,
            dataset: job.record.dataset,
            datasetFingerprint: job.record.datasetFingerprint,
            labelCount: outcome.model.labels.count,
            examplesSeen: (parent?.examplesSeen ?? 0) + examples,
            trainingMilliseconds: (parent?.trainingMilliseconds ?? 0) + Int64(seconds * 1000),
            createdAt: now
        )
        try outcome.model.write(try library.path(of: model))
        return try workspace.store().finishJob(
            job.record.id,
            with: model,
            id: { ModelLibrary.id(base: base, suffix: job.record.suffix, at: now, attempt: $0) },
            message: { "Uploaded model: \($0)" },
            at: now
        )
    }

    private func recordFailure(_ error: any Error, of job: Prepared) throws {
        let isCancelled = error is CancellationError
        let reason = (error as? Diagnostic)?.message ?? "\(error)"
        try workspace.store().finishJob(
            job.record.id,
            JobEnd(isCancelled ? .cancelled : .failed, error: isCancelled ? nil : reason),
            message: isCancelled ? "Fine-tune cancelled" : "Fine-tune failed: \(reason)",
            at: clock.now()
        )
    }

    private func jobFolder(_ id: String) throws(Diagnostic) -> JobFolder {
        JobFolder(try workspace.jobsFolder() + "/" + id)
    }

    private static func newID() -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var generator = SystemRandomNumberGenerator()
        return "ftjob-"
            + String((0..<24).map { _ in alphabet[Int.random(in: 0..<62, using: &generator)] })
    }
}

extension Hyperparameters {
    /// What the user set, as it is stored.
    var asSettings: [ChosenSetting] {
        let set: [(String, String?)] = [
            ("n_epochs", epochs.map(String.init)),
            ("batch_size", batchSize.map(String.init)),
            ("learning_rate_multiplier", learningRateMultiplier.map { "\($0)" }),
            ("shuffle", shuffle.rawValue),
            ("seed", String(seed)),
        ]
        return set.compactMap { name, value in value.map { ChosenSetting(name: name, value: $0) } }
    }

    /// Reads back what was stored.
    init(_ settings: [ChosenSetting]) {
        func value(_ name: String) -> String? { settings.first { $0.name == name }?.value }
        self.init(
            epochs: value("n_epochs").flatMap(Int.init),
            batchSize: value("batch_size").flatMap(Int.init),
            learningRateMultiplier: value("learning_rate_multiplier").flatMap(Double.init),
            shuffle: value("shuffle").flatMap(ShuffleMode.init) ?? .epoch,
            seed: value("seed").flatMap(UInt64.init) ?? 0
        )
    }
}

/// Writes metrics to the store in groups, so that training does not wait for the disk.
private final class MetricWriter {
    private let store: Store
    private let job: String
    private var waiting: [TrainingMetrics] = []

    init(store: Store, job: String) {
        self.store = store
        self.job = job
    }

    func add(_ metrics: TrainingMetrics) throws(Diagnostic) {
        waiting.append(metrics)
        if waiting.count >= 20 { try flush() }
    }

    func flush() throws(Diagnostic) {
        guard !waiting.isEmpty else { return }
        try store.insert(waiting, job: job)
        waiting = []
    }

    /// The last row with the mean loss and accuracy of training over the last epoch, since a row's own
    /// are over the few examples since the row before.
    func lastEpoch(of settings: [ChosenSetting]) throws(Diagnostic) -> TrainingMetrics? {
        let all = try store.metrics(ofJob: job)
        guard var summary = all.last else { return nil }
        let epochs = settings.first { $0.name == "n_epochs" }.flatMap { Int($0.value) } ?? 1
        let start = summary.elapsedExamples - summary.elapsedExamples / max(epochs, 1)
        var (loss, accuracy, examples) = (0.0, 0.0, 0)
        for (index, row) in all.enumerated() where row.elapsedExamples > start {
            let count = row.elapsedExamples - (index > 0 ? all[index - 1].elapsedExamples : 0)
            loss += row.trainingLoss * Double(count)
            accuracy += row.trainingAccuracy * Double(count)
            examples += count
        }
        guard examples > 0 else { return summary }
        summary.trainingLoss = loss / Double(examples)
        summary.trainingAccuracy = accuracy / Double(examples)
        return summary
    }
}
