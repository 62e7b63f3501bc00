/// One training item: a prompt and the completion that the model should learn to give.
public struct Example: Hashable, Sendable {
    /// What the model reads.
    public var prompt: String
    /// What it should answer, leading space included.
    public var completion: String

    /// Makes an example.
    public init(prompt: String, completion: String) {
        self.prompt = prompt
        self.completion = completion
    }
}

/// Who says a message of a chat.
public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    case system, user, assistant, tool
}

/// One turn of a chat.
public struct Message: Hashable, Sendable {
    /// Who says it.
    public var role: Role
    /// What is said.
    public var content: String

    /// Makes a message.
    public init(role: Role, content: String) {
        self.role = role
        self.content = content
    }
}
