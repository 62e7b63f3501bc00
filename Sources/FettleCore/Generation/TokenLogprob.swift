/// A token that a model may give next, with its natural-log probability.
public struct TokenLogprob: Hashable, Sendable {
    /// The token's text, leading space included.
    public var token: String
    /// Natural logarithm of the probability, at most 0.
    public var logprob: Double

    /// Makes a token with its log probability.
    public init(token: String, logprob: Double) {
        self.token = token
        self.logprob = logprob
    }
}
