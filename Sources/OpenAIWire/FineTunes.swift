public import FettleCore

/// A wish for a job, in the API that the book used (`POST /fine-tunes`).
public struct FineTuneRequest: WireValue {
    /// The id of the file to learn from.
    public var trainingFile: String
    /// The id of the file to judge by.
    public var validationFile: String?
    /// The base or tuned model to start from; the server chooses one when it is nil.
    public var model: String?
    /// How often each example is learnt from.
    public var nEpochs: Int?
    /// Examples in one step.
    public var batchSize: Int?
    /// Times the usual learning rate.
    public var learningRateMultiplier: Double?
    /// How much the prompt counts beside the completion.
    public var promptLossWeight: Double?
    /// Whether classes are judged after each epoch.
    public var computeClassificationMetrics: Bool?
    /// How many classes there are.
    public var classificationNClasses: Int?
    /// The class that counts as positive, of two.
    public var classificationPositiveClass: String?
    /// The betas of the F scores.
    public var classificationBetas: [Double]?
    /// A part of the model's name.
    public var suffix: String?

    /// Makes one.
    public init(
        trainingFile: String,
        validationFile: String? = nil,
        model: String? = nil,
        nEpochs: Int? = nil,
        batchSize: Int? = nil,
        learningRateMultiplier: Double? = nil,
        promptLossWeight: Double? = nil,
        computeClassificationMetrics: Bool? = nil,
        classificationNClasses: Int? = nil,
        classificationPositiveClass: String? = nil,
        classificationBetas: [Double]? = nil,
        suffix: String? = nil
    ) {
        self.trainingFile = trainingFile
        self.validationFile = validationFile
        self.model = model
        self.nEpochs = nEpochs
        self.batchSize = batchSize
        self.learningRateMultiplier = learningRateMultiplier
        self.promptLossWeight = promptLossWeight
        self.computeClassificationMetrics = computeClassificationMetrics
        self.classificationNClasses = classificationNClasses
        self.classificationPositiveClass = classificationPositiveClass
        self.classificationBetas = classificationBetas
        self.suffix = suffix
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        trainingFile = try object.required("training_file", object.string("training_file"))
        validationFile = try object.string("validation_file")
        model = try object.string("model")
        nEpochs = try object.integer("n_epochs", in: 1...50)
        batchSize = try object.integer("batch_size", in: 1...256)
        learningRateMultiplier = try object.number(
            "learning_rate_multiplier",
            in: 0.0.nextUp...Double.greatestFiniteMagnitude
        )
        promptLossWeight = try object.number(
            "prompt_loss_weight",
            in: 0.0...Double.greatestFiniteMagnitude
        )
        computeClassificationMetrics = try object.flag("compute_classification_metrics")
        classificationNClasses = try object.integer("classification_n_classes", in: 2...Int.max)
        classificationPositiveClass = try object.string("classification_positive_class")
        classificationBetas = try object.numbers("classification_betas")
        suffix = try object.string("suffix")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        members.append(.init("training_file", wire(trainingFile)))
        if let validationFile { members.append(.init("validation_file", wire(validationFile))) }
        if let model { members.append(.init("model", wire(model))) }
        if let nEpochs { members.append(.init("n_epochs", wire(nEpochs))) }
        if let batchSize { members.append(.init("batch_size", wire(batchSize))) }
        if let learningRateMultiplier {
            members.append(.init("learning_rate_multiplier", wire(learningRateMultiplier)))
        }
        if let promptLossWeight {
            members.append(.init("prompt_loss_weight", wire(promptLossWeight)))
        }
        if let computeClassificationMetrics {
            members.append(
                .init("compute_classification_metrics", wire(computeClassificationMetrics))
            )
        }
        if let classificationNClasses {
            members.append(.init("classification_n_classes", wire(classificationNClasses)))
        }
        if let classificationPositiveClass {
            members.append(
                .init("classification_positive_class", wire(classificationPositiveClass))
            )
        }
        if let classificationBetas {
            members.append(.init("classification_betas", wire(classificationBetas)))
        }
        if let suffix { members.append(.init("suffix", wire(suffix))) }
        return .object(members)
    }
}

/// What a job of the old API trains with.
public struct FineTuneHyperparameters: WireValue {
    /// How often each example is learnt from.
    public var nEpochs: Int?
    /// Examples in one step.
    public var batchSize: Int?
    /// Times the usual learning rate.
    public var learningRateMultiplier: Double?
    /// How much the prompt counts beside the completion.
    public var promptLossWeight: Double?
    /// Whether classes are judged after each epoch.
    public var computeClassificationMetrics: Bool?
    /// How many classes there are.
    public var classificationNClasses: Int?
    /// The class that counts as positive, of two.
    public var classificationPositiveClass: String?
    /// The betas of the F scores.
    public var classificationBetas: [Double]?

