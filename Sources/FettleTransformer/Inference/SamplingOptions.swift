import FettleCore

/// How the next token is chosen among the likely ones.
public struct SamplingOptions: Hashable, Sendable {
    /// The most tokens of a completion.
    public var maxTokens = 16
    /// Logits are divided by it; 0 takes the likeliest token.
    public var temperature: Float = 1
    /// The likeliest tokens whose probabilities sum to at least this are kept (arXiv:1904.09751).
    public var topP: Float = 1
    /// How many of the likeliest tokens are kept; 0 keeps all.
    public var topK = 0
    /// Tokens with less than this part of the likeliest one's probability are left out (arXiv:2407.01082).
    public var minP: Float = 0
    /// Positive logits of tokens that are there already are divided by it, negative ones multiplied
    /// (arXiv:1909.05858).
    public var repetitionPenalty: Float = 1
    /// Taken off the logits of tokens that the completion has already.
    public var presencePenalty: Float = 0
    /// Taken off the logits of tokens once for each time that the completion has them.
    public var frequencyPenalty: Float = 0
    /// Added to the logits of tokens before anything else changes them.
    public var bias: [Int32: Float] = [:]
    /// Decides the draws.
    public var seed: UInt64 = 1
    /// Tokens that end a completion; they are not part of it.
    public var stopTokens: Set<Int32> = []
    /// How many of the likeliest tokens are told for each place, beside the chosen one.
    public var topLogprobs = 0

    /// Makes options with the defaults.
    public init() {}

    /// Checks that every option is in its range.
    ///
    /// - Throws: `bad-sampling`.
    func check() throws(Diagnostic) {
        func require(
            _ holds: Bool,
            _ name: String,
            _ value: String,
            _ range: String
        ) throws(Diagnostic) {
            guard !holds else { return }
            throw Diagnostic("bad-sampling", "\(name) is \(value), \(range) was expected")
        }
        try require(maxTokens >= 0, "max_tokens", "\(maxTokens)", "0 or more")
        try require((0...100).contains(temperature), "temperature", "\(temperature)", "0 to 100")
        try require(topP > 0 && topP <= 1, "top_p", "\(topP)", "over 0 and at most 1")
        try require(topK >= 0, "top_k", "\(topK)", "0 or more")
        try require((0...1).contains(minP), "min_p", "\(minP)", "0 to 1")
        try require(
            repetitionPenalty > 0 && repetitionPenalty <= 100,
            "repetition_penalty",
            "\(repetitionPenalty)",
            "over 0 and at most 100"
        )
        let penalties: ClosedRange<Float> = -100...100
        try require(
            penalties.contains(presencePenalty),
            "presence_penalty",
            "\(presencePenalty)",
            "-100 to 100"
        )
        try require(
            penalties.contains(frequencyPenalty),
            "frequency_penalty",
            "\(frequencyPenalty)",
            "-100 to 100"
        )
        try require(topLogprobs >= 0, "logprobs", "\(topLogprobs)", "0 or more")
    }
}
