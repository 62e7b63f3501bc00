/// The end of an epoch of a training run.
public struct NgramEpoch {
    /// Which epoch it is, from 1.
    public var number: Int
    /// Epochs of the whole run.
    public var count: Int
    /// The weight update that was the epoch's last.
    public var step: Int
    /// The completions, in the order of their log probabilities.
    public var labels: [String] = []
    /// Returns the natural log probabilities of the labels after each validation example as the weights now are,
    /// `[examples, labels]` row-major; usable until the callback returns.
    public var validationLogprobs: () throws -> [Double]

    init(
        number: Int,
        count: Int,
        step: Int,
        validationLogprobs: @escaping () throws -> [Double]
    ) {
        self.number = number
        self.count = count
        self.step = step
        self.validationLogprobs = validationLogprobs
    }
}

/// How far a training run is between two weight updates: with the weights and the order of the
/// examples, all that it needs to go on exactly as if it had never stopped.
struct TrainingProgress: Hashable, Sendable {
    /// Epochs that are over.
    var epoch = 0
    /// Examples shown in this epoch, a whole number of batches or all of them.
    var position = 0
    /// Which part of the epoch this is, from 1; the validation examples are measured after each.
    var piece = 1
    /// Weight updates so far.
    var step = 0
    /// Examples shown so far, repeats counted.
    var elapsedExamples = 0
    /// Tokens shown so far, repeats counted.
    var elapsedTokens = 0
    /// What happened since the last row of metrics.
    var window = Window()
    /// The row of metrics that is due and has not been given out.
    var due = Report.none
    /// State of the generator that shuffles the examples.
    var shuffleState: UInt64
    /// State of the generator that leaves out features.
    var dropoutState: UInt64

    /// What a row of metrics is about.
    struct Window: Hashable, Sendable {
        var loss = 0.0
        var right = 0
        var examples = 0
        var visits = 0
    }

    /// A row of metrics.
    enum Report: Int, Sendable {
        case none, training, withValidation
    }
}