    /// Makes one.
    public init(
        nEpochs: Int? = nil,
        batchSize: Int? = nil,
        learningRateMultiplier: Double? = nil,
        promptLossWeight: Double? = nil,
        computeClassificationMetrics: Bool? = nil,
        classificationNClasses: Int? = nil,
        classificationPositiveClass: String? = nil,
        classificationBetas: [Double]? = nil
    ) {
        self.nEpochs = nEpochs
        self.batchSize = batchSize
        self.learningRateMultiplier = learningRateMultiplier
        self.promptLossWeight = promptLossWeight
        self.computeClassificationMetrics = computeClassificationMetrics
        self.classificationNClasses = classificationNClasses
        self.classificationPositiveClass = classificationPositiveClass
        self.classificationBetas = classificationBetas
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        nEpochs = try object.integer("n_epochs")
        batchSize = try object.integer("batch_size")
        learningRateMultiplier = try object.number("learning_rate_multiplier")
        promptLossWeight = try object.number("prompt_loss_weight")
        computeClassificationMetrics = try object.flag("compute_classification_metrics")
        classificationNClasses = try object.integer("classification_n_classes")
        classificationPositiveClass = try object.string("classification_positive_class")
        classificationBetas = try object.numbers("classification_betas")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        if let nEpochs { members.append(.init("n_epochs", wire(nEpochs))) }
        if let batchSize { members.append(.init("batch_size", wire(batchSize))) }
        if let learningRateMultiplier {
            members.append(.init("learning_rate_multiplier", wire(learningRateMultiplier)))
        }
        if let promptLossWeight {
            members.append(.init("prompt_loss_weight", wire(promptLossWeight)))
        }
        if let computeClassificationMetrics {
            members.append(
                .init("compute_classification_metrics", wire(computeClassificationMetrics))
            )
        }
        if let classificationNClasses {
            members.append(.init("classification_n_classes", wire(classificationNClasses)))
        }
        if let classificationPositiveClass {
            members.append(
                .init("classification_positive_class", wire(classificationPositiveClass))
            )
        }
        if let classificationBetas {
            members.append(.init("classification_betas", wire(classificationBetas)))
        }
        return .object(members)
    }
}

/// A job, as the API that the book used shows it.
public struct FineTune: WireValue {
    /// The id, as `ft-…`.
    public var id: String
    /// What it trains with.
    public var hyperparameters: FineTuneHyperparameters
    /// Whose it is.
    public var organizationID: String
    /// The model that it starts from.
    public var model: String
    /// What it learns from.
    public var trainingFiles: [FileObject]
    /// What it is judged by.
    public var validationFiles: [FileObject]
    /// What it made beside the model.
    public var resultFiles: [FileObject]
    /// When it was asked for, in seconds since 1970.
    public var createdAt: Int
    /// When it last changed, in seconds since 1970.
    public var updatedAt: Int
    /// `pending`, `running`, `succeeded`, `failed` or `cancelled`.
    public var status: String
    /// The model that it made.
    public var fineTunedModel: String?
    /// What happened, oldest first; lists of jobs leave it out.
    public var events: [FineTuneEvent]?

    /// Makes one.
    public init(
        id: String,
        hyperparameters: FineTuneHyperparameters = FineTuneHyperparameters(),
        organizationID: String = "",
        model: String = "",
        trainingFiles: [FileObject] = [],
        validationFiles: [FileObject] = [],
        resultFiles: [FileObject] = [],
        createdAt: Int = 0,
        updatedAt: Int = 0,
        status: String = "pending",
        fineTunedModel: String? = nil,
        events: [FineTuneEvent]? = nil
    ) {
        self.id = id
        self.hyperparameters = hyperparameters
        self.organizationID = organizationID
        self.model = model
        self.trainingFiles = trainingFiles
        self.validationFiles = validationFiles
        self.resultFiles = resultFiles
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.status = status
        self.fineTunedModel = fineTunedModel
        self.events = events
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        id = try object.required("id", object.string("id"))
        hyperparameters =
            try object.value(FineTuneHyperparameters.self, "hyperparams")
            ?? FineTuneHyperparameters()
        organizationID = try object.string("organization_id") ?? ""
        model = try object.string("model") ?? ""
        trainingFiles = try object.list(FileObject.self, "training_files") ?? []
        validationFiles = try object.list(FileObject.self, "validation_files") ?? []
        resultFiles = try object.list(FileObject.self, "result_files") ?? []
        createdAt = try object.integer("created_at") ?? 0
        updatedAt = try object.integer("updated_at") ?? 0
        status = try object.string("status") ?? "pending"
        fineTunedModel = try object.string("fine_tuned_model")
        events = try object.list(FineTuneEvent.self, "events")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        members.append(.init("object", .string("fine-tune")))
        members.append(.init("id", wire(id)))
        members.append(.init("hyperparams", wire(hyperparameters)))
        members.append(.init("organization_id", wire(organizationID)))
        members.append(.init("model", wire(model)))
        members.append(.init("training_files", wire(trainingFiles)))
        members.append(.init("validation_files", wire(validationFiles)))
        members.append(.init("result_files", wire(resultFiles)))
        members.append(.init("created_at", wire(createdAt)))
        members.append(.init("updated_at", wire(updatedAt)))
        members.append(.init("status", wire(status)))
        members.append(.init("fine_tuned_model", fineTunedModel.map { wire($0) } ?? .null))
        if let events { members.append(.init("events", wire(events))) }
        return .object(members)
    }
}

/// Something that happened to a job of the old API.
public struct FineTuneEvent: WireValue {
    /// `info`, `warn` or `error`.
    public var level: String
    /// What happened.
    public var message: String
    /// When, in seconds since 1970.
    public var createdAt: Int

    /// Makes one.
    public init(
        level: String = "info",
        message: String = "",
        createdAt: Int = 0
    ) {
        self.level = level
        self.message = message
        self.createdAt = createdAt
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        level = try object.string("level") ?? "info"
        message = try object.string("message") ?? ""
        createdAt = try object.integer("created_at") ?? 0
    }

    /// The JSON of it.
    public var json: JSONValue {
        .object([
            .init("object", .string("fine-tune-event")),
            .init("level", wire(level)),
            .init("message", wire(message)),
            .init("created_at", wire(createdAt)),
        ])
    }
}
