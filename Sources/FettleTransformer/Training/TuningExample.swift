public import FettleCore

/// Tokens to learn from: a prompt and its completion, or a conversation.
public struct TuningExample: Hashable, Sendable {
    /// The tokens.
    public var tokens: [Int32]
    /// Where completions stand: tokens to be predicted from those before them.
    public var trained: [Range<Int>]
    /// What its tokens' losses are multiplied by, more than 0.
    public var weight: Float = 1

    /// Makes an example of a prompt's tokens and its completion's, encoded apart.
    public init(prompt: [Int32], completion: [Int32], weight: Float = 1) {
        tokens = prompt + completion
        trained = [prompt.count..<prompt.count + completion.count]
        self.weight = weight
    }

    /// Makes an example in which several parts are learnt.
    public init(tokens: [Int32], trained: [Range<Int>]) {
        self.tokens = tokens
        self.trained = trained
    }

    /// Returns each token's weight in the loss, before that of the example; the first one, which comes after nothing,
    /// has none.
    func weights(promptLossWeight: Float) -> [Float] {
        var weights = [Float](repeating: promptLossWeight, count: tokens.count)
        for range in trained {
            for place in range { weights[place] = 1 }
        }
        if !weights.isEmpty { weights[0] = 0 }
        return weights
    }

    /// Checks that the network can learn from it.
    ///
    /// - Throws: `bad-example`, with the number of the example in the message.
    public func check(
        number: Int,
        contextLength: Int,
        vocabularySize: Int,
        promptLossWeight: Float
    ) throws(Diagnostic) {
        func fail(_ message: String, _ hint: String) -> Diagnostic {
            Diagnostic("bad-example", "example \(number) \(message)", hint: hint)
        }
        guard tokens.count <= contextLength else {
            throw fail(
                "has \(tokens.count) tokens, the model takes \(contextLength) at most",
                "cut the text or leave the row out"
            )
        }
        for range in trained where range.lowerBound < 0 || range.upperBound > tokens.count {
            throw fail(
                "has \(tokens.count) tokens, its completion ends at \(range.upperBound)",
                "give ranges within the tokens"
            )
        }
        if let wrong = tokens.first(where: { $0 < 0 || Int($0) >= vocabularySize }) {
            throw fail(
                "has the token \(wrong), the model knows 0 to \(vocabularySize - 1)",
                "encode it with the tokenizer of this model"
            )
        }
        guard weights(promptLossWeight: promptLossWeight).contains(where: { $0 > 0 }) else {
            throw fail(
                "has no token to learn",
                "give it a completion, and a prompt of at least one token"
            )
        }
    }
}
