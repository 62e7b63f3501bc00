public import FettleCore

/// A conversation to go on (`POST /chat/completions`); a field that is null is as if it were absent.
public struct ChatCompletionRequest: WireValue {
    /// The model to ask.
    public var model: String
    /// The conversation so far.
    public var messages: [ChatMessage]
    /// The most tokens to give; goes before `max_tokens`.
    public var maxCompletionTokens: Int?
    /// Whether to tell the tokens.
    public var logprobs: Bool
    /// How many of the likeliest tokens to tell at each place.
    public var topLogprobs: Int?
    /// Texts before which the answer ends.
    public var stop: StopSequences?
    /// What is added to tokens' scores.
    public var logitBias: LogitBias?
    /// The most tokens to give.
    public var maxTokens: Int?
    /// How far less likely tokens are taken; 0 is the likeliest.
    public var temperature: Double?
    /// The likeliest tokens that together have this probability are kept.
    public var topP: Double?
    /// How many answers to give.
    public var n: Int?
    /// What a token loses that occurred already.
    public var presencePenalty: Double?
    /// What a token loses for each time it occurred.
    public var frequencyPenalty: Double?
    /// Makes the choice of tokens the same each time.
    public var seed: Int?
    /// Who asks.
    public var user: String?
    /// Whether the answer comes in pieces.
    public var stream: Bool
    /// What the stream tells beside the text.
    public var streamOptions: StreamOptions?

    /// Makes one.
    public init(
        model: String,
        messages: [ChatMessage],
        maxCompletionTokens: Int? = nil,
        logprobs: Bool = false,
        topLogprobs: Int? = nil,
        stop: StopSequences? = nil,
        logitBias: LogitBias? = nil,
        maxTokens: Int? = nil,
        temperature: Double? = nil,
        topP: Double? = nil,
        n: Int? = nil,
        presencePenalty: Double? = nil,
        frequencyPenalty: Double? = nil,
        seed: Int? = nil,
        user: String? = nil,
        stream: Bool = false,
        streamOptions: StreamOptions? = nil
    ) {
        self.model = model
        self.messages = messages
        self.maxCompletionTokens = maxCompletionTokens
        self.logprobs = logprobs
        self.topLogprobs = topLogprobs
        self.stop = stop
        self.logitBias = logitBias
        self.maxTokens = maxTokens
        self.temperature = temperature
        self.topP = topP
        self.n = n
        self.presencePenalty = presencePenalty
        self.frequencyPenalty = frequencyPenalty
        self.seed = seed
        self.user = user
        self.stream = stream
        self.streamOptions = streamOptions
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        model = try object.required("model", object.string("model"))
        messages = try object.required("messages", object.list(ChatMessage.self, "messages"))
        maxCompletionTokens = try object.integer("max_completion_tokens", in: 0...Int.max)
        logprobs = try object.flag("logprobs") ?? false
        topLogprobs = try object.integer("top_logprobs", in: 0...20)
        stop = try object.value(StopSequences.self, "stop")
        logitBias = try object.value(LogitBias.self, "logit_bias")
        maxTokens = try object.integer("max_tokens", in: 0...Int.max)
        temperature = try object.number("temperature", in: 0.0...2.0)
        topP = try object.number("top_p", in: 0.0...1.0)
        n = try object.integer("n", in: 1...128)
        presencePenalty = try object.number("presence_penalty", in: -2.0...2.0)
        frequencyPenalty = try object.number("frequency_penalty", in: -2.0...2.0)
        seed = try object.integer("seed")
        user = try object.string("user")
        stream = try object.flag("stream") ?? false
        streamOptions = try object.value(StreamOptions.self, "stream_options")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        members.append(.init("model", wire(model)))
        members.append(.init("messages", wire(messages)))
        if let maxCompletionTokens {
            members.append(.init("max_completion_tokens", wire(maxCompletionTokens)))
        }
        members.append(.init("logprobs", wire(logprobs)))
        if let topLogprobs { members.append(.init("top_logprobs", wire(topLogprobs))) }
        if let stop { members.append(.init("stop", wire(stop))) }
        if let logitBias { members.append(.init("logit_bias", wire(logitBias))) }
        if let maxTokens { members.append(.init("max_tokens", wire(maxTokens))) }
        if let temperature { members.append(.init("temperature", wire(temperature))) }
        if let topP { members.append(.init("top_p", wire(topP))) }
        if let n { members.append(.init("n", wire(n))) }
        if let presencePenalty { members.append(.init("presence_penalty", wire(presencePenalty))) }
        if let frequencyPenalty {
            members.append(.init("frequency_penalty", wire(frequencyPenalty)))
        }
        if let seed { members.append(.init("seed", wire(seed))) }
        if let user { members.append(.init("user", wire(user))) }
        members.append(.init("stream", wire(stream)))
        if let streamOptions { members.append(.init("stream_options", wire(streamOptions))) }
        return .object(members)
    }
}
