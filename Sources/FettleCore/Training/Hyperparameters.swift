/// In which order the training examples are shown.
public enum ShuffleMode: String, Hashable, Sendable, CaseIterable {
    /// In a new random order each epoch.
    case epoch
    /// In one random order, the same each epoch.
    case once
    /// In the order of the dataset.
    case none
}

/// What the user may set for a training run; nil means "auto": the engine chooses and says why.
public struct Hyperparameters: Hashable, Sendable {
    /// Passes over the training examples, at least 1.
    public var epochs: Int?
    /// Examples in one weight update, at least 1.
    public var batchSize: Int?
    /// Factor on the engine's own learning rate, more than 0.
    public var learningRateMultiplier: Double?
    /// The order of the examples.
    public var shuffle: ShuffleMode
    /// Seed of every random choice of the run.
    public var seed: UInt64
    /// What the examples of each class count in the loss; nil for all alike.
    public var classWeights: ClassWeights?
    /// What only language models take.
    public var language: LanguageHyperparameters

    /// Makes a set of hyperparameters; what is nil is chosen by the engine.
    public init(
        epochs: Int? = nil,
        batchSize: Int? = nil,
        learningRateMultiplier: Double? = nil,
        shuffle: ShuffleMode = .epoch,
        seed: UInt64 = 0,
        classWeights: ClassWeights? = nil,
        language: LanguageHyperparameters = LanguageHyperparameters()
    ) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.learningRateMultiplier = learningRateMultiplier
        self.shuffle = shuffle
        self.seed = seed
        self.classWeights = classWeights
        self.language = language
    }
}

/// A value that a run used, and the reason when the engine chose it.
public struct ChosenSetting: Hashable, Sendable {
    /// The setting's name as the user writes it, such as `n_epochs`.
    public var name: String
    /// The value as text.
    public var value: String
    /// Why the engine chose it; nil when the user set it.
    public var reason: String?

    /// Makes a chosen setting.
    public init(name: String, value: String, reason: String? = nil) {
        self.name = name
        self.value = value
        self.reason = reason
    }
}

/// One row of a run's metrics, in the columns of the fine-tuning API's result file.
public struct TrainingMetrics: Hashable, Sendable {
    /// Weight updates so far.
    public var step: Int
    /// Weight updates of the whole run.
    public var totalSteps: Int
    /// Examples shown so far, repeats counted.
    public var elapsedExamples: Int
    /// Tokens shown so far, repeats counted.
    public var elapsedTokens: Int
    /// Mean loss in nats per example since the row before, times the weights of the examples' classes where
    /// these have any.
    public var trainingLoss: Double
    /// Share of right answers since the row before, before each update.
    public var trainingAccuracy: Double
    /// Mean loss in nats per example on the validation examples, when measured at this step.
    public var validationLoss: Double?
    /// Share of right answers on the validation examples, when measured at this step.
    public var validationAccuracy: Double?
    /// The share of the run's time that is over, where measuring takes a part of it; not among the columns.
    public var share: Double?

    /// Makes a row.
    public init(
        step: Int,
        totalSteps: Int,
        elapsedExamples: Int,
        elapsedTokens: Int,
        trainingLoss: Double,
        trainingAccuracy: Double,
        validationLoss: Double? = nil,
        validationAccuracy: Double? = nil
    ) {
        self.step = step
        self.totalSteps = totalSteps
        self.elapsedExamples = elapsedExamples
        self.elapsedTokens = elapsedTokens
        self.trainingLoss = trainingLoss
        self.trainingAccuracy = trainingAccuracy
        self.validationLoss = validationLoss
        self.validationAccuracy = validationAccuracy
    }
}
