public import FettleCore

/// What a job trains with; what is nil was not said, or is not told.
public struct FineTuningHyperparameters: WireValue {
    /// How often each example is learnt from.
    public var nEpochs: AutomaticOr<Int>?
    /// Examples in one step.
    public var batchSize: AutomaticOr<Int>?
    /// Times the usual learning rate.
    public var learningRateMultiplier: AutomaticOr<Double>?
    /// How far preferences may lead from the base model (only the method `dpo`).
    public var beta: AutomaticOr<Double>?

    /// Makes one.
    public init(
        nEpochs: AutomaticOr<Int>? = nil,
        batchSize: AutomaticOr<Int>? = nil,
        learningRateMultiplier: AutomaticOr<Double>? = nil,
        beta: AutomaticOr<Double>? = nil
    ) {
        self.nEpochs = nEpochs
        self.batchSize = batchSize
        self.learningRateMultiplier = learningRateMultiplier
        self.beta = beta
    }

    /// Reads one; the API's limits are those of requests, and servers of others tell what they have.
    public init(reading object: WireObject) throws(WireProblem) {
        let positive = 0.0.nextUp...Double.greatestFiniteMagnitude
        nEpochs = try object.automatic("n_epochs") { name throws(WireProblem) in
            try object.integer(name, in: 1...(object.isAnswer ? Int.max : 50))
        }
        batchSize = try object.automatic("batch_size") { name throws(WireProblem) in
            try object.integer(name, in: 1...(object.isAnswer ? Int.max : 256))
        }
        learningRateMultiplier = try object.automatic("learning_rate_multiplier") {
            name throws(WireProblem) in try object.number(name, in: positive)
        }
        beta = try object.automatic("beta") { name throws(WireProblem) in
            try object.number(name, in: positive)
        }
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        func add<Value>(
            _ name: String,
            _ value: AutomaticOr<Value>?,
            _ write: (Value) -> JSONValue
        ) {
            guard let value else { return }
            members.append(.init(name, value.value.map(write) ?? .string("auto")))
        }
        add("n_epochs", nEpochs) { wire($0) }
        add("batch_size", batchSize) { wire($0) }
        add("learning_rate_multiplier", learningRateMultiplier) { wire($0) }
        add("beta", beta) { wire($0) }
        return .object(members)
    }
}

extension WireObject {
    /// Returns a value that may be `"auto"`.
    fileprivate func automatic<Value>(
        _ name: String,
        _ read: (String) throws(WireProblem) -> Value?
    ) throws(WireProblem) -> AutomaticOr<Value>? {
        if any(name) == .string("auto") { return .automatic }
        guard let value = try read(name) else { return nil }
        return .value(value)
    }
}

/// How a job learns: from completions, from preferences, or by a grader.
public struct FineTuningMethod: WireValue {
    /// `supervised`, `dpo` or `reinforcement`.
    public var type: String
    /// What it trains with; nil when it was not said.
    public var hyperparameters: FineTuningHyperparameters?

    /// Makes one.
    public init(type: String, hyperparameters: FineTuningHyperparameters? = nil) {
        self.type = type
        self.hyperparameters = hyperparameters
    }

    /// Reads one, its hyperparameters from the member that is called as the type.
    public init(reading object: WireObject) throws(WireProblem) {
        type = try object.required("type", object.string("type"))
        guard ["supervised", "dpo", "reinforcement"].contains(type) else {
            throw WireProblem(
                "'method.type' must be 'supervised', 'dpo' or 'reinforcement', found '\(type)'",
                param: "method.type"
            )
        }
        hyperparameters = try object.value(MethodOptions.self, type)?.hyperparameters
    }

    /// The JSON of it.
    public var json: JSONValue {
        .object([
            .init("type", .string(type)),
            .init(type, MethodOptions(hyperparameters: hyperparameters).json),
        ])
    }
}

/// What stands under the name of a method.
private struct MethodOptions: WireValue {
    let hyperparameters: FineTuningHyperparameters?

    init(hyperparameters: FineTuningHyperparameters?) {
        self.hyperparameters = hyperparameters
    }

    init(reading object: WireObject) throws(WireProblem) {
        hyperparameters = try object.value(FineTuningHyperparameters.self, "hyperparameters")
    }

    var json: JSONValue {
        .object(hyperparameters.map { [.init("hyperparameters", $0.json)] } ?? [])
    }
}

/// Why a job failed.
public struct FineTuningJobError: WireValue {
    /// A word for programs, such as `invalid_training_file`.
    public var code: String
    /// What is wrong.
    public var message: String
    /// The member of the request that it is about.
    public var param: String?

    /// Makes one.
    public init(code: String, message: String, param: String? = nil) {
        self.code = code
        self.message = message
        self.param = param
    }

    /// Reads one; jobs that have not failed show one without a message.
    public init(reading object: WireObject) throws(WireProblem) {
        code = try object.string("code") ?? ""
        message = try object.string("message") ?? ""
        param = try object.string("param")
    }

    /// Whether there is no error in it, as real services write for jobs that go well.
    public var isEmpty: Bool { code.isEmpty && message.isEmpty }

    /// The JSON of it.
    public var json: JSONValue {
        .object([
            .init("code", .string(code)),
            .init("message", .string(message)),
            .init("param", param.map { .string($0) } ?? .null),
        ])
    }
}
