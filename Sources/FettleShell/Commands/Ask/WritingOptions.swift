import FettleCore
import FettleLanguage

/// The parameters of commands that have a model write, under the names of OpenAI's API.
struct WritingOptions: Sendable {
    private static let section = "written texts"

    static let maxTokens = Option<Int>.setting(
        "max_tokens",
        unit: "tokens",
        section: section,
        help: "the most tokens of an answer"
    )
    static let temperature = Option<Double>.setting(
        "temperature",
        default: "0",
        section: section,
        help: "0 takes the likeliest token each time, 1 draws by the probabilities"
    )
    static let topP = Option<Double>.setting(
        "top_p",
        default: "1",
        section: section,
        help: "draw among the likeliest tokens that together have this probability"
    )
    static let topK = Option<Int>.setting(
        "top_k",
        default: "all",
        unit: "tokens",
        section: section,
        help: "draw among so many of the likeliest"
    )
    static let minP = Option<Double>.setting(
        "min_p",
        default: "0",
        section: section,
        help: "leave out tokens with less than this part of the likeliest one's probability"
    )
    static let repetition = Option<Double>.setting(
        "repetition_penalty",
        default: "1",
        section: section,
        help: "over 1 makes tokens that are there already less likely"
    )
    static let presence = Option<Double>.setting(
        "presence_penalty",
        default: "0",
        section: section,
        help: "taken off the logits of tokens that the answer has already"
    )
    static let frequency = Option<Double>.setting(
        "frequency_penalty",
        default: "0",
        section: section,
        help: "taken off the logits of tokens once for each time that the answer has them"
    )
    static let seed = Option<UInt64>.setting(
        "seed",
        default: "0",
        section: section,
        help: "seed of the draws: the same seed, the same text"
    )
    static let stop = Option<ArgumentWord>.setting(
        "stop",
        kind: .text,
        default: "none",
        section: section,
        help:
            "texts that end an answer and are no part of it, with bare commas between: stop=\"\\n\",END"
    )
    static let count = Option<Int>.setting(
        "n",
        default: "1",
        unit: "answers",
        section: section,
        help: "how many answers are written"
    )

    /// All but ``count``.
    static let parameters: [Parameter] = [
        maxTokens.parameter, temperature.parameter, topP.parameter, topK.parameter, minP.parameter,
        repetition.parameter, presence.parameter, frequency.parameter, seed.parameter,
        stop.parameter,
    ]

    /// How tokens are chosen and when an answer ends.
    var options = CompletionOptions()
    /// How many answers are written.
    let count: Int
    /// The name of the first of these options that was given, and its value.
    let first: (name: String, word: ArgumentWord)?

    /// Reads the options; `maxTokens` is what an answer has at most where nothing is said.
    init(_ arguments: Arguments, maxTokens: Int) throws(Diagnostic) {
        func ranged<Value: ArgumentValue & Comparable>(
            _ option: Option<Value>,
            _ fallback: Value,
            _ range: ClosedRange<Value>,
            _ words: String
        ) throws(Diagnostic) -> Value {
            let value = try arguments.value(option, or: fallback)
            if let word = arguments.word(option), !range.contains(value) {
                throw expected(words, word, for: option.parameter.name)
            }
            return value
        }
        let positive = Double.leastNonzeroMagnitude
        options.maxTokens = try ranged(Self.maxTokens, maxTokens, 1...1 << 20, "1 to 1,048,576")
        options.temperature = try ranged(Self.temperature, 0, 0...100, "0 to 100")
        options.topP = try ranged(Self.topP, 1, positive...1, "over 0 and at most 1")
        options.topK = try ranged(Self.topK, 0, 0...1 << 20, "0 to 1,048,576")
        options.minP = try ranged(Self.minP, 0, 0...1, "0 to 1")
        options.repetitionPenalty = try ranged(
            Self.repetition,
            1,
            positive...100,
            "over 0 and at most 100"
        )
        options.presencePenalty = try ranged(Self.presence, 0, -100...100, "-100 to 100")
        options.frequencyPenalty = try ranged(Self.frequency, 0, -100...100, "-100 to 100")
        options.seed = try arguments.value(Self.seed, or: 0)
        count = try ranged(Self.count, 1, 1...128, "1 to 128")
        if let word = arguments.word(Self.stop) {
            options.stop = word.bareListParts.map(\.text)
            let most = CompletionOptions.mostStops
            guard !options.stop.isEmpty, options.stop.count <= most else {
                throw expected("1 to \(most) texts", word, for: "stop")
            }
        }
        if count > 1, options.temperature == 0, let word = arguments.word(Self.count) {
            throw Diagnostic(
                "bad-value",
                "'n' is '\(word.text)', and temperature=0 writes the same answer each time",
                span: word.span,
                hint: "add temperature=1"
            )
        }
        first = Self.given(arguments)
    }

    private static func given(_ arguments: Arguments) -> (name: String, word: ArgumentWord)? {
        let words: [(String, ArgumentWord?)] = [
            ("max_tokens", arguments.word(maxTokens)), ("temperature", arguments.word(temperature)),
            ("top_p", arguments.word(topP)), ("top_k", arguments.word(topK)),
            ("min_p", arguments.word(minP)), ("repetition_penalty", arguments.word(repetition)),
            ("presence_penalty", arguments.word(presence)),
            ("frequency_penalty", arguments.word(frequency)), ("seed", arguments.word(seed)),
            ("stop", arguments.word(stop)), ("n", arguments.word(count)),
        ]
        return words.lazy.compactMap { name, word in word.map { (name, $0) } }.first
    }
}

extension ArgumentWord {
    /// The stretches between the commas that stand bare.
    fileprivate var bareListParts: [ArgumentWord] {
        let bytes = Array(text.utf8)
        var parts: [ArgumentWord] = []
        var start = 0
        for end in 0...bytes.count
        where end == bytes.count || (bytes[end] == UInt8(ascii: ",") && !isQuoted(at: end)) {
            if end > start { parts.append(part(start, end)) }
            start = end + 1
        }
        return parts
    }
}
