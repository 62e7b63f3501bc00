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
