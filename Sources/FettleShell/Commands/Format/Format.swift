import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct FormatCommand: Command {
    static let mode = Option<ArgumentWord>.word(
        "mode",
        required: false,
        kind: .choice(["chat"]),
        default: "prompt and completion",
        help: "chat: messages instead of prompt and completion"
    )
    static let prompt = Option<ArgumentWord>.setting(
        "prompt",
        kind: .template,
        help: "what the model reads"
    )
    static let completion = Option<ArgumentWord>.setting(
        "completion",
        kind: .template,
        help: "what it should answer; begin it with a space"
    )
    static let system = Option<ArgumentWord>.setting(
        "system",
        kind: .template,
        help: "chat: the system's message; may be left out"
    )
    static let user = Option<ArgumentWord>.setting(
        "user",
        kind: .template,
        help: "chat: the user's message"
    )
    static let assistant = Option<ArgumentWord>.setting(
        "assistant",
        kind: .template,
        help: "chat: the message that the model learns"
    )
    static let like = Option<ArgumentWord>.setting(
        "like",
        kind: .model,
        help: "take the format of this model, or dataset"
    )

    static let declaration = CommandDeclaration(
        "format",
        group: .format,
        summary: "show or set how a row of the current dataset becomes a prompt and a completion",
        details: """
            {{column}} stands for the column's value, as in Mustache; nothing is HTML-escaped. The format of
            a dataset is also that of its parts. What is not given stays as it was: 'format completion=" {{stars}}"'
            keeps the prompt. A tuned model keeps the format it was tuned with.
            """,
        parameters: [
            mode.parameter, prompt.parameter, completion.parameter, system.parameter,
            user.parameter,
            assistant.parameter, like.parameter,
        ],
        effect: .state,
        examples: [
            .init(
                #"format prompt="{{review_title}}\n\n{{review_body}}\n\n###\n\n" completion=" {{stars}}""#,
                "the chapter's format"
            ),
            .init(
                #"format chat system="Rate the review." user="{{review_body}}" assistant="{{stars}}""#,
                "messages for chat models"
            ),
            .init("format", "show the format"),
        ]
    )

    let words: [String: ArgumentWord]
    let isChat: Bool
    let like: ArgumentWord?
    let span: SourceSpan

    init(_ arguments: Arguments) throws(Diagnostic) {
        span = arguments.span
        let options = [Self.prompt, Self.completion, Self.system, Self.user, Self.assistant]
        var words: [String: ArgumentWord] = [:]
        for option in options {
            if let word = try arguments.value(option) { words[option.parameter.name] = word }
        }
        self.words = words
        like = try arguments.value(Self.like)
        if let mode = try arguments.value(Self.mode), mode.text != "chat" {
            throw expected("chat, or nothing", mode, for: "mode")
        }
        isChat = try arguments.value(Self.mode) != nil
        let wrong = isChat ? ["prompt", "completion"] : ["system", "user", "assistant"]
        if let name = wrong.first(where: { words[$0] != nil }), let word = words[name] {
            throw Diagnostic(
                "bad-value",
                isChat
                    ? "'\(name)' does not belong to a chat format"
                    : "'\(name)' belongs to a chat format",
                span: word.span,
                hint: isChat ? "use user= and assistant=" : "write 'format chat \(name)=…'"
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let dataset = try session.dataset(nil)
        if words.isEmpty, like == nil, !isChat {
            return CommandOutput(blocks: [Self.shown(dataset)])
        }
        let format =
            try like.map { word throws(Diagnostic) in
                try session.format(like: word, context.services)
            } ?? self.format(changing: dataset.format)
        try check(format, dataset)
        let names = session.library.names.filter {
            $0 == dataset.name || $0.hasPrefix(dataset.name + ".")
        }
        for name in names { session.library.setFormat(format, of: name) }
        let example = try dataset.compiled(format).exampleIfAny
        var blocks: [OutputBlock] = [.note("format of \(names.joined(separator: ", "))")]
        if let example { blocks.append(Preview.block(example)) }
        return CommandOutput(blocks: blocks)
    }

    /// Returns the format that was given; what was not stays as it was, in a format of the same kind.
    private func format(changing old: PromptFormat?) throws(Diagnostic) -> PromptFormat {
        if isChat {
            let (system, user, assistant): (PromptTemplate?, PromptTemplate?, PromptTemplate?) =
                if case .chat(let system, let user, let assistant)? = old {
                    (system, user, assistant)
                } else {
                    (nil, nil, nil)
                }
            return .chat(
                system: try words["system"].map { word throws(Diagnostic) in
                    try Self.template(word)
                } ?? system,
                user: try required("user", or: user),
                assistant: try required("assistant", or: assistant)
            )
        }
        var (prompt, completion): (PromptTemplate?, PromptTemplate?)
        if case .completion(let oldPrompt, let oldCompletion)? = old {
            (prompt, completion) = (oldPrompt, oldCompletion)
        }
        return .completion(
            prompt: try required("prompt", or: prompt),
            completion: try required("completion", or: completion)
        )
    }

    private func required(
        _ name: String,
        or old: PromptTemplate?
    ) throws(Diagnostic) -> PromptTemplate {
        guard let word = words[name] else {
            if let old { return old }
            throw Diagnostic(
                "missing-argument",
                "the format needs \(name)=",
                span: span,
                hint: "synopsis: \(Self.declaration.synopsis)"
            )
        }
        return try Self.template(word)
    }

    private static func template(_ word: ArgumentWord) throws(Diagnostic) -> PromptTemplate {
        do {
            return try PromptTemplate(word.text)
        } catch {
            throw word.placing(error)
        }
    }

    /// Sees to it that the dataset has the columns, with the caret inside the template.
    private func check(_ format: PromptFormat, _ dataset: Dataset) throws(Diagnostic) {
        do {
            _ = try CompiledFormat(format, in: dataset.frame)
        } catch {
            guard let word = words[error.part] else {
                throw error.diagnostic.located(at: like?.span)
            }
            throw word.placing(error.diagnostic)
        }
    }

    private static func shown(_ dataset: Dataset) -> OutputBlock {
        guard let format = dataset.format else {
            return .note("'\(dataset.name)' has no format; 'help format' says how to set one")
        }
        return .fields(
            format.parts.map { part in
                var text = ""
                JSONValue.quote(part.template.source, into: &text)
                return .init(part.name, text)
            }
        )
    }
}

extension CompiledFormat {
    /// The first row's example, or nil when there is no row.
    fileprivate var exampleIfAny: Example? {
        count > 0 ? example(at: 0) : nil
    }
}

extension Session {
    /// Returns the format of the dataset or model that a word names.
    func format(like word: ArgumentWord, _ services: Services) throws(Diagnostic) -> PromptFormat {
        if library.names.contains(word.text), let format = try library.dataset(word.text).format {
            return format
        }
        do throws(Diagnostic) {
            return try services.models.model(word.text).format
        } catch {
            throw error.located(at: word.span)
        }
    }
}
