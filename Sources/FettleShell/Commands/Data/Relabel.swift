import FettleCore
import FettleData
import FettleLanguage
import FettleWorkbench

struct Relabel: Command {
    static let column = Option<ArgumentWord>.word(
        "column",
        kind: .column,
        help: "the column whose values change"
    )
    static let changes = Option<String>.mapping(
        "old=new",
        help: "values and what they become; two values that become one are merged"
    )

    static let declaration = CommandDeclaration(
        "relabel",
        group: .data,
        summary: "give values of a column other names, or merge classes",
        parameters: [column.parameter, changes.parameter, StepOptions.name.parameter],
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("relabel product_category shoes=apparel luggage=apparel", "merge three classes"),
            .init("relabel language en=English as named", "keep the result under a name"),
        ]
    )

    let column: ArgumentWord
    let changes: [(old: ArgumentWord, new: ArgumentWord)]
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        column = try arguments.required(Self.column)
        changes = arguments.mapping(Self.changes)
        name = try arguments.value(StepOptions.name)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(nil, session)
        let column = try source.frame.columnNames([column])[0]
        let step = FettleData.Relabel(column, changes.map { .init($0.old.text, $0.new.text) })
        do {
            return try context.apply(step, to: source, as: name, in: &session)
        } catch let diagnostic as Diagnostic {
            // The message quotes the value; of one that is named twice, the second is meant.
            let change = changes.last { diagnostic.message.contains("'\($0.old.text)'") }
            throw diagnostic.located(at: change?.old.span)
        }
    }
}
