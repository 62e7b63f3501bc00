public import FettleCore
public import FettleStore
public import OpenAIWire

/// The jobs of the API that the book used, in that API's forms, for whoever speaks them: the server's routes and
/// the old command line.
public struct LegacyFineTunes: Sendable {
    private let served: ServedJobs
    private let files: FileLibrary

    /// Makes them of a workspace's jobs and files.
    public init(_ served: ServedJobs, _ files: FileLibrary) {
        self.served = served
        self.files = files
    }

    /// Returns a job by its id.
    ///
    /// - Throws: `unknown-job`, also for a job of the other API.
    public func job(_ id: String) throws(Diagnostic) -> ServedJob {
        let job = try served.job(id)
        guard job.served?.generation == ServedGeneration.legacy.rawValue else {
            throw Diagnostic("unknown-job", "No fine-tune job: \(id)")
        }
        return job
    }

    /// Returns all jobs, oldest first, without their events.
    public func list() throws -> WireList<FineTune> {
        WireList(try served.jobs(.legacy).map { try form($0, withEvents: false) })
    }

    /// Returns what happened to a job, oldest first.
    ///
    /// - Throws: `unknown-job`.
    public func events(of id: String) throws -> WireList<FineTuneEvent> {
        WireList(try served.messages(of: try job(id).id).map { FineTuneEvent($0) })
    }

    /// Ends a job that waits or trains, and returns it as it is then.
    ///
    /// - Throws: `unknown-job`; `job-state`.
    public func cancel(_ id: String) async throws -> FineTune {
        try form(try await served.cancel(try job(id).id))
    }

    /// Leaves a job that has ended out of the lists.
    ///
    /// - Throws: `unknown-job`; `job-state`.
    public func delete(_ id: String) throws -> Deletion {
        let id = try job(id).id
        try served.delete(id)
        return Deletion(id: id, kind: "fine-tune")
    }

    /// Returns the API's form of a job.
    public func form(_ job: ServedJob, withEvents: Bool = true) throws -> FineTune {
        let events = try served.messages(of: job.id)
        func files(_ id: String?) -> [FileObject] {
            // Its user may have deleted it meanwhile.
            guard let id, let file = try? self.files.file(id) else { return [] }
            return [FileObject(file)]
        }
        let classification = job.options.classification
        return FineTune(
            id: job.id,
            hyperparameters: FineTuneHyperparameters(
                nEpochs: job.options.epochs ?? job.chosenInteger("n_epochs"),
                batchSize: job.options.batchSize ?? job.chosenInteger("batch_size"),
                learningRateMultiplier: job.options.learningRateMultiplier
                    ?? job.chosenNumber("learning_rate_multiplier"),
                promptLossWeight: job.options.promptLossWeight,
                computeClassificationMetrics: classification == nil ? nil : true,
                classificationNClasses: classification?.classCount,
                classificationPositiveClass: classification?.positiveClass,
                classificationBetas: classification.flatMap { $0.betas.isEmpty ? nil : $0.betas }
            ),
            organizationID: Organisation.id,
            model: job.model,
            trainingFiles: files(job.served?.trainingFile),
            validationFiles: files(job.served?.validationFile),
            resultFiles: files(job.served?.resultFile),
            createdAt: job.stored.record.createdAt.wholeSeconds,
            updatedAt: (events.last?.at ?? job.stored.record.createdAt).wholeSeconds,
            status: Self.status(job.status),
            fineTunedModel: job.stored.model,
            events: withEvents ? events.map { FineTuneEvent($0) } : nil
        )
    }

    /// Returns the old API's word for where a job stands.
    public static func status(_ status: JobStatus) -> String {
        switch status {
        case .queued, .paused, .interrupted: "pending"
        case .running, .succeeded, .failed, .cancelled: status.rawValue
        }
    }
}

extension ServedJobs.Submission {
    /// What the old API tuned unless a request said otherwise.
    private static let usualModel = "curie"

    /// Makes a request of the old API's form.
    public init(_ request: FineTuneRequest, idempotencyKey: String? = nil) {
        var options = ServedOptions()
        options.epochs = request.nEpochs
        options.batchSize = request.batchSize
        options.learningRateMultiplier = request.learningRateMultiplier
        options.promptLossWeight = request.promptLossWeight
        options.suffix = request.suffix
        options.classification = ClassificationOptions(
            classCount: request.classificationNClasses,
            positiveClass: request.classificationPositiveClass,
            betas: request.classificationBetas ?? []
        )
        self.init(
            .legacy,
            model: request.model ?? Self.usualModel,
            trainingFile: request.trainingFile,
            validationFile: request.validationFile,
            options: options,
            measuresClasses: request.computeClassificationMetrics == true,
            idempotencyKey: idempotencyKey
        )
    }
}

/// Whose everything is.
public enum Organisation {
    /// The id that the API says.
    public static let id = "org-personal"
}

extension FineTuneEvent {
    /// Makes the API's form of what happened to a job.
    public init(_ event: ServedEvent) {
        self.init(level: event.level, message: event.message, createdAt: event.at.wholeSeconds)
    }
}

extension FileObject {
    /// Makes the API's form of a file.
    public init(_ file: FileRecord) {
        self.init(
            id: file.id,
            purpose: file.purpose,
            filename: file.filename,
            bytes: Int(file.bytes),
            createdAt: file.createdAt.wholeSeconds,
            status: file.status,
            statusDetails: file.statusDetails
        )
    }
}

extension ServedJob {
    /// Returns a setting that the model was made with.
    public func chosenInteger(_ name: String) -> Int? {
        chosen.first { $0.name == name }.flatMap { Int($0.value) }
    }

    /// Returns a setting that the model was made with.
    public func chosenNumber(_ name: String) -> Double? {
        chosen.first { $0.name == name }.flatMap { Double($0.value) }
    }
}

extension Int64 {
    /// Milliseconds as seconds.
    fileprivate var wholeSeconds: Int { Int(self / 1000) }
}
