import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Drop: Command {
    static let names = Option<ArgumentWord>.words(
        "names",
        required: false,
        kind: .columns,
        help: "columns of the current dataset, or with --dataset datasets"
    )
    static let dataset = Option<Bool>.flag(
        "dataset",
        help: "forget datasets of this session instead"
    )

    static let declaration = CommandDeclaration(
        "drop",
        group: .data,
        summary: "leave columns or rows out, or forget a dataset",
        parameters: [
            names.parameter, RowChoice.rows.parameter, dataset.parameter,
            StepOptions.name.parameter,
        ],
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("drop reviewer_id product_id", "leave two columns out"),
            .init("drop rows=3,17,40-60", "leave rows out by their numbers"),
            .init("drop --dataset reviews.validation", "forget a part; files stay as they are"),
        ]
    )

    let names: [ArgumentWord]
    let rows: ArgumentWord?
    let isDataset: Bool
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        names = try arguments.values(Self.names)
        rows = try arguments.value(RowChoice.rows)
        isDataset = arguments.has(Self.dataset)
        name = try arguments.value(StepOptions.name)
        guard names.isEmpty == (rows == nil) else { return }
        throw Diagnostic(
            "missing-argument",
            names.isEmpty
                ? "'drop' needs columns, or rows=" : "'drop' takes one of columns and rows=",
            span: rows?.span ?? arguments.span,
            hint: "synopsis: \(Self.declaration.synopsis)"
        )
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        if let rows {
            let source = try context.source(nil, session)
            let step = DropRows(try RowChoice(rows, of: source, in: session).numbers)
            do {
                return try context.apply(step, to: source, as: name, in: &session)
            } catch let diagnostic as Diagnostic {
                throw diagnostic.located(at: rows.span)
            }
        }
        guard isDataset else {
            let source = try context.source(nil, session)
            let columns = try source.frame.columnNames(names)
            do {
                return try context.apply(
                    FettleData.Drop(columns),
                    to: source,
                    as: name,
                    in: &session
                )
            } catch let diagnostic as Diagnostic {
                throw diagnostic.located(at: names.last?.span)
            }
        }
        for word in names {
            do {
                try session.library.remove(word.text)
            } catch {
                throw error.located(at: word.span)
            }
        }
        let what = names.map { "'\($0.text)'" }.joined(separator: ", ")
        return CommandOutput(blocks: [.note("forgot \(what); nothing on disk was touched")])
    }
}
