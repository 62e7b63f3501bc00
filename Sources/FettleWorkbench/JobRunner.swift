public import FettleCore
public import FettleStore

/// Runs training jobs and keeps their record: the job, its events and metrics, and the model at its end.
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
        /// Seconds of training, when durations are shown.
        public var seconds: Double?
        /// Rows left out because the template's columns were null or missing.
        public var skippedRows: Int
    }

    private let workspace: Workspace
    private let clock: WorkClock

    /// Makes a runner over a workspace.
    public init(_ workspace: Workspace, clock: WorkClock) {
        self.workspace = workspace
        self.clock = clock
    }

    /// Trains, records, and returns the model.
    ///
    /// `onMetrics` is called with each row of metrics, from the training loop.
    ///
    /// - Throws: a ``Diagnostic``, or `CancellationError` when the task was cancelled; the job is then
    ///   recorded as failed or cancelled.
    public func run(
        _ request: Request,
        onMetrics: (TrainingMetrics) -> Void
    ) throws -> Result {
        let library = ModelLibrary(workspace)
        let parent = BaseModel.named(request.base) == nil ? try library.model(request.base) : nil
        guard let base = BaseModel.named(parent?.base ?? request.base) else {
            throw Diagnostic("unknown-base", "no base model '\(request.base)'")
        }
        let format = try trainingFormat(request.dataset, parent)
        let training = try ExampleSet(request.dataset, format: format)
        let validation = try request.validation.map { try ExampleSet($0, format: format) }
        let store = try workspace.store()
        let job = try insertJob(request, base: parent?.id ?? base.name, store)
        var writer = MetricWriter(store: store, job: job)
        do {
            let start = clock.seconds()
            let outcome = try base.tune(
                BaseModel.Run(
                    examples: training.examples,
                    validation: validation?.examples ?? [],
                    hyperparameters: request.hyperparameters,
                    weights: try parent.map { try library.path(of: $0) }
                )
            ) { metrics in
                try writer.add(metrics)
                onMetrics(metrics)
            }
            try writer.flush()
            let seconds = clock.seconds().flatMap { end in start.map { end - $0 } }
            let record = try save(
                outcome,
                request,
                parent: parent,
                base: base.name,
                format: format,
                examples: writer.last?.elapsedExamples ?? 0,
                seconds: seconds ?? 0
            )
            try store.finishJob(
                job,
                JobEnd(.succeeded, model: record.id),
                message: "Uploaded model: \(record.id)",
                at: clock.now()
            )
            return Result(
                model: record,
                metrics: writer.lastEpoch(of: outcome.settings),
                seconds: seconds,
                skippedRows: training.skippedRows
            )
        } catch {
            // A store that fails here says so when the job's end is written.
            try? writer.flush()
            let isCancelled = error is CancellationError
            let reason = (error as? Diagnostic)?.message ?? "\(error)"
            try store.finishJob(
                job,
                JobEnd(isCancelled ? .cancelled : .failed, error: isCancelled ? nil : reason),
                message: isCancelled ? "Fine-tune cancelled" : "Fine-tune failed: \(reason)",
                at: clock.now()
            )
            throw error
        }
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

    private func insertJob(
        _ request: Request,
        base: String,
        _ store: Store
    ) throws(Diagnostic) -> String {
        let hyperparameters = request.hyperparameters
        let set: [(String, String?)] = [
            ("n_epochs", hyperparameters.epochs.map(String.init)),
            ("batch_size", hyperparameters.batchSize.map(String.init)),
            ("learning_rate_multiplier", hyperparameters.learningRateMultiplier.map { "\($0)" }),
            ("shuffle", hyperparameters.shuffle.rawValue),
            ("seed", String(hyperparameters.seed)),
        ]
        let id = JobRunner.newID()
        try store.insert(
            JobRecord(
                id: id,
                status: .running,
                base: base,
                dataset: request.dataset.name,
                datasetFingerprint: request.dataset.fingerprint,
                validation: request.validation?.name,
                settings: set.compactMap { name, value in
                    value.map { ChosenSetting(name: name, value: $0) }
                },
                createdAt: clock.now()
            )
        )
        try store.addEvent(job: id, message: "Created fine-tune: \(id)", at: clock.now())
        try store.addEvent(job: id, message: "Fine-tune started", at: clock.now())
        return id
    }

    private func save(
        _ outcome: BaseModel.Outcome,
        _ request: Request,
        parent: ModelRecord?,
        base: String,
        format: PromptFormat,
        examples: Int,
        seconds: Double
    ) throws(Diagnostic) -> ModelRecord {
        let now = clock.now()
        let id = try ModelLibrary(workspace).freeID(base: base, suffix: request.suffix, at: now)
        let file = id.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" }
        let record = ModelRecord(
            id: id,
            name: request.name,
            base: base,
            parent: parent?.id,
            file: String(file) + ".model",
            format: format,
            settings: outcome.settings,
            dataset: request.dataset.name,
            datasetFingerprint: request.dataset.fingerprint,
            labelCount: outcome.model.labels.count,
            examplesSeen: (parent?.examplesSeen ?? 0) + examples,
            trainingMilliseconds: (parent?.trainingMilliseconds ?? 0) + Int64(seconds * 1000),
            createdAt: now
        )
        try outcome.model.write(try ModelLibrary(workspace).path(of: record))
        try workspace.store().insert(record)
        return record
    }

    private static func newID() -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var generator = SystemRandomNumberGenerator()
        return "ftjob-"
            + String((0..<24).map { _ in alphabet[Int.random(in: 0..<62, using: &generator)] })
    }
}

/// Writes metrics to the store in groups, so that training does not wait for the disk.
private struct MetricWriter {
    let store: Store
    let job: String
    private(set) var last: TrainingMetrics?
    private var all: [TrainingMetrics] = []
    private var waiting: [TrainingMetrics] = []

    init(store: Store, job: String) {
        self.store = store
        self.job = job
    }

    mutating func add(_ metrics: TrainingMetrics) throws(Diagnostic) {
        last = metrics
        all.append(metrics)
        waiting.append(metrics)
        if waiting.count >= 20 { try flush() }
    }

    /// The last row with the mean loss and accuracy of training over the last epoch, since a row's own
    /// are over the few examples since the row before.
    func lastEpoch(of settings: [ChosenSetting]) -> TrainingMetrics? {
        guard var summary = last else { return nil }
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

    mutating func flush() throws(Diagnostic) {
        guard !waiting.isEmpty else { return }
        try store.insert(waiting, job: job)
        waiting = []
    }
}
