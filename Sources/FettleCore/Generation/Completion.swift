/// A text that a model wrote, with its tokens and why it ended.
public struct Completion: Hashable, Sendable {
    /// Why a completion ended.
    public enum FinishReason: String, Sendable {
        /// The model ended it, or one of the texts that end it came.
        case stop
        /// It has as many tokens as were asked for, or the model takes no more.
        case length
    }

    /// A token with its probability, as the model has it before temperature and the like change anything.
    public struct Token: Hashable, Sendable {
        /// The token's number.
        public var id: Int32
        /// The bytes that it stands for; they may be a part of a character.
        public var bytes: [UInt8]
        /// The natural logarithm of its probability; nil for the first token of a text, before which
        /// there is none.
        public var logprob: Double?
        /// The likeliest tokens of the place, the likeliest first.
        public var top: [Candidate]

        /// Makes a token.
        public init(id: Int32, bytes: [UInt8], logprob: Double?, top: [Candidate] = []) {
            self.id = id
            self.bytes = bytes
            self.logprob = logprob
            self.top = top
        }
    }

    /// A token that may stand at a place.
    public struct Candidate: Hashable, Sendable {
        /// The token's number.
        public var id: Int32
        /// The bytes that it stands for.
        public var bytes: [UInt8]
        /// The natural logarithm of its probability.
        public var logprob: Double

        /// Makes a candidate.
        public init(id: Int32, bytes: [UInt8], logprob: Double) {
            self.id = id
            self.bytes = bytes
            self.logprob = logprob
        }
    }

    /// The text; it ends before the text that ended it.
    public var text: String
    /// The tokens that the text is of; of the last one a part may have been cut off.
    public var tokens: [Token]
    /// Why it ended.
    public var finishReason: FinishReason
    /// The text of ``CompletionOptions/stop`` that ended it, if one did.
    public var stop: String?
    /// The token that ended it, if one did; no part of the text.
    public var end: Token?
    /// The tokens that the model read.
    public var promptTokens: Int
    /// Those of them whose keys and values were there from the prompt before.
    public var cachedTokens: Int
    /// The tokens that were written, those after the cut too.
    public var completionTokens: Int

    /// Makes a completion.
    public init(
        text: String,
        tokens: [Token],
        finishReason: FinishReason,
        stop: String? = nil,
        end: Token? = nil,
        promptTokens: Int,
        cachedTokens: Int = 0,
        completionTokens: Int
    ) {
        self.text = text
        self.tokens = tokens
        self.finishReason = finishReason
        self.stop = stop
        self.end = end
        self.promptTokens = promptTokens
        self.cachedTokens = cachedTokens
        self.completionTokens = completionTokens
    }
}
