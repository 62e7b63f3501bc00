public import FettleCore

/// A job, as the present API shows it.
public struct FineTuningJob: WireValue {
    /// The id, as `ftjob-…`.
    public var id: String
    /// The model that it starts from.
    public var model: String
    /// When it was asked for, in seconds since 1970.
    public var createdAt: Int
    /// When it ended, in seconds since 1970.
    public var finishedAt: Int?
    /// The model that it made.
    public var fineTunedModel: String?
    /// Whose it is.
    public var organizationID: String
    /// The ids of what it made beside the model.
    public var resultFiles: [String]
    /// `validating_files`, `queued`, `running`, `paused`, `succeeded`, `failed` or `cancelled`.
    public var status: String
    /// The id of the file that it is judged by.
    public var validationFile: String?
    /// The id of the file that it learns from.
    public var trainingFile: String
    /// What it trains with.
    public var hyperparameters: FineTuningHyperparameters
    /// How many tokens it learnt from, repeats counted.
    public var trainedTokens: Int?
    /// Why it failed.
    public var error: FineTuningJobError?
    /// The part of the model's name that was asked for.
    public var userProvidedSuffix: String?
    /// What makes it the same each time.
    public var seed: Int
    /// When it will have ended, in seconds since 1970.
    public var estimatedFinish: Int?
    /// Where it reports to.
    public var integrations: [FineTuningIntegration]
    /// What its user wants to remember.
    public var metadata: [String: String]?
    /// How it learns.
    public var method: FineTuningMethod?

    /// Makes one.
    public init(
        id: String,
        model: String = "",
        createdAt: Int = 0,
        finishedAt: Int? = nil,
        fineTunedModel: String? = nil,
        organizationID: String = "",
        resultFiles: [String] = [],
        status: String = "queued",
        validationFile: String? = nil,
        trainingFile: String = "",
        hyperparameters: FineTuningHyperparameters = FineTuningHyperparameters(),
        trainedTokens: Int? = nil,
        error: FineTuningJobError? = nil,
        userProvidedSuffix: String? = nil,
        seed: Int = 0,
        estimatedFinish: Int? = nil,
        integrations: [FineTuningIntegration] = [],
        metadata: [String: String]? = nil,
        method: FineTuningMethod? = nil
    ) {
        self.id = id
        self.model = model
        self.createdAt = createdAt
        self.finishedAt = finishedAt
        self.fineTunedModel = fineTunedModel
        self.organizationID = organizationID
        self.resultFiles = resultFiles
        self.status = status
        self.validationFile = validationFile
        self.trainingFile = trainingFile
        self.hyperparameters = hyperparameters
        self.trainedTokens = trainedTokens
        self.error = error
        self.userProvidedSuffix = userProvidedSuffix
        self.seed = seed
        self.estimatedFinish = estimatedFinish
        self.integrations = integrations
        self.metadata = metadata
        self.method = method
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        let object = object.asAnswer
        id = try object.required("id", object.string("id"))
        model = try object.string("model") ?? ""
        createdAt = try object.integer("created_at") ?? 0
        finishedAt = try object.integer("finished_at")
        fineTunedModel = try object.string("fine_tuned_model")
        organizationID = try object.string("organization_id") ?? ""
        resultFiles = try object.strings("result_files") ?? []
        status = try object.string("status") ?? "queued"
        validationFile = try object.string("validation_file")
        trainingFile = try object.string("training_file") ?? ""
        hyperparameters =
            try object.value(FineTuningHyperparameters.self, "hyperparameters")
            ?? FineTuningHyperparameters()
        trainedTokens = try object.integer("trained_tokens")
        error = try object.value(FineTuningJobError.self, "error")
        userProvidedSuffix = try object.string("user_provided_suffix")
        seed = try object.integer("seed") ?? 0
        estimatedFinish = try object.integer("estimated_finish")
        integrations = try object.list(FineTuningIntegration.self, "integrations") ?? []
        metadata = try object.texts("metadata")
        method = try object.value(FineTuningMethod.self, "method")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        members.append(.init("object", .string("fine_tuning.job")))
        members.append(.init("id", wire(id)))
        members.append(.init("model", wire(model)))
        members.append(.init("created_at", wire(createdAt)))
        members.append(.init("finished_at", finishedAt.map { wire($0) } ?? .null))
        members.append(.init("fine_tuned_model", fineTunedModel.map { wire($0) } ?? .null))
        members.append(.init("organization_id", wire(organizationID)))
        members.append(.init("result_files", wire(resultFiles)))
        members.append(.init("status", wire(status)))
        members.append(.init("validation_file", validationFile.map { wire($0) } ?? .null))
        members.append(.init("training_file", wire(trainingFile)))
        members.append(.init("hyperparameters", wire(hyperparameters)))
        members.append(.init("trained_tokens", trainedTokens.map { wire($0) } ?? .null))
        members.append(.init("error", error.map { wire($0) } ?? .null))
        members.append(.init("user_provided_suffix", userProvidedSuffix.map { wire($0) } ?? .null))
        members.append(.init("seed", wire(seed)))
        members.append(.init("estimated_finish", estimatedFinish.map { wire($0) } ?? .null))
        members.append(.init("integrations", wire(integrations)))
        members.append(.init("metadata", metadata.map { wire($0) } ?? .null))
        members.append(.init("method", method.map { wire($0) } ?? .null))
        return .object(members)
    }
}
