/// How a completion is written; the names are those of OpenAI's API.
public struct CompletionOptions: Hashable, Sendable {
    /// The most texts that ``stop`` may have.
    public static let mostStops = 16

    /// The most tokens of a completion.
    public var maxTokens = 16
    /// Logits are divided by it; 0 takes the likeliest token each time.
    public var temperature = 1.0
    /// The likeliest tokens whose probabilities sum to at least this are kept.
    public var topP = 1.0
    /// How many of the likeliest tokens are kept; 0 keeps all.
    public var topK = 0
    /// Tokens with less than this part of the likeliest one's probability are left out.
    public var minP = 0.0
    /// Makes tokens that are in the prompt or the completion less likely; 1 leaves them.
    public var repetitionPenalty = 1.0
    /// Taken off the logits of tokens that the completion has already.
    public var presencePenalty = 0.0
    /// Taken off the logits of tokens once for each time that the completion has them.
    public var frequencyPenalty = 0.0
    /// Added to the logits of tokens, by their numbers.
    public var bias: [Int32: Double] = [:]
    /// Decides the draws: the same seed gives the same text.
    public var seed: UInt64 = 0
    /// Texts that end a completion, and are no part of it.
    public var stop: [String] = []
    /// How many of the likeliest tokens are told of each place, beside the one that was taken.
    public var logprobs = 0

    /// Makes options with the defaults of OpenAI's API.
    public init() {}

    /// Checks the texts that end a completion.
    ///
    /// - Throws: `bad-sampling`.
    public func checkStops() throws(Diagnostic) {
        guard stop.count <= Self.mostStops else {
            throw Diagnostic(
                "bad-sampling",
                "stop has \(stop.count) texts, at most \(Self.mostStops) were expected"
            )
        }
        guard !stop.contains("") else {
            throw Diagnostic(
                "bad-sampling",
                "stop has an empty text, some characters were expected"
            )
        }
    }
}
