import FettleCore
import FettleStore

/// A line of a training file that is a conversation: its last message is the answer to learn, those before it are
/// what the model reads.
struct ConversationLine {
    /// What is wrong with a line, and what to write.
    struct Problem: Error {
        let message: String
        let hint: String
    }

    /// What a line looks like.
    static let likeness =
        #"{"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}"#
    /// Names beside `messages` that change what would be learnt.
    static let unlearnt: Set = ["tools", "functions", "parallel_tool_calls"]

    /// What the model reads.
    let messages: [Message]
    /// What it should answer.
    let completion: String

    /// Reads a line.
    ///
    /// - Throws: ``Problem``.
    init(_ value: JSONValue) throws {
        let whole = "write the line as \(Self.likeness)"
        guard let list = value["messages"] else {
            throw Problem(message: "it has no 'messages'", hint: whole)
        }
        guard case .array(let items) = list, !items.isEmpty else {
            throw Problem(
                message: "'messages' is \(Self.shown(list)), expected a list of messages",
                hint: whole
            )
        }
        var messages: [Message] = []
        for (place, item) in items.enumerated() {
            messages.append(try Self.message(item, "messages[\(place)]"))
        }
        let last = messages.removeLast()
        let place = "messages[\(messages.count)]"
        guard last.role == .assistant else {
            throw Problem(
                message:
                    "the last message, '\(place)', is the \(last.role.rawValue)'s, expected the "
                    + "assistant's, which is the answer to learn",
                hint: "end the conversation with an answer, or remove the line"
            )
        }
        guard !messages.isEmpty else {
            throw Problem(
                message: "it has one message, expected one to answer before the assistant's",
                hint: whole
            )
        }
        guard !last.content.allSatisfy(\.isWhitespace) else {
            throw Problem(
                message: "'\(place).content' is '\(last.content)', expected the text to learn",
                hint: "give the line an answer, or remove the line"
            )
        }
        if case .integer(0)? = items[items.count - 1]["weight"] {
            throw Problem(
                message: "'\(place).weight' is 0, and the last answer is what is learnt here",
                hint: "end the conversation with the answer to learn"
            )
        }
        self.messages = messages
        completion = last.content
    }

    private static func message(_ value: JSONValue, _ place: String) throws -> Message {
        guard case .object = value else {
            throw Problem(
                message:
                    "'\(place)' is \(shown(value)), expected an object with 'role' and 'content'",
                hint: "write the line as \(likeness)"
            )
        }
        let roles = "'system', 'developer', 'user', 'assistant' or 'tool'"
        guard case .string(let name)? = value["role"] else {
            let found = value["role"].map { "is \(shown($0))" } ?? "is missing"
            throw Problem(
                message: "'\(place).role' \(found), expected \(roles)",
                hint: "say who speaks"
            )
        }
        guard let role = Role(rawValue: name == "developer" ? "system" : name) else {
            let nearest = didYouMean(name, among: Role.allCases.map(\.rawValue))
            throw Problem(
                message: "'\(place).role' is '\(name)', expected \(roles)",
                hint: nearest ?? "say who speaks"
            )
        }
        return Message(role: role, content: try content(value, place))
    }

    /// Returns what a message says: a text, or the parts of one.
    private static func content(_ value: JSONValue, _ place: String) throws -> String {
        switch value["content"] {
        case .string(let text)?: return text
        case .array(let parts)? where !parts.isEmpty:
            var text = ""
            for (number, part) in parts.enumerated() {
                guard case .string(let piece)? = part["text"] else {
                    throw Problem(
                        message:
                            "'\(place).content[\(number)]' is \(shown(part)), expected a part of "
                            + "the type 'text', which is all that is learnt here",
                        hint: "leave out pictures and sound"
                    )
                }
                text += piece
            }
            return text
        case let other:
            let found = other.map { "is \(shown($0))" } ?? "is missing"
            throw Problem(
                message: "'\(place).content' \(found), expected a string",
                hint: "write what is said as text; calls of tools are not learnt here"
            )
        }
    }

    private static func shown(_ value: JSONValue) -> String {
        let text = value.text()
        return text.count > 60 ? text.prefix(60) + "…" : text
    }
}

/// How the model that is to learn reads conversations.
struct ConversationReading {
    private enum Way {
        /// A language model's own roles, by its chat template.
        case template(ChatRendering)
        /// A base model's chat template, which is looked at when there is something to read.
        case base((String?) throws(Diagnostic) -> ChatRendering?)
        /// The messages after each other, for a model that knows no roles.
        case joined
        /// A model of this name that was tuned on prompts: one message is the prompt.
        case prompt(String)
    }

    private let way: Way
    /// Whether the model that is tuned on was tuned on conversations.
    let goesOnFromConversations: Bool

    /// Finds how a base model, or a tuned one, reads conversations.
    ///
    /// - Throws: `unknown-model`, `unknown-base`; what is wrong with the model's files.
    init(of name: String, in library: ModelLibrary) throws(Diagnostic) {
        guard let parent = try library.parent(name) else {
            way = try library.base(name)?.chat.map { .base($0) } ?? .joined
            goesOnFromConversations = false
            return
        }
        goesOnFromConversations = parent.format.isChat
        if !parent.format.isChat {
            way = .prompt(parent.displayName)
        } else {
            way = try library.rendering(of: parent).map { .template($0) } ?? .joined
        }
    }

    /// Returns what the model reads of a conversation before its answer.
    ///
    /// - Throws: `no-chat-template`; a ``ConversationLine/Problem`` for one that the model cannot read.
    func prompt(_ messages: [Message]) throws -> String {
        switch way {
        case .template(let rendering): return try rendering(messages)
        case .base(let chat): return try chat(nil)?(messages) ?? joined(messages)
        case .joined: return joined(messages)
        case .prompt(let name):
            guard messages.count == 1, messages[0].role == .user else {
                throw ConversationLine.Problem(
                    message:
                        "'messages' has \(NumberText.count(messages.count, "message")) before the "
                        + "answer, expected one of the role 'user': '\(name)' was tuned on prompts, not on "
                        + "conversations",
                    hint: "start from the base model to learn conversations"
                )
            }
            return messages[0].content
        }
    }

    private func joined(_ messages: [Message]) -> String {
        messages.map(\.content).joined(separator: "\n\n")
    }
}
