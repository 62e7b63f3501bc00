import FettleCore
import FettleModelFiles
import FettleStore
import FettleTokenizers

/// Turns the messages before an answer into what a model reads.
typealias ChatRendering = @Sendable ([Message]) throws(Diagnostic) -> String

/// How a language model reads conversations: by its own chat template, the same when it is tuned and when it is asked.
///
/// The template says where an answer ends too: a conversation with a known answer shows what follows it.
struct ChatText: Sendable {
    /// The template's text, which a tuned model keeps.
    let source: String
    /// The token that ends an answer.
    let end: Int32
    /// Whether the template takes the blanks off an answer.
    let trims: Bool
    private let template: ChatTemplate
    private let values: [JSONValue.Member]

    /// What Llama 3.1's template says where it knows no date: prompts must not change from day to day.
    private static let date = "26 Jul 2024"

    /// Reads a model's own template, or the one that a tuned model kept.
    ///
    /// - Throws: `no-chat-template` when there is none, and the errors of ``ChatTemplate``.
    init(_ files: LanguageFiles, keeping kept: String? = nil) throws(Diagnostic) {
        guard let source = kept ?? files.model.chatTemplate else {
            throw Diagnostic(
                "no-chat-template",
                "'\(files.name)' has no chat template, which says how it reads a conversation",
                hint: "give the rows a prompt and a completion instead: "
                    + "format prompt=\"…\" completion=\"…\""
            )
        }
        let tokenizer = files.tokenizer
        func text(_ id: Int?) -> JSONValue {
            .string(id.map { tokenizer.decode([Int32(clamping: $0)]) } ?? "")
        }
        let template = try ChatTemplate(source, name: "chat template of '\(files.name)'")
        let values: [JSONValue.Member] = [
            .init("bos_token", text(files.configuration.bosTokenID)),
            .init("eos_token", text(files.configuration.eosTokenIDs.first)),
            .init("date_string", .string(Self.date)),
        ]
        let answer = "qzx"
        func rendered(_ content: String) throws(Diagnostic) -> String {
            let messages = [
                Message(role: .user, content: "a"), Message(role: .assistant, content: content),
            ]
            return try Self.render(template, messages, values, addsPrompt: false)
        }
        let whole = try rendered(answer)
        let after = whole.ranges(of: answer).last.map { String(whole[$0.upperBound...]) } ?? ""
        let ending = tokenizer.encode(after, specials: .asTokens)
        let usual = files.configuration.eosTokenIDs.first.map { Int32(clamping: $0) }
        guard let end = ending.first(where: tokenizer.isSpecial) ?? usual else {
            throw Diagnostic(
                "unsupported-chat-template",
                "no token ends an answer in the chat template of '\(files.name)'",
                hint: "give the rows a prompt and a completion instead: "
                    + "format prompt=\"…\" completion=\"…\""
            )
        }
        self.source = source
        self.end = end
        self.template = template
        self.values = values
        trims = try !rendered(" \(answer) ").contains(" \(answer) ")
    }

    /// Returns what the model reads before it answers; special tokens are text in it.
    func prompt(_ messages: [Message]) throws(Diagnostic) -> String {
        try Self.render(template, messages, values, addsPrompt: true)
    }

    private static func render(
        _ template: ChatTemplate,
        _ messages: [Message],
        _ values: [JSONValue.Member],
        addsPrompt: Bool
    ) throws(Diagnostic) -> String {
        var context = ChatTemplate.Context()
        context.addsGenerationPrompt = addsPrompt
        context.values = values
        return try template.render(
            .array(
                messages.map { message in
                    .object([
                        .init("role", .string(message.role.rawValue)),
                        .init("content", .string(message.content)),
                    ])
                }
            ),
            context
        )
    }
}

extension PromptFormat {
    /// Whether it makes conversations.
    var isChat: Bool {
        if case .chat = self { true } else { false }
    }
}

extension ModelLibrary {
    /// Returns how a model reads the conversations of a chat format; nil where it reads plain text: another format,
    /// a model without roles, and one that was tuned on such plain text.
    ///
    /// - Throws: `no-chat-template`.
    func rendering(of record: ModelRecord) throws(Diagnostic) -> ChatRendering? {
        guard record.format.isChat, let chat = try base(of: record).chat else { return nil }
        return try chat(record.isBase ? nil : path(of: record))
    }

    /// Returns how the model that is to be tuned reads the conversations of a format.
    ///
    /// - Throws: `no-chat-template`.
    func rendering(
        for parent: ModelRecord?,
        or name: String,
        of format: PromptFormat
    ) throws(Diagnostic) -> ChatRendering? {
        if let parent { return try rendering(of: parent) }
        guard format.isChat, let chat = try base(name)?.chat else { return nil }
        return try chat(nil)
    }
}
