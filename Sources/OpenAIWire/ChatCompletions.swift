public import FettleCore

/// What a model answered in a conversation.
public struct ChatCompletion: WireValue {
    /// The id, as `chatcmpl-…`.
    public var id: String
    /// When, in seconds since 1970.
    public var created: Int
    /// The model that answered.
    public var model: String
    /// The answers.
    public var choices: [ChatChoice]
    /// How many tokens it took.
    public var usage: Usage?
    /// What the answer was made with.
    public var systemFingerprint: String?

    /// Makes one.
    public init(
        id: String = "",
        created: Int = 0,
        model: String = "",
        choices: [ChatChoice] = [],
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
        choices = try object.list(ChatChoice.self, "choices") ?? []
        usage = try object.value(Usage.self, "usage")
        systemFingerprint = try object.string("system_fingerprint")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        members.append(.init("object", .string("chat.completion")))
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

/// One answer in a conversation.
public struct ChatChoice: WireValue {
    /// The number of the answer.
    public var index: Int
    /// The answer.
    public var message: ChatMessage
    /// The tokens, where they were asked for.
    public var logprobs: ChatLogprobs?
    /// `stop`, `length` or `content_filter`.
    public var finishReason: String?

    /// Makes one.
    public init(
        index: Int = 0,
        message: ChatMessage,
        logprobs: ChatLogprobs? = nil,
        finishReason: String? = nil
    ) {
        self.index = index
        self.message = message
        self.logprobs = logprobs
        self.finishReason = finishReason
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        index = try object.integer("index") ?? 0
        message = try object.required("message", object.value(ChatMessage.self, "message"))
        logprobs = try object.value(ChatLogprobs.self, "logprobs")
        finishReason = try object.string("finish_reason")
    }

    /// The JSON of it.
    public var json: JSONValue {
        .object([
            .init("index", wire(index)),
            .init("message", wire(message)),
            .init("logprobs", logprobs.map { wire($0) } ?? .null),
            .init("finish_reason", finishReason.map { wire($0) } ?? .null),
        ])
    }
}

/// A piece of an answer in a conversation.
public struct ChatCompletionChunk: WireValue {
    /// The id, as `chatcmpl-…`, the same in all pieces.
    public var id: String
    /// When, in seconds since 1970.
    public var created: Int
    /// The model that answers.
    public var model: String
    /// The pieces; none in the one that has the usage.
    public var choices: [ChatChunkChoice]
    /// How many tokens it took, in the last piece.
    public var usage: Usage?
    /// What the answer is made with.
    public var systemFingerprint: String?

    /// Makes one.
    public init(
        id: String = "",
        created: Int = 0,
        model: String = "",
        choices: [ChatChunkChoice] = [],
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
        choices = try object.list(ChatChunkChoice.self, "choices") ?? []
        usage = try object.value(Usage.self, "usage")
        systemFingerprint = try object.string("system_fingerprint")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        members.append(.init("object", .string("chat.completion.chunk")))
        members.append(.init("id", wire(id)))
        members.append(.init("created", wire(created)))
        members.append(.init("model", wire(model)))
        members.append(.init("choices", wire(choices)))
        members.append(.init("usage", usage.map { wire($0) } ?? .null))
        if let systemFingerprint {
            members.append(.init("system_fingerprint", wire(systemFingerprint)))
        }
        return .object(members)
    }
}

/// A piece of one answer.
public struct ChatChunkChoice: WireValue {
    /// The number of the answer.
    public var index: Int
    /// What is new.
    public var delta: ChatDelta
    /// The tokens, where they were asked for.
    public var logprobs: ChatLogprobs?
    /// Why it ended; nil while it goes on.
    public var finishReason: String?

    /// Makes one.
    public init(
        index: Int = 0,
        delta: ChatDelta = ChatDelta(),
        logprobs: ChatLogprobs? = nil,
        finishReason: String? = nil
    ) {
        self.index = index
        self.delta = delta
        self.logprobs = logprobs
        self.finishReason = finishReason
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        index = try object.integer("index") ?? 0
        delta = try object.value(ChatDelta.self, "delta") ?? ChatDelta()
        logprobs = try object.value(ChatLogprobs.self, "logprobs")
        finishReason = try object.string("finish_reason")
    }

    /// The JSON of it.
    public var json: JSONValue {
        .object([
            .init("index", wire(index)),
            .init("delta", wire(delta)),
            .init("logprobs", logprobs.map { wire($0) } ?? .null),
            .init("finish_reason", finishReason.map { wire($0) } ?? .null),
        ])
    }
}

/// What is new in a piece of an answer.
public struct ChatDelta: WireValue {
    /// Who speaks, in the first piece.
    public var role: String?
    /// The text.
    public var content: String?

    /// Makes one.
    public init(
        role: String? = nil,
        content: String? = nil
    ) {
        self.role = role
        self.content = content
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        role = try object.string("role")
        content = try object.string("content")
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        if let role { members.append(.init("role", wire(role))) }
        if let content { members.append(.init("content", wire(content))) }
        return .object(members)
    }
}
