import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Rows: Command {
    static let dataset = Option<ArgumentWord>.word(
        "dataset",
        required: false,
        kind: .dataset,
        default: "the current one",
        help: "whose rows"
    )
    static let count = Option<Int>.word(
        "count",
        required: false,
        default: "10 on the screen, all in a pipe or file",
        unit: "rows",
        help: "how many rows from the first"
    )

    static let declaration = CommandDeclaration(
        "rows",
        group: .data,
        summary: "show the first rows, or give all of them to a pipe or file",
        parameters: [dataset.parameter, count.parameter],
        effect: .none,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("rows", "the first ten rows of the current dataset"),
            .init("rows reviews.test 3", "three rows of the test part"),
            .init("rows reviews | where stars == 1 | select review_title", "start a pipe"),
        ]
    )

    let dataset: ArgumentWord?
    let count: Int?

    init(_ arguments: Arguments) throws(Diagnostic) {
        dataset = try arguments.value(Self.dataset)
        count = try arguments.value(Self.count)
        if let count, count < 0, let word = arguments.word(Self.count) {
            throw expected("a whole number of at least 0 (got \(count))", word, for: "count")
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(dataset, session)
        let frame =
            count.map { source.frame.showing(Array(source.frame.rows.prefix($0))) } ?? source.frame
        let rows = count.map { source.replacing(frame: frame, adding: "rows \($0)") } ?? source
        let table = RowsView.table(source.frame, first: count)
        return CommandOutput(blocks: [.table(table)], rows: rows)
    }
}
