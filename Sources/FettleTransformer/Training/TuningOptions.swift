public import FettleCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How the learning rate goes on after the warm-up, in which it rises from 0 in a straight line.
public enum LearningRateSchedule: String, Sendable, CaseIterable {
    /// As it is.
    case constant
    /// Down to 0 in a straight line.
    case linear
    /// Down to 0 along half a cosine (arXiv:1608.03983, without restarts).
    case cosine

    /// Returns what the rate of step `step` of `total`, counted from 0, is multiplied by.
    ///
    /// The formulas are those of `transformers`, `optimization.py`; the first step of a warm-up has the rate 0.
    public func factor(step: Int, total: Int, warmup: Int) -> Double {
        if step < warmup { return Double(step) / Double(max(warmup, 1)) }
        let progress = Double(step - warmup) / Double(max(total - warmup, 1))
        switch self {
        case .constant: return 1
        case .linear: return max(0, 1 - progress)
        case .cosine: return max(0, 0.5 * (1 + cos(Double.pi * progress)))
        }
    }
}

/// How a model is tuned.
public struct TuningOptions: Hashable, Sendable {
    /// Passes over the examples.
    public var epochs = 1
    /// Examples of a step.
    public var batchSize = 8
    /// The highest learning rate.
    public var learningRate: Float = 1e-3
    /// How the rate changes.
    public var schedule = LearningRateSchedule.linear
    /// Steps of the warm-up.
    public var warmupSteps = 0
    /// AdamW's decay of weights, apart from the gradient.
    public var weightDecay: Float = 0
    /// AdamW's first and second decay of moments, and what is added to the root.
    public var beta1: Float = 0.9
    /// The second moment's decay.
    public var beta2: Float = 0.999
    /// What keeps the update's divisor from 0.
    public var epsilon: Float = 1e-8
    /// The largest norm of a step's gradient, or nil for any.
    public var clipNorm: Float? = 1
    /// What a prompt's token counts in the loss, where one of the completion counts 1.
    public var promptLossWeight: Float = 0
    /// Whether examples of like length are put together: passes over tokens are more even then.
    public var groupsByLength = false
    /// Whether each epoch has the examples in an order of its own, rather than as they are given.
    public var shuffles = true
    /// Decides the order of examples and what dropout drops.
    public var seed: UInt64 = 1
    /// Threads; the result depends on their number, and on nothing else of the machine's load.
    public var threads = 2
    /// Tokens that one thread takes through the network at a time; longer examples go alone.
    public var passTokens = 256
    /// Whether a layer's inner values are computed again on the way back rather than kept.
    public var recomputes = false
    /// Whether the weights of the best measurement are kept beside those of the last step; the best has the smallest
    /// validation loss.
    ///
    /// The loss is taken rather than the accuracy: on a few hundred rows accuracy moves in steps that are mostly
    /// chance, and texts that are written freely have none that is of use.
    public var keepsBest = false
    /// After how many measurements in a row without a better one the run ends; nil to go on to its end.
    public var patience: Int?

    /// Makes options with the defaults.
    public init() {}

    /// Checks that every option is in its range.
    ///
    /// - Throws: `bad-hyperparameter`.
    public func check() throws(Diagnostic) {
        func require(
            _ holds: Bool,
            _ name: String,
            _ value: String,
            _ range: String
        ) throws(Diagnostic) {
            guard !holds else { return }
            throw Diagnostic(
                "bad-hyperparameter",
                "\(name) is \(value), \(range) was expected"
            )
        }
        func whole(_ value: Int, _ name: String, from least: Int = 1) throws(Diagnostic) {
            let range = "a number from \(least) to 1,000,000,000"
            try require((least...1_000_000_000).contains(value), name, "\(value)", range)
        }
        func real(_ value: Float, _ name: String, _ range: ClosedRange<Float>) throws(Diagnostic) {
            let words = "\(range.lowerBound) to \(range.upperBound)"
            try require(range.contains(value), name, "\(value)", words)
        }
        try whole(epochs, "epochs")
        try whole(batchSize, "the batch size")
        try whole(warmupSteps, "the number of warm-up steps", from: 0)
        try require(
            (1...256).contains(threads),
            "the number of threads",
            "\(threads)",
            "1 to 256"
        )
        try whole(passTokens, "the number of tokens of a pass")
        try real(learningRate, "the learning rate", 0...10)
        try real(weightDecay, "the weight decay", 0...1)
        try real(beta1, "beta 1", 0...0.9999999)
        try real(beta2, "beta 2", 0...0.9999999)
        try real(epsilon, "epsilon", 0...1)
        try real(promptLossWeight, "the weight of the prompt's loss", 0...1)
        if let patience { try whole(patience, "the patience") }
        if let clipNorm { try real(clipNorm, "the largest norm", 1e-6...1e6) }
    }
}
