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
        /// What the model's id begins with; nil for what that of the tuned model does, or the base model's name.
        public var idBase: String?
        /// Whether the dataset's format gives texts that are finished, so that a tuned model that has another
        /// format can learn from them too, and keeps its own.
        public var hasFinishedTexts = false
        /// What a model that goes on from none keeps of how rows become examples, where that is not the dataset's
        /// own format.
        public var modelFormat: PromptFormat?
        /// In whose words the job tells its events.
        public var wording = JobWording.shell
        /// Where it trains; nil for this machine, or where the base model says.
        public var cluster: ClusterPlace?
        /// How the model is measured at the end of each epoch; nil for not at all.
        public var classification: ClassificationOptions?

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
        /// The number that lists show.
        public let number: Int
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
        /// Why the examples could not be kept, without which the job cannot go on in another process.
        var unkept: (any Error)?
        /// Where it trains; nil for this process.
        public internal(set) var provider: String?
    }

    /// Takes how much is done of what comes before training, and what is counted.
    public typealias OnProgress = @Sendable (_ done: Int, _ total: Int, _ unit: String) -> Void

    /// Takes it and does nothing.
    public static let noProgress: OnProgress = { _, _, _ in }

    /// Why a job is stopped before its end.
    public enum StopReason: Sendable {
        /// Its user ended it.
        case cancelled
        /// Its user stopped it for a while.
        case paused
        /// The process that trains it ends; the job is left as interrupted.
        case processEnds
    }

    let workspace: Workspace
    let clock: WorkClock

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
        let (record, training, validation) = try draft(request, .running)
        let folder = try jobFolder(record.id)
        var unkept: (any Error)?
        do {
            // Before the job is stored, so that whatever is stored can be resumed.
            try folder.keep(
                training.examples,
                validation?.examples ?? [],
                checkGoingOn: Task.checkCancellation
            )
        } catch is CancellationError {
            folder.remove()
            throw CancellationError()
        } catch {
            unkept = error
        }
        let number: Int
        do {
            number = try workspace.store().insert(
                record,
                messages: [record.wording.created(record.id), record.wording.started]
            )
        } catch {
            folder.remove()
            throw error
        }
        return Prepared(
            record: record,
            number: number,
            examples: training.examples,
            validation: validation?.examples ?? [],
            skippedRows: training.skippedRows,
            goesOn: false,
            earlierSeconds: 0,
            unkept: unkept,
            provider: try ModelLibrary(workspace).elsewhere(of: record)?.provider
        )
    }

    /// Renders the examples, keeps them, and stores the job as waiting for its turn in this process.
    ///
    /// - Parameters:
    ///   - request: what to train.
    ///   - served: what the API knows of the job, given the job's id.
    ///   - messages: the job's first events, given what the API knows of it.
    /// - Returns: the job.
    /// - Throws: as ``prepare(_:)``, `job-exists` for an idempotency key that is known, and what keeps the examples
    ///   from being written, without which the job could not start.
    public func enqueue(
        _ request: Request,
        served: (_ id: String) throws -> ServedJobRecord,
        messages: (ServedJobRecord) -> [String]
    ) throws -> StoredJob {
        let (record, training, validation) = try draft(request, .queued)
        let folder = try jobFolder(record.id)
        do {
            let served = try served(record.id)
            try folder.keep(
                training.examples,
                validation?.examples ?? [],
                checkGoingOn: Task.checkCancellation
            )
            let number = try workspace.store().insert(
                record,
                messages: messages(served),
                served: served
            )
            return StoredJob(number: number, record: record)
        } catch {
            folder.remove()
            throw error
        }
    }

    /// Returns what is stored of a job, and its examples.
    private func draft(
        _ request: Request,
        _ status: JobStatus
    ) throws -> (record: JobRecord, training: ExampleSet, validation: ExampleSet?) {
        let library = ModelLibrary(workspace)
        let parent = try library.parent(request.base)
        if let name = request.name { try library.requireNoBase(name) }
        try library.check(request, of: parent?.base ?? request.base)
        if let place = request.cluster {
            try ClusterLibrary(workspace).check(
                place,
                of: request.hyperparameters,
                trains: library.base(parent?.base ?? request.base)
            )
        }
        let format =
            request.hasFinishedTexts
            ? try request.dataset.requiredFormat() : try trainingFormat(request.dataset, parent)
        let chat =
            request.hasFinishedTexts
            ? nil : try library.rendering(for: parent, or: request.base, of: format)
        let training = try ExampleSet(request.dataset, format: format, chat: chat)
        try library.checkClassWeights(
            request.hyperparameters.classWeights,
            of: parent?.base ?? request.base,
            among: training.examples
        )
        let validation = try request.validation.map {
            try ExampleSet($0, format: format, chat: chat)
        }
        var record = JobRecord(
            id: JobRunner.newID(),
            status: status,
            base: parent?.id ?? request.base,
            dataset: request.dataset.name,
            datasetFingerprint: request.dataset.fingerprint,
            validation: request.validation?.name,
            settings: request.hyperparameters.asSettings + (request.cluster?.settings ?? []),
            createdAt: clock.now(),
            name: request.name,
            suffix: request.suffix,
            format: parent?.format ?? request.modelFormat ?? format,
            process: ProcessIdentity.current.text
        )
        record.wording = request.wording
        record.idBase = request.idBase ?? parent.map { ModelLibrary.idBase(of: $0) }
        record.classification = request.classification
        return (record, training, validation)
    }

    /// Readies a job that waits for its turn in this process.
    ///
    /// - Throws: as ``prepareToResume(_:)``.
    public func prepareToStart(_ job: StoredJob) throws -> Prepared {
        try takeOn(job, .start)
    }

    /// Readies a job that was paused, interrupted, cancelled or failed to go on from its checkpoint, or from its
    /// beginning when it had none yet.
    ///
    /// - Throws: `no-checkpoint` when its examples could not be kept, `job-state` when it cannot go on.
    public func prepareToResume(_ job: StoredJob) throws -> Prepared {
        try takeOn(job, .resume)
    }

    private func takeOn(_ job: StoredJob, _ event: JobLifecycle.Event) throws -> Prepared {
        do {
            _ = try JobLifecycle(job.record.status).after(event)
        } catch {
            throw error.diagnostic(job: String(job.number))
        }
        let folder = try jobFolder(job.record.id)
        guard folder.canGoOn else {
            throw Diagnostic(
                "no-checkpoint",
                "job \(job.number) has no checkpoint, and its examples are not kept",
                hint: "start it anew: \(job.record.command)"
            )
        }
        let examples = try folder.examples()
        let isTaken = try workspace.store().setStatus(
            .running,
            of: job.record,
            process: ProcessIdentity.current.text,
            message: event == .start && !folder.hasCheckpoint
                ? job.record.wording.started : job.record.wording.resumed,
            at: clock.now()
        )
        guard isTaken else {
            throw Diagnostic(
                "job-state",
                "job \(job.number) was just taken on or changed by another process",
                hint: "see how it stands with 'job \(job.number)'"
            )
        }
        var record = job.record
        record.status = .running
        record.process = ProcessIdentity.current.text
        return Prepared(
            record: record,
            number: job.number,
            examples: examples.training,
            validation: examples.validation,
            skippedRows: 0,
            goesOn: folder.hasCheckpoint,
            earlierSeconds: Double(job.trainingMilliseconds) / 1000,
            provider: try ModelLibrary(workspace).elsewhere(of: record)?.provider
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
