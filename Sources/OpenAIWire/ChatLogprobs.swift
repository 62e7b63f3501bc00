public import FettleCore

/// The tokens of an answer in a conversation.
public struct ChatLogprobs: WireValue {
    /// The tokens.
    public var content: [ChatTokenLogprob]?
    /// The tokens of a refusal.
    public var refusal: [ChatTokenLogprob]?

    /// Makes one.
    public init(
        content: [ChatTokenLogprob]? = nil,
        refusal: [ChatTokenLogprob]? = nil
    ) {
        self.content = content
        self.refusal = refusal
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        content = try object.list(ChatTokenLogprob.self, "content")
        refusal = try object.list(ChatTokenLogprob.self, "refusal")
    }

    /// The JSON of it.
    public var json: JSONValue {
        .object([
            .init("content", content.map { wire($0) } ?? .null),
            .init("refusal", refusal.map { wire($0) } ?? .null),
        ])
    }
}

/// A token with its log probability and the likeliest ones at its place.
public struct ChatTokenLogprob: WireValue {
    /// The text.
    public var token: String
    /// The natural logarithm of its probability; -9999 is very unlikely.
    public var logprob: Double
    /// Its bytes, of which a token may have half a character.
    public var bytes: WireBytes?
    /// The likeliest tokens at its place, likeliest first.
    public var topLogprobs: [ChatTopLogprob]

    /// Makes one.
    public init(
        token: String = "",
        logprob: Double = -9999,
        bytes: WireBytes? = nil,
        topLogprobs: [ChatTopLogprob] = []
    ) {
        self.token = token
        self.logprob = logprob
        self.bytes = bytes
        self.topLogprobs = topLogprobs
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        token = try object.string("token") ?? ""
        logprob = try object.number("logprob") ?? -9999
        bytes = try object.value(WireBytes.self, "bytes")
        topLogprobs = try object.list(ChatTopLogprob.self, "top_logprobs") ?? []
    }

    /// The JSON of it.
    public var json: JSONValue {
        .object([
            .init("token", wire(token)),
            .init("logprob", wire(logprob)),
            .init("bytes", bytes.map { wire($0) } ?? .null),
            .init("top_logprobs", wire(topLogprobs)),
        ])
    }
}

/// One of the likeliest tokens at a place.
public struct ChatTopLogprob: WireValue {
    /// The text.
    public var token: String
    /// The natural logarithm of its probability; -9999 is very unlikely.
    public var logprob: Double
    /// Its bytes.
    public var bytes: WireBytes?

    /// Makes one.
    public init(
        token: String = "",
        logprob: Double = -9999,
        bytes: WireBytes? = nil
    ) {
        self.token = token
        self.logprob = logprob
        self.bytes = bytes
    }

    /// Reads one.
    public init(reading object: WireObject) throws(WireProblem) {
        token = try object.string("token") ?? ""
        logprob = try object.number("logprob") ?? -9999
        bytes = try object.value(WireBytes.self, "bytes")
    }

    /// The JSON of it.
    public var json: JSONValue {
        .object([
            .init("token", wire(token)),
            .init("logprob", wire(logprob)),
            .init("bytes", bytes.map { wire($0) } ?? .null),
        ])
    }
}
