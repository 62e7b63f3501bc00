public import FettleCore

/// A model that a job kept on its way.
public struct FineTuningJobCheckpoint: WireValue {
    /// The id, as `ftckpt_…`.
    public var id: String
    /// When, in seconds since 1970.
    public var createdAt: Int
    /// The model that can be asked.
    public var fineTunedModelCheckpoint: String
    /// The job.
    public var fineTuningJobID: String
    /// The step after which it was kept.
    public var stepNumber: Int
    /// How good it was.
    public var metrics: FineTuningMetrics

    /// Makes one.
    public init(
        id: String,
        createdAt: Int = 0,
        fineTunedModelCheckpoint: String = "",
        fineTuningJobID: String = "",
        stepNumber: Int = 0,
        metrics: FineTuningMetrics = FineTuningMetrics()
    ) {
        self.id = id
        self.createdAt = createdAt
        self.fineTunedModelCheckpoint = fineTunedModelCheckpoint
        self.fineTuningJobID = fineTuningJobID
        self.stepNumber = stepNumber
        self.metrics = metrics
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        id = try object.required("id", object.string("id"))
        createdAt = try object.integer("created_at") ?? 0
        fineTunedModelCheckpoint = try object.string("fine_tuned_model_checkpoint") ?? ""
        fineTuningJobID = try object.string("fine_tuning_job_id") ?? ""
        stepNumber = try object.integer("step_number") ?? 0
        metrics = try object.value(FineTuningMetrics.self, "metrics") ?? FineTuningMetrics()
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        members.append(.init("object", .string("fine_tuning.job.checkpoint")))
        members.append(.init("id", wire(id)))
        members.append(.init("created_at", wire(createdAt)))
        members.append(.init("fine_tuned_model_checkpoint", wire(fineTunedModelCheckpoint)))
        members.append(.init("fine_tuning_job_id", wire(fineTuningJobID)))
        members.append(.init("step_number", wire(stepNumber)))
        members.append(.init("metrics", wire(metrics)))
        return .object(members)
    }
}

/// The figures of a step.
public struct FineTuningMetrics: WireValue {
    /// The step.
    public var step: Double?
    /// The loss on the step's examples.
    public var trainLoss: Double?
    /// The share of right tokens on the step's examples.
    public var trainMeanTokenAccuracy: Double?
    /// The loss on some validation examples.
    public var validLoss: Double?
    /// The share of right tokens on some validation examples.
    public var validMeanTokenAccuracy: Double?
    /// The loss on all validation examples.
    public var fullValidLoss: Double?
    /// The share of right tokens on all validation examples.
    public var fullValidMeanTokenAccuracy: Double?

    /// Makes one.
    public init(
        step: Double? = nil,
        trainLoss: Double? = nil,
        trainMeanTokenAccuracy: Double? = nil,
        validLoss: Double? = nil,
        validMeanTokenAccuracy: Double? = nil,
        fullValidLoss: Double? = nil,
        fullValidMeanTokenAccuracy: Double? = nil
    ) {
        self.step = step
        self.trainLoss = trainLoss
        self.trainMeanTokenAccuracy = trainMeanTokenAccuracy
        self.validLoss = validLoss
        self.validMeanTokenAccuracy = validMeanTokenAccuracy
        self.fullValidLoss = fullValidLoss
        self.fullValidMeanTokenAccuracy = fullValidMeanTokenAccuracy
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        step = try object.number("step")
        trainLoss = try object.number("train_loss")
        trainMeanTokenAccuracy = try object.number("train_mean_token_accuracy")
        validLoss = try object.number("valid_loss")
        validMeanTokenAccuracy = try object.number("valid_mean_token_accuracy")
        fullValidLoss = try object.number("full_valid_loss")
        fullValidMeanTokenAccuracy = try object.number("full_valid_mean_token_accuracy")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        if let step { members.append(.init("step", wire(step))) }
        if let trainLoss { members.append(.init("train_loss", wire(trainLoss))) }
        if let trainMeanTokenAccuracy {
            members.append(.init("train_mean_token_accuracy", wire(trainMeanTokenAccuracy)))
        }
        if let validLoss { members.append(.init("valid_loss", wire(validLoss))) }
        if let validMeanTokenAccuracy {
            members.append(.init("valid_mean_token_accuracy", wire(validMeanTokenAccuracy)))
        }
        if let fullValidLoss { members.append(.init("full_valid_loss", wire(fullValidLoss))) }
        if let fullValidMeanTokenAccuracy {
            members.append(
                .init("full_valid_mean_token_accuracy", wire(fullValidMeanTokenAccuracy))
            )
        }
        return .object(members)
    }
}
