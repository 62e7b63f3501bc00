public import FettleCore

/// One turn of a conversation.
public struct ChatMessage: WireValue {
    /// Who speaks: `system`, `developer`, `user`, `assistant` or `tool`.
    public var role: String
    /// What is said; several parts of text are joined.
    public var content: String?
    /// The speaker's name.
    public var name: String?
    /// Why nothing is said.
    public var refusal: String?

    /// Makes one.
    public init(
        role: String,
        content: String?,
        name: String? = nil,
        refusal: String? = nil
    ) {
        self.role = role
        self.content = content
        self.name = name
        self.refusal = refusal
    }

    /// Reads one; `content` is a text, or a list of parts that all are text.
    public init(reading object: WireObject) throws(WireProblem) {
        role = try object.required("role", object.string("role"))
        name = try object.string("name")
        refusal = try object.string("refusal")
        content = try object.value(MessageContent.self, "content")?.text
    }

    /// The JSON of it.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("role", .string(role)),
            .init("content", content.map { .string($0) } ?? .null),
        ]
        if let name { members.append(.init("name", .string(name))) }
        if role == "assistant" || refusal != nil {
            members.append(.init("refusal", refusal.map { .string($0) } ?? .null))
        }
        return .object(members)
    }
}

/// What a message says: a text, or parts of text.
private struct MessageContent: WireShape {
    let text: String

    init(reading value: JSONValue, at path: String) throws(WireProblem) {
        switch value {
        case .string(let text): self.text = text
        case .array(let parts):
            var joined = ""
            for (position, part) in parts.enumerated() {
                let place = "\(path)[\(position)]"
                guard case .string(let text)? = part["text"] else {
                    throw WireProblem(
                        "'\(place)' must be a part of the type 'text', which is all that is taken here",
                        param: place
                    )
                }
                joined += text
            }
            text = joined
        default: throw .wrong(path, "a string or a list of parts", value)
        }
    }

    var json: JSONValue { .string(text) }
}
