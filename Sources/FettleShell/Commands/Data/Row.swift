import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Row: Command {
    static let number = Option<Int>.word("number", unit: "rows", help: "the row's number, from 1")
    static let dataset = Option<ArgumentWord>.word(
        "dataset",
        required: false,
        kind: .dataset,
        default: "the current one",
        help: "whose row"
    )

    static let declaration = CommandDeclaration(
        "row",
        group: .data,
        summary: "show one row whole, a column a line",
        parameters: [number.parameter, dataset.parameter],
        effect: .none,
        examples: [
            .init("row 17", "row 17 of the current dataset"),
            .init("row 1 reviews.test", "the first row of the test part"),
        ]
    )

    let number: Int
    let word: ArgumentWord?
    let dataset: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        number = try arguments.required(Self.number)
        word = arguments.word(Self.number)
        dataset = try arguments.value(Self.dataset)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try session.dataset(dataset)
        let position = try source.position(ofRow: number, word)
        let fields = source.frame.columns.indices.map { column in
            let cell = source.frame.cell(column, at: position)
            let text =
                switch cell {
                case .null: "null"
                case .missing: "·missing"
                case .text(""): "\"\""
                default: cell.displayText
                }
            return OutputBlock.Field(source.frame.columns[column].name, text)
        }
        let note = try context.note(at: position, of: source)
        return CommandOutput(blocks: [.fields(fields)] + (note.map { [$0] } ?? []))
    }
}

extension Dataset {
    /// Returns the position of a row number, which counts from 1.
    ///
    /// - Throws: `no-row` when there is no such row.
    func position(ofRow number: Int, _ word: ArgumentWord?) throws(Diagnostic) -> Int {
        guard number >= 1, number <= frame.count else {
            throw Diagnostic(
                "no-row",
                "no row \(number) in '\(name)', which has \(NumberText.count(frame.count, "row"))",
                span: word?.span,
                hint: "rows count from 1"
            )
        }
        return number - 1
    }
}
