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
        required: false,
        help: "values and what they become; two values that become one are merged"
    )

    static let declaration = CommandDeclaration(
        "relabel",
        group: .data,
        summary: "give values of a column other names, or merge classes",
        details: """
            With 'rows=' only these rows change. A dataset that 'noise' made may stand there without any
            OLD=NEW: its rows then get the values that it suggests.
            """,
        parameters: [
            column.parameter, changes.parameter, RowChoice.rows.parameter,
            StepOptions.name.parameter,
        ],
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("relabel product_category shoes=apparel luggage=apparel", "merge three classes"),
            .init("relabel stars 4=5 rows=1-20", "correct a few rows by their numbers"),
            .init("relabel language en=English as named", "keep the result under a name"),
        ]
    )

    let column: ArgumentWord
    let changes: [(old: ArgumentWord, new: ArgumentWord)]
    let rows: ArgumentWord?
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        column = try arguments.required(Self.column)
        changes = arguments.mapping(Self.changes)
        rows = try arguments.value(RowChoice.rows)
        name = try arguments.value(StepOptions.name)
        guard changes.isEmpty, rows == nil else { return }
        throw Diagnostic(
            "missing-argument",
            "'relabel' needs OLD=NEW: \(Self.changes.parameter.help)",
            span: arguments.span,
            hint: "synopsis: \(Self.declaration.synopsis)"
        )
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(nil, session)
        let column = try source.frame.columnNames([column])[0]
        let choice = try rows.map { word throws(Diagnostic) in
            try RowChoice(word, of: source, in: session)
        }
        if changes.isEmpty, let choice {
            return try suggested(choice, column, source, in: &session, context)
        }
        let step = FettleData.Relabel(
            column,
            changes.map { .init($0.old.text, $0.new.text) },
            rows: choice?.numbers
        )
        do {
            return try context.apply(step, to: source, as: name, in: &session)
        } catch let diagnostic as Diagnostic {
            // The message quotes the value; of one that is named twice, the second is meant.
            let change = changes.last { diagnostic.message.contains("'\($0.old.text)'") }
            throw diagnostic.located(at: change?.old.span ?? rows?.span)
        }
    }

    /// Gives rows the values that a dataset of findings suggests, a step for each pair of values.
    private func suggested(
        _ choice: RowChoice,
        _ column: String,
        _ source: Dataset,
        in session: inout Session,
        _ context: Context
    ) throws -> CommandOutput {
        guard let findings = choice.findings, let new = findings.frame.position(of: "suggested"),
            let old = findings.frame.position(of: column),
            let row = findings.frame.position(of: RowFindings.row)
        else {
            throw Diagnostic(
                "missing-argument",
                "'relabel' needs OLD=NEW for these rows",
                span: rows?.span,
                hint: "only a dataset that 'noise' made suggests values"
            )
        }
        var changes: [FettleData.Relabel.Change: [Int]] = [:]
        for position in 0..<findings.frame.count {
            let cells = [old, new].map { findings.frame.cell($0, at: position) }
            guard case .integer(let number) = findings.frame.cell(row, at: position),
                !cells[0].isAbsent
            else { continue }
            let change = FettleData.Relabel.Change(cells[0].displayText, cells[1].displayText)
            changes[change, default: []].append(Int(number))
        }
        var changed = source
        for (change, numbers) in changes.sorted(by: { $0.value[0] < $1.value[0] }) {
            let step = FettleData.Relabel(column, [change], rows: RowNumbers(numbers))
            changed = try changed.applying(step)
        }
        return try context.keep(changed, was: source.frame.count, as: name, in: &session)
    }
}
