import FettleCore
import FettleNotebook
import FettleWorkbench

/// A conversation with a model, turn by turn.
struct Conversation: Sendable {
    /// What stands before an answer.
    static let name = "Assistant: "

    private let writer: Writer
    private let options: CompletionOptions
    private(set) var messages: [Message]
    private var last: Completion?

    /// Begins a conversation.
    ///
    /// - Throws: `no-chat-template`.
    init(_ writer: Writer, system: String?, _ options: CompletionOptions) throws(Diagnostic) {
        if writer.render == nil { _ = try writer.tokenize(.chat([])) }
        self.writer = writer
        self.options = options
        messages = system.map { [Message(role: .system, content: $0)] } ?? []
    }

    /// An answer.
    struct Turn {
        var text: String
        /// Whether Ctrl-C ended it.
        var isPart: Bool
        /// What there is to say of it.
        var remarks: [OutputBlock]
    }

    /// Says something to the model, and returns what it answers; a part of an answer is kept like a whole one.
    ///
    /// - Throws: what the writer does; the conversation is then as it was.
    mutating func say(_ message: String, _ live: LiveText?) throws -> Turn {
        let asked = messages + [Message(role: .user, content: message)]
        let result = try LiveWriting(live: live).write { next in
            try writer.write(.chat(asked), options, 0) { next($0.text) }
        }
        let turn: Turn
        switch result {
        case .whole(let completion):
            let isOwnEnd = completion.finishReason == .stop && completion.stop == nil
            turn = Turn(
                text: completion.text,
                isPart: false,
                remarks: isOwnEnd ? [] : [.note(WrittenView.note(completion))]
            )
            last = completion
        case .part(let text):
            turn = Turn(text: text, isPart: true, remarks: [])
            last = nil
        }
        messages = asked + [Message(role: .assistant, content: turn.text)]
        return turn
    }

    /// The messages, and how the last answer ended.
    var value: JSONValue {
        var members: [JSONValue.Member] = [
            .init(
                "messages",
                .array(
                    messages.map { message in
                        .object([
                            .init("role", .string(message.role.rawValue)),
                            .init("content", .string(message.content)),
                        ])
                    }
                )
            )
        ]
        if let last { members += WrittenView.value(last, showsTokens: false) }
        return .object(members)
    }
}
