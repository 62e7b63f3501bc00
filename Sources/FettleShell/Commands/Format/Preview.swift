import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Preview: Command {
    static let dataset = Option<ArgumentWord>.word(
        "dataset",
        required: false,
        kind: .dataset,
        default: "the current one",
        help: "whose examples"
    )
    static let count = Option<Int>.word(
        "count",
        required: false,
        default: "3",
        unit: "examples",
        help: "how many from the first"
    )

    static let declaration = CommandDeclaration(
        "preview",
        group: .format,
        summary: "show examples as the model will see them, one line of JSON each",
        parameters: [dataset.parameter, count.parameter],
        effect: .none,
        takesRows: true,
        examples: [
            .init("preview", "three examples of the current dataset"),
            .init("preview reviews.train 1", "one line, as figure 4.4 shows it"),
        ]
    )

    let dataset: ArgumentWord?
    let count: Int

    init(_ arguments: Arguments) throws(Diagnostic) {
        dataset = try arguments.value(Self.dataset)
        count = max(0, try arguments.value(Self.count, or: 3))
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(dataset, session)
        let format = try source.requiredFormat()
        let compiled = try source.compiled(format)
        let shown = min(count, compiled.count)
        let blocks = (0..<shown).map { position -> OutputBlock in
            switch format {
            case .completion: Self.block(compiled.example(at: position))
            case .chat: .text(Self.json(compiled.messages(at: position)).text())
            }
        }
        return CommandOutput(blocks: blocks)
    }

    /// Returns an example as a line of JSON.
    static func block(_ example: Example) -> OutputBlock {
        .text(
            JSONValue.object([
                .init("prompt", .string(example.prompt)),
                .init("completion", .string(example.completion)),
            ]).text()
        )
    }

    private static func json(_ messages: [Message]) -> JSONValue {
        let items = messages.map { message in
            JSONValue.object([
                .init("role", .string(message.role.rawValue)),
                .init("content", .string(message.content)),
            ])
        }
        return .object([.init("messages", .array(items))])
    }
}
