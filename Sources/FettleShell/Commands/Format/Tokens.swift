import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Tokens: Command {
    static let dataset = Option<ArgumentWord>.word(
        "dataset",
        required: false,
        kind: .dataset,
        default: "the current one",
        help: "whose row"
    )
    static let row = Option<Int>.setting(
        "row",
        default: "1",
        unit: "rows",
        help: "the row's number, from 1"
    )
    static let tokenizer = Option<ArgumentWord>.setting(
        "tokenizer",
        kind: .base,
        help: "a language model of the workspace, or the tokenizer.json of one"
    )
    static let ids = Option<Bool>.flag("ids", help: "a token a line, with its number")

    static let declaration = CommandDeclaration(
        "tokens",
        group: .format,
        summary: "show the tokens that a row's prompt and completion are for a model",
        details: """
            Each token stands in quotes, so that a leading space is seen: whether " 4" is one token or two
            decides what the first token of an answer tells. Bytes that are only a part of a character are
            shown as <E2 9C>. The built-in model reads words and runs of characters, and its answers are
            whole completions: it has no tokens.
            """,
        parameters: [dataset.parameter, row.parameter, tokenizer.parameter, ids.parameter],
        effect: .none,
        takesRows: true,
        examples: [
            .init("tokens", "what the built-in model takes the first row for"),
            .init("tokens reviews.train row=2", "the same for another row"),
            .init(
                "model add samples/tiny-llama as tiny; tokens tokenizer=tiny",
                "what a language model takes it for"
            ),
        ]
    )

    let dataset: ArgumentWord?
    let row: Int
    let rowWord: ArgumentWord?
    let tokenizer: ArgumentWord?
    let showsIDs: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        dataset = try arguments.value(Self.dataset)
        row = try arguments.value(Self.row, or: 1)
        rowWord = arguments.word(Self.row)
        tokenizer = try arguments.value(Self.tokenizer)
        showsIDs = arguments.has(Self.ids)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(dataset, session)
        let compiled = try source.compiled(try source.requiredFormat())
        let example = compiled.example(at: try source.position(ofRow: row, rowWord))
        guard let tokenizer else { return TokenView.ofBuiltInModel(example) }
        let read = try context.services.tokenizer(tokenizer)
        return TokenView(tokenizer: read, showsIDs: showsIDs).output(example)
    }
}
