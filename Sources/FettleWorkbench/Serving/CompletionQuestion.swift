public import FettleCore

/// What a client asks a model, in whatever form it came.
public struct CompletionQuestion: Sendable {
    /// What the model goes on from.
    public enum Prompt: Hashable, Sendable {
        /// A text.
        case text(String)
        /// A text by the numbers of its tokens.
        case tokens([Int])
        /// A conversation that the model should answer.
        case chat([Message])
    }

    /// A model's name or id, or an alias of one.
    public var model: String
    /// The prompts; each gets `count` answers.
    public var prompts: [Prompt]
    /// How many answers each prompt gets.
    public var count = 1
    /// How many answers are drawn for the `count` likeliest of them to be given; nil for as many.
    public var bestOf: Int?
    /// Whether a prompt comes before its answer.
    public var echoes = false
    /// How many of the likeliest tokens are told at each place; nil when no token is told of at all.
    public var logprobs: Int?
    /// Texts before which an answer ends.
    public var stop: [String] = []
    /// What is added to the logits of tokens, by their numbers.
    public var bias: [Int: Double] = [:]
    /// The most tokens of an answer; nil for as many as the model has.
    public var maxTokens: Int?
    /// Logits are divided by it; 0 takes the likeliest token.
    public var temperature = 1.0
    /// The likeliest tokens whose probabilities sum to at least this are kept.
    public var topP = 1.0
    /// Taken off the logits of tokens that the answer has already.
    public var presencePenalty = 0.0
    /// Taken off the logits of tokens once for each time that the answer has them.
    public var frequencyPenalty = 0.0
    /// Decides the draws; nil leaves them to chance.
    public var seed: UInt64?

    /// Makes a question with the API's usual options.
    public init(_ model: String, _ prompts: [Prompt]) {
        self.model = model
        self.prompts = prompts
    }

    /// Most answers that one question gets.
    static let mostAnswers = 4096

    /// Sees to it that the options fit each other.
    ///
    /// - Throws: `bad-value` that names the option.
    func check() throws(Diagnostic) {
        if let bestOf, bestOf < count {
            throw Self.wrong("best_of", "is \(bestOf), expected at least 'n', which is \(count)")
        }
        let drawn = max(count, bestOf ?? 0)
        let (answers, isTooMany) = prompts.count.multipliedReportingOverflow(by: drawn)
        guard !isTooMany, answers <= Self.mostAnswers else {
            throw Self.wrong(
                prompts.count > 1 ? "prompt" : "n",
                "asks for \(NumberText.count(prompts.count, "prompt")) with \(drawn) answers each, "
                    + "expected at most \(NumberText.count(Self.mostAnswers)) answers"
            )
        }
        if stop.contains("") {
            throw Self.wrong("stop", "has an empty text, expected one that can occur")
        }
    }

    /// Returns what is wrong with an option.
    static func wrong(_ name: String, _ what: String, hint: String? = nil) -> Diagnostic {
        var diagnostic = Diagnostic("bad-value", "'\(name)' \(what)").hinting(hint)
        diagnostic.parameter = name
        return diagnostic
    }
}

/// A part of an answer, whole characters of it.
public struct CompletionPiece: Sendable {
    /// A token with its probability as the model has it, before temperature and the like change anything.
    public struct Token: Sendable {
        /// The bytes it stands for, perhaps a part of a character.
        public var bytes: [UInt8]
        /// The natural logarithm of its probability; nil where the model gives none.
        public var logprob: Double?
        /// The likeliest tokens of its place, the likeliest first, and the token itself; nil where there are none.
        public var top: [Candidate]?
        /// How many Unicode scalars of the text begin in it.
        public var scalars: Int

        init(bytes: [UInt8], logprob: Double? = nil) {
            self.bytes = bytes
            self.logprob = logprob
            scalars = bytes.count { $0 & 0xC0 != 0x80 }
        }
    }

    /// A token that may stand at a place.
    public struct Candidate: Sendable {
        /// The bytes it stands for.
        public var bytes: [UInt8]
        /// The natural logarithm of its probability.
        public var logprob: Double
    }

    /// What a model chose among its labels.
    public struct Choice: Sendable {
        /// What the model read.
        public var prompt: String
        /// The label that was chosen.
        public var label: String
        /// All labels.
        public var labels: [String]
        /// The logarithm of each one's probability, as the model has it.
        public var logprobs: [Double]

        /// Makes one.
        public init(prompt: String, label: String, labels: [String], logprobs: [Double]) {
            self.prompt = prompt
            self.label = label
            self.labels = labels
            self.logprobs = logprobs
        }
    }

    /// Why an answer ended.
    public enum FinishReason: String, Sendable {
        /// The model ended it, or a text that ends it came.
        case stop
        /// It has as many tokens as were asked for.
        case length
    }

    /// Which answer it is of: the number of the prompt times how many each gets, and its number among those.
    public var answer: Int
    /// The text after that of the piece before.
    public var text = ""
    /// The tokens after those of the piece before; empty unless they were asked for.
    public var tokens: [Token] = []
    /// Unicode scalars of the prompt and the answer before the first of these tokens.
    public var offset = 0
    /// What the model chose among its labels; nil where the piece is no such choice.
    public var choice: Choice?
    /// Why the answer ended; nil when more comes.
    public var finishReason: FinishReason?
}

/// How many tokens a question took.
public struct CompletionCost: Hashable, Sendable {
    /// Tokens of the prompts.
    public var promptTokens = 0
    /// Tokens that the model gave.
    public var completionTokens = 0
}
