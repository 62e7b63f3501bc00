public import FettleCore

/// A model's chat template: the Jinja text that turns a conversation into what the model reads.
///
/// It gives what transformers' `apply_chat_template` gives. The part of Jinja that the templates of Llama,
/// Mistral, Qwen, SmolLM, TinyLlama and ChatML use is interpreted; anything else is an error that names it.
/// A template cannot run long, print much or reach anything but the conversation.
public struct ChatTemplate: Sendable {
    private let name: String
    private let scalars: [UnicodeScalar]
    private let nodes: [TemplateNode]

    /// The longest template in bytes.
    public static let mostBytes = 1 << 20

    /// Reads a template.
    ///
    /// - Parameters:
    ///   - source: its text.
    ///   - name: what errors call it, such as the file it is from.
    /// - Throws: `bad-chat-template` or `unsupported-chat-template`, with line and column.
    public init(_ source: String, name: String = "chat template") throws(Diagnostic) {
        self.name = name
        guard source.utf8.count <= Self.mostBytes else {
            throw Diagnostic(
                "bad-chat-template",
                "expected a template of at most \(NumberText.count(Self.mostBytes, "byte")), found "
                    + NumberText.count(source.utf8.count, "byte")
            )
        }
        let scalars = TemplateScanner.scalars(source)
        self.scalars = scalars
        do throws(TemplateProblem) {
            var scanner = TemplateScanner(scalars)
            var parser = TemplateParser(try scanner.scan())
            nodes = try parser.template()
        } catch {
            throw error.diagnostic(in: scalars, name: name)
        }
    }

    /// What a template is given beside the messages.
    public struct Context: Sendable {
        /// Whether the text ends where the model's answer begins.
        public var addsGenerationPrompt = false
        /// Further values, such as `bos_token` and `tools`.
        public var values: [JSONValue.Member] = []
        /// Returns the present time in a format of `strftime`, or nil for a format it does not know.
        public var time: @Sendable (String) -> String? = { _ in nil }

        /// Makes a context without further values.
        public init() {}
    }

    /// Returns the text of a conversation.
    ///
    /// - Parameters:
    ///   - messages: a list of objects with `role` and `content`.
    ///   - context: what else the template is given.
    /// - Returns: the text that the model reads, its special tokens as text.
    /// - Throws: `chat-template-failed` when running it fails or takes too long, `chat-template-refused` when the
    ///   template refuses the conversation, and `unsupported-chat-template`.
    public func render(
        _ messages: JSONValue,
        _ context: Context = Context()
    ) throws(Diagnostic) -> String {
        var values: [String: TemplateValue] = [:]
        for member in context.values { values[member.name] = TemplateValue(member.value) }
        values["messages"] = TemplateValue(messages)
        values["add_generation_prompt"] = .boolean(context.addsGenerationPrompt)
        for name in ["tools", "documents"] where values[name] == nil {
            values[name] = TemplateValue.none
        }
        var interpreter = TemplateInterpreter(values, time: context.time)
        do {
            return try interpreter.run(nodes)
        } catch {
            throw error.diagnostic(in: scalars, name: name)
        }
    }
}

extension TemplateValue {
    /// Makes the value of JSON.
    fileprivate init(_ json: JSONValue) {
        switch json {
        case .null: self = .none
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(Int(value))
        case .number(let value): self = .number(value)
        case .string(let text): self = .text(text)
        case .array(let items): self = .list(items.map { TemplateValue($0) })
        case .object(let members): self = .map(members.map { ($0.name, TemplateValue($0.value)) })
        }
    }
}

extension TemplateProblem {
    fileprivate func diagnostic(in scalars: [UnicodeScalar], name: String) -> Diagnostic {
        let before = scalars[..<min(at, scalars.count)]
        let line = before.reduce(1) { $0 + ($1 == "\n" ? 1 : 0) }
        let lineStart = before.lastIndex(of: "\n").map { $0 + 1 } ?? 0
        let place = SourceLocation(file: name, line: line, column: before.count - lineStart + 1)
        switch kind {
        case .syntax: return Diagnostic("bad-chat-template", message, location: place)
        case .unsupported:
            return Diagnostic(
                "unsupported-chat-template",
                message,
                location: place,
                hints: [
                    "the templates of Llama, Mistral, Qwen, SmolLM, TinyLlama and ChatML are known"
                ]
            )
        case .failure: return Diagnostic("chat-template-failed", message, location: place)
        case .refused:
            return Diagnostic(
                "chat-template-refused",
                "the chat template refuses the conversation: '\(message)'",
                location: place
            )
        }
    }
}
