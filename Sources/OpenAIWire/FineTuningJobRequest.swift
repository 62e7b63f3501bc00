public import FettleCore

/// A wish for a job (`POST /fine_tuning/jobs`).
public struct FineTuningJobRequest: WireValue {
    /// The base or tuned model to start from.
    public var model: String
    /// The id of the file to learn from.
    public var trainingFile: String
    /// The id of the file to judge by.
    public var validationFile: String?
    /// A part of the model's name, up to 64 characters.
    public var suffix: String?
    /// What makes it the same each time.
    public var seed: Int?
    /// How to learn; supervised when it is nil.
    public var method: FineTuningMethod?
    /// What to train with, in the older place.
    public var hyperparameters: FineTuningHyperparameters?
    /// Where to report to.
    public var integrations: [FineTuningIntegration]?
    /// What to remember, up to 16 names of 64 and values of 512 characters.
    public var metadata: [String: String]?

    /// Makes one.
    public init(
        model: String,
        trainingFile: String,
        validationFile: String? = nil,
        suffix: String? = nil,
        seed: Int? = nil,
        method: FineTuningMethod? = nil,
        hyperparameters: FineTuningHyperparameters? = nil,
        integrations: [FineTuningIntegration]? = nil,
        metadata: [String: String]? = nil
    ) {
        self.model = model
        self.trainingFile = trainingFile
        self.validationFile = validationFile
        self.suffix = suffix
        self.seed = seed
        self.method = method
        self.hyperparameters = hyperparameters
        self.integrations = integrations
        self.metadata = metadata
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        model = try object.required("model", object.string("model"))
        trainingFile = try object.required("training_file", object.string("training_file"))
        validationFile = try object.string("validation_file")
        suffix = try object.string("suffix")
        seed = try object.integer("seed", in: 0...0x7FFF_FFFF)
        method = try object.value(FineTuningMethod.self, "method")
        hyperparameters = try object.value(FineTuningHyperparameters.self, "hyperparameters")
        integrations = try object.list(FineTuningIntegration.self, "integrations")
        metadata = try object.texts("metadata")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        members.append(.init("model", wire(model)))
        members.append(.init("training_file", wire(trainingFile)))
        if let validationFile { members.append(.init("validation_file", wire(validationFile))) }
        if let suffix { members.append(.init("suffix", wire(suffix))) }
        if let seed { members.append(.init("seed", wire(seed))) }
        if let method { members.append(.init("method", wire(method))) }
        if let hyperparameters { members.append(.init("hyperparameters", wire(hyperparameters))) }
        if let integrations { members.append(.init("integrations", wire(integrations))) }
        if let metadata { members.append(.init("metadata", wire(metadata))) }
        return .object(members)
    }
}

/// Where a job reports to.
public struct FineTuningIntegration: WireValue {
    /// The service, as `wandb`.
    public var type: String
    /// What that service needs.
    public var wandb: JSONValue?

    /// Makes one.
    public init(
        type: String = "wandb",
        wandb: JSONValue? = nil
    ) {
        self.type = type
        self.wandb = wandb
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        type = try object.string("type") ?? "wandb"
        wandb = object.any("wandb")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        members.append(.init("type", wire(type)))
        if let wandb { members.append(.init("wandb", wire(wandb))) }
        return .object(members)
    }
}
