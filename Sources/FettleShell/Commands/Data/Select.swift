import FettleCore
import FettleData
import FettleLanguage
import FettleWorkbench

struct Select: Command {
    static let columns = Option<ArgumentWord>.words(
        "columns",
        kind: .columns,
        help: "the columns to keep, in this order, with blanks or commas"
    )

    static let declaration = CommandDeclaration(
        "select",
        group: .data,
        summary: "keep some columns, in the order given",
        parameters: [columns.parameter, StepOptions.name.parameter],
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("select review_title, review_body, stars", "keep three columns"),
            .init("rows reviews | select stars language | rows 3", "look at two columns"),
        ]
    )

    let columns: [ArgumentWord]
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        columns = try arguments.values(Self.columns)
        name = try arguments.value(StepOptions.name)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(nil, session)
        let names = try source.frame.columnNames(columns)
        do {
            return try context.apply(FettleData.Select(names), to: source, as: name, in: &session)
        } catch let diagnostic as Diagnostic {
            throw diagnostic.located(at: columns.last?.span)
        }
    }
}
