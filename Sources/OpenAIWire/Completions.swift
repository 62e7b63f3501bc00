public import FettleCore

/// What a model answered, or a piece of it in a stream.
public struct CompletionResponse: WireValue {
    /// The id, as `cmpl-…`.
    public var id: String
    /// When, in seconds since 1970.
    public var created: Int
    /// The model that answered.
    public var model: String
    /// The answers.
    public var choices: [CompletionChoice]
    /// How many tokens it took.
    public var usage: Usage?
    /// What the answer was made with.
    public var systemFingerprint: String?

    /// Makes one.
    public init(
        id: String = "",
        created: Int = 0,
        model: String = "",
        choices: [CompletionChoice] = [],
        usage: Usage? = nil,
        systemFingerprint: String? = nil
    ) {
        self.id = id
        self.created = created
        self.model = model
        self.choices = choices
        self.usage = usage
        self.systemFingerprint = systemFingerprint
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        id = try object.string("id") ?? ""
        created = try object.integer("created") ?? 0
        model = try object.string("model") ?? ""
        choices = try object.list(CompletionChoice.self, "choices") ?? []
        usage = try object.value(Usage.self, "usage")
        systemFingerprint = try object.string("system_fingerprint")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        members.append(.init("object", .string("text_completion")))
        members.append(.init("id", wire(id)))
        members.append(.init("created", wire(created)))
        members.append(.init("model", wire(model)))
        members.append(.init("choices", wire(choices)))
        if let usage { members.append(.init("usage", wire(usage))) }
        if let systemFingerprint {
            members.append(.init("system_fingerprint", wire(systemFingerprint)))
        }
        return .object(members)
    }
}

/// One answer.
public struct CompletionChoice: WireValue {
    /// The text.
    public var text: String
    /// The number of the prompt times `n`, and the number of the answer to it.
    public var index: Int
    /// The tokens, where they were asked for.
    public var logprobs: CompletionLogprobs?
    /// `stop`, `length` or `content_filter`; nil while a stream goes on.
    public var finishReason: String?

    /// Makes one.
    public init(
        text: String = "",
        index: Int = 0,
        logprobs: CompletionLogprobs? = nil,
        finishReason: String? = nil
    ) {
        self.text = text
        self.index = index
        self.logprobs = logprobs
        self.finishReason = finishReason
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        text = try object.string("text") ?? ""
        index = try object.integer("index") ?? 0
        logprobs = try object.value(CompletionLogprobs.self, "logprobs")
        finishReason = try object.string("finish_reason")
    }

    /// The JSON of it.
    public var json: JSONValue {
        .object([
            .init("text", wire(text)),
            .init("index", wire(index)),
            .init("logprobs", logprobs.map { wire($0) } ?? .null),
            .init("finish_reason", finishReason.map { wire($0) } ?? .null),
        ])
    }
}
