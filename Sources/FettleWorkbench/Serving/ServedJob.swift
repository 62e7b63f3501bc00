public import FettleCore
public import FettleStore

/// The two fine-tuning APIs.
public enum ServedGeneration: String, Hashable, Sendable {
    /// The one of 2021 to 2023.
    case legacy
    /// The one since 2023.
    case modern
}

/// What was asked for beside the files and the model.
public struct ServedOptions: Hashable, Sendable, Codable {
    /// How often each example is shown; nil for what suits the data.
    public var epochs: Int?
    /// Examples in one update of the weights; nil for what suits the data.
    public var batchSize: Int?
    /// Factor on the engine's own learning rate; nil for none.
    public var learningRateMultiplier: Double?
    /// How much prompts count; kept and shown, since only completions are learnt here.
    public var promptLossWeight: Double?
    /// Part of the model's id, as it was asked for.
    public var suffix: String?
    /// Seed of every random choice; nil for one that is chosen.
    public var seed: UInt64?
    /// What the user notes with the job.
    public var metadata: [String: String]?
    /// How the model is measured at the end of each epoch.
    public var classification: ClassificationOptions?

    /// Makes options that leave everything open.
    public init() {}
}

/// A job as the API shows it.
public struct ServedJob: Hashable, Sendable {
    /// The job.
    public var stored: StoredJob
    /// What the API knows of it; nil for a job of the shell.
    public var served: ServedJobRecord?
    /// What was asked for.
    public var options: ServedOptions
    /// The settings that its model was made with; empty before there is one.
    public var chosen: [ChosenSetting]
    /// Tokens shown, repeats counted, when it has succeeded.
    public var trainedTokens: Int?
    /// When it will probably have ended, in milliseconds since 1970; nil unless it trains, and for lists.
    public var estimatedFinish: Int64?

    /// The id that the API shows.
    public var id: String { served?.apiID ?? stored.record.id }
    /// The model that was asked for.
    public var model: String { served?.model ?? stored.record.base }
    /// Where it stands.
    public var status: JobStatus { stored.record.status }

    /// Why it failed, and the field of the request that is at fault when one is; nil unless it failed.
    public var failure: (code: String, message: String, field: String?)? {
        guard status == .failed else { return nil }
        let message = stored.error ?? "the job failed"
        let isAboutFile = ServedJob.fileErrors.contains(stored.errorCode ?? "")
        return isAboutFile
            ? ("invalid_training_file", message, "training_file") : ("server_error", message, nil)
    }

    /// The errors that come of what stands in the training file.
    private static let fileErrors: Set = [
        "no-examples", "one-class", "open-ended-completions", "bad-example", "bad-training-file",
    ]
}

/// Something that happened to a job.
public struct ServedEvent: Hashable, Sendable {
    /// The id, `ftevent-…`; never changes, and a later event never comes before it.
    public var id: String
    /// When, in milliseconds since 1970.
    public var at: Int64
    /// `info`, `warn` or `error`.
    public var level: String
    /// What happened.
    public var message: String
    /// The row of metrics that it tells; nil for a message.
    public var metrics: TrainingMetrics?

    init(_ event: JobEvent) {
        id = "ftevent-\(event.id)"
        at = event.at
        level = event.level
        message = event.message
    }

    init(_ row: StoredMetrics, of job: StoredJob) {
        id = "ftevent-\(job.number)-\(row.metrics.step)"
        at = row.at ?? job.record.createdAt
        level = "info"
        let metrics = row.metrics
        var parts = ["training loss=\(NumberText.decimal(metrics.trainingLoss, digits: 2))"]
        if let loss = metrics.validationLoss {
            parts.append("validation loss=\(NumberText.decimal(loss, digits: 2))")
        }
        message = "Step \(metrics.step)/\(metrics.totalSteps): " + parts.joined(separator: ", ")
        self.metrics = metrics
    }
}

/// A model that a job kept, and the metrics of its last step.
public struct ServedCheckpoint: Hashable, Sendable {
    /// The id, `ftckpt_…`.
    public var id: String
    /// When it was made, in milliseconds since 1970.
    public var at: Int64
    /// The model's id.
    public var model: String
    /// The metrics.
    public var metrics: TrainingMetrics
}
