public import FettleCore

/// A model that tuning starts from.
///
/// To add one, write a file with a `BaseModel` value and name it in ``all``.
public struct BaseModel: Sendable {
    /// What a training run is given.
    public struct Run {
        /// The training examples in the order of the dataset.
        public var examples: [Example]
        /// Whether their prompts are conversations, rendered by ``BaseModel/chat``.
        public var isChat = false
        /// The validation examples; may be empty.
        public var validation: [Example]
        /// What the user set.
        public var hyperparameters: Hyperparameters
        /// Weights to go on from; nil for the base model's own.
        public var weights: String?
        /// The file that keeps what a killed run can go on from.
        public var checkpoint: String
        /// Whether to go on from that file.
        public var goesOn: Bool
        /// Called before each checkpoint is written, to store what must not be behind it.
        public var willWriteCheckpoint: () throws -> Void
        /// Called when a checkpoint could not be written; the run goes on.
        public var checkpointDidFail: (any Error) -> Void
        /// Called after each epoch, after the metrics of its last step; perhaps once more for the last epoch of a
        /// run that this one goes on from.
        public var onEpoch: (EpochEnd) throws -> Void = { _ in }
        /// The job's id.
        public var job = ""
        /// Part of the model's id.
        public var suffix: String?
        /// Called with what happens to a run that is trained elsewhere: `info`, `warn` or `error`, and the words.
        public var onMessage: (_ level: String, _ message: String) throws -> Void = { _, _ in }
        /// Whether ``onEpoch`` is to be told what the model makes of the validation examples.
        public var measuresEpochs = false
        /// Called with how much is done of what comes before training, and what is counted.
        public var onProgress: JobRunner.OnProgress = JobRunner.noProgress
        /// Asked why, once the task was cancelled.
        public var stopReason: () -> JobRunner.StopReason = { .cancelled }
    }

    /// What is to be known of a model that is trained elsewhere, where a job goes on without this process.
    struct Elsewhere: Sendable {
        /// The provider's name.
        var provider: String
        /// Whether there is a job there, by what was noted at this path.
        var isMade: @Sendable (_ checkpoint: String) -> Bool
        /// Ends the job there, by what an earlier process noted at this path.
        var end: @Sendable (_ checkpoint: String) throws -> Void
    }

    /// The end of an epoch.
    public struct EpochEnd {
        /// Which epoch it is, from 1.
        public var number: Int
        /// Epochs of the whole run.
        public var count: Int
        /// The weight update that was the epoch's last.
        public var step: Int
        /// What was measured at its end, in words; nil where nothing was.
        public var measured: String?
        /// The completions that the model chooses among; empty for one that writes freely.
        public var labels: [String]
        /// Returns the natural log probabilities of the labels after every validation example as the model now is,
        /// `[examples, labels]` row-major; usable until the callback returns.
        public var validationLogprobs: () throws -> [Double]
    }

    /// What a training run gives.
    public struct Outcome: Sendable {
        /// The tuned model.
        public var model: TunedModel
        /// The settings used, with the reasons of those that were chosen.
        public var settings: [ChosenSetting]
        /// What the model is called where it was made elsewhere.
        public var id: String?
    }

    /// The name that `tune` takes.
    public var name: String
    /// What it is, one sentence without a full stop.
    public var summary: String
    /// Trains; calls `onMetrics` now and then, and stops when the task is cancelled.
    public var tune: @Sendable (Run, (TrainingMetrics) throws -> Void) throws -> Outcome
    /// Opens weights that a run wrote.
    public var open: @Sendable (_ path: String) throws(Diagnostic) -> TunedModel

    /// Opens the model as it is, to choose among these completions or to write freely, after prompts that may be
    /// conversations; nil for one that knows nothing before it is tuned.
    public var untuned:
        (@Sendable (_ completions: [String], _ isChat: Bool) throws(Diagnostic) -> TunedModel)?

    /// Returns how the model, or the one whose weights these are, reads conversations, nil where it was tuned on
    /// plain text; nil itself for a base that knows no roles.
    var chat: (@Sendable (_ weights: String?) throws(Diagnostic) -> ChatRendering?)?

    /// Checks what was set of what only language models take, before a job is made; nil for a model that takes
    /// none of it.
    public var checkLanguage:
        (@Sendable (LanguageHyperparameters, _ hasValidation: Bool) throws(Diagnostic) -> Void)?

    /// Where it is trained; nil for a model of this machine.
    var elsewhere: Elsewhere?

    /// What a cluster is to do for a run; nil for a model that clusters do not train.
    var onCluster: (@Sendable (Run, ClusterPlace, ClusterSite) throws -> ClusterTraining)?

    /// Opens weights that a run wrote, or the model as it is (nil), to write it for other programs.
    var exporter: (@Sendable (_ weights: String?) throws(Diagnostic) -> ModelExporter)?

    /// The base models that are built in.
    public static let all: [BaseModel] = [.ngram]

    /// Whether it knows nothing but the completions it was tuned with, each one token.
    public var givesLabelsOnly: Bool { untuned == nil }

    /// Returns the built-in base model called `name`, or nil.
    public static func named(_ name: String) -> BaseModel? {
        all.first { $0.name == name }
    }
}

/// A model that is open for use.
public struct TunedModel: Sendable {
    /// The completions it can give, in the order of its log probabilities; empty for a model that writes
    /// freely.
    public var labels: [String]
    /// Natural-log probabilities of the labels after each prompt, `[prompts, labels]` row-major.
    public var score: @Sendable (_ prompts: ArraySlice<String>) throws -> [Double]
    /// The same after prompts by their tokens; nil for a model without tokens.
    public var scoreTokens: (@Sendable (_ prompts: ArraySlice<[Int32]>) throws -> [Double])?
    /// What speaks for the completion of one number against that of the other after a prompt; nil for a model whose
    /// scores are no sum of n-grams.
    var evidence: (@Sendable (_ prompt: String, _ label: Int, _ other: Int) -> LabelEvidence)?
    /// How many prompts are scored at a time, after which cancellation is looked for.
    var block = 4096
    /// Whether two threads may score at once; else scoring divides its work itself.
    var scoresOnOneThread = true
    /// Whether it can say nothing but its labels, whose probabilities then add up to 1.
    var isClosed = true
    /// What it writes with; nil for a model that only chooses among labels.
    public var writer: Writer?
    /// How many weights it has.
    public var parameterCount: Int
    /// Writes the weights to a file, atomically.
    public var save: @Sendable (_ path: String) throws(Diagnostic) -> Void
}
