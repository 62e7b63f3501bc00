import FettleCore
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Chat: Command {
    static let model = Option<ArgumentWord>.word(
        "model",
        kind: .model,
        help: "a language model with a chat template, or one tuned from it"
    )
    static let messages = Option<ArgumentWord>.words(
        "message",
        required: false,
        kind: .text,
        help: "what you say, a word a turn; \"…\" for one with blanks"
    )
    static let system = Option<ArgumentWord>.setting(
        "system",
        kind: .text,
        help: "what the model is told before the conversation"
    )

    static let declaration = CommandDeclaration(
        "chat",
        group: .ask,
        summary: "talk with a language model, through its own chat template",
        details: """
            Without a message, at a terminal, each line that you type is one: '/COMMAND' runs a command of the
            shell, '//' begins a line with a slash, '/quit' or Ctrl-D leaves, and Ctrl-C ends an answer and keeps
            what there is of it. The whole conversation is kept in the history as one 'chat' with its messages.
            An answer has up to max_tokens=256 unless said otherwise.
            """,
        parameters: [model.parameter, messages.parameter, system.parameter]
            + WritingOptions.parameters,
        effect: .none,
        examples: [
            .init(
                "model add samples/tiny-llama as tiny; chat tiny 'Hello' max_tokens=8",
                "one question"
            ),
            .init(
                "chat tiny 'Hello' 'And then?' system='Be short.' "
                    + "max_tokens=8",
                "two turns, after an instruction"
            ),
        ]
    )

    private static let usualTokens = 256

    let model: ArgumentWord
    let messages: [ArgumentWord]
    let system: String?
    let writing: WritingOptions
    private let span: SourceSpan

    init(_ arguments: Arguments) throws(Diagnostic) {
        model = try arguments.required(Self.model)
        messages = try arguments.values(Self.messages)
        system = try arguments.value(Self.system)?.text
        writing = try WritingOptions(arguments, maxTokens: Self.usualTokens)
        span = arguments.span
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        guard !messages.isEmpty else {
            throw Diagnostic(
                "missing-argument",
                "'chat' has no message, and no prompt at which one could be typed",
                span: span,
                hint: "give it the messages: chat \(model.text) 'Hello'"
            )
        }
        var conversation = try conversation(context.services)
        let live = context.live
        var output = CommandOutput()
        for message in messages.map(\.text) {
            let question = OutputBlock.text("User: \(message)")
            for block in output.blocks[output.shownCount...] where live != nil {
                context.display(block)
            }
            if live != nil { context.display(question) }
            live?.add(Conversation.name)
            let turn = try conversation.say(message, live)
            output.blocks += [question, .text(Conversation.name + turn.text)]
            if live != nil { output.shownCount = output.blocks.count }
            output.blocks += turn.remarks
            if turn.isPart { throw Interruption(text: WrittenView.stopped, output: output) }
        }
        output.value = conversation.value
        return output
    }

    /// Begins the conversation.
    func conversation(_ services: Services) throws -> Conversation {
        let record = try services.model(model, on: nil)
        let writer = try Playground(services.workspace).writer(record)
        return try Conversation(writer, system: system, writing.options)
    }
}
