import FettleCore
import FettleData
import OpenAIWire

/// Conversations on their way to a provider, which renders them itself: until they are sent they are a line of JSON,
/// as files for tuning have it.
enum RemoteConversation {
    /// Returns the line of a conversation.
    static func line(of messages: [Message]) -> String {
        let writer = ExampleWriter()
        // Memory takes everything.
        try? writer.write(messages)
        return String(writer.text.dropLast())
    }

    /// Returns the conversation of a line that ``line(of:)`` made.
    static func messages(of line: String) throws -> [ChatMessage] {
        let object = try WireObject(parsing: Array(line.utf8))
        return try object.required("messages", object.list(ChatMessage.self, "messages"))
    }

    /// Writes a conversation with its answer.
    static func write(_ example: Example, to writer: ExampleWriter) throws {
        let messages = try messages(of: example.prompt).map { message in
            Message(
                role: Role(rawValue: message.role) ?? .user,
                content: message.content ?? ""
            )
        }
        try writer.write(messages + [Message(role: .assistant, content: example.completion)])
    }
}
