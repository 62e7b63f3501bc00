import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Columns: Command {
    static let dataset = Option<ArgumentWord>.word(
        "dataset",
        required: false,
        kind: .dataset,
        default: "the current one",
        help: "whose columns"
    )

    static let declaration = CommandDeclaration(
        "columns",
        group: .data,
        summary: "list the columns with their kinds, gaps and values",
        parameters: [dataset.parameter],
        effect: .none,
        takesRows: true,
        examples: [
            .init("columns", "the current dataset's columns"),
            .init("columns reviews.test", "the test part's"),
        ]
    )

    let dataset: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        dataset = try arguments.value(Self.dataset)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(dataset, session)
        var table = TextTable(
            columns: [
                .init("column"), .init("kind"), .init("values", .right), .init("null", .right),
                .init("missing", .right), .init("\"\"", .right), .init("distinct", .right),
                .init("range"),
            ],
            rows: []
        )
        for column in source.frame.columns {
            let summary = try ColumnSummary(of: column.name, in: source.frame, mostFrequent: 0)
            table.rows.append([
                .text(summary.name), .text(summary.kind.rawValue), Self.count(summary.values),
                Self.count(summary.nulls), Self.count(summary.missing), Self.count(summary.empty),
                Self.count(summary.distinct), .text(Self.range(summary)),
            ])
        }
        return CommandOutput(blocks: [.table(table)])
    }

    private static func count(_ value: Int) -> TextTable.Cell {
        .text(NumberText.count(value))
    }

    private static func range(_ summary: ColumnSummary) -> String {
        if let range = summary.range {
            return "\(JSONValue.text(of: range.minimum)) to \(JSONValue.text(of: range.maximum))"
        }
        if let lengths = summary.lengths {
            let (low, high) = (NumberText.count(lengths.minimum), NumberText.count(lengths.maximum))
            return "\(low) to \(high) chars"
        }
        return summary.kind == .boolean ? "false, true" : "–"
    }
}
