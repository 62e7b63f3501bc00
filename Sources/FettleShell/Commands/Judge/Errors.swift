import FettleCore
import FettleData
import FettleEvaluation
public import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

extension AnswerSelection.Kind: ArgumentValue {}
extension AnswerSelection.Order: ArgumentValue {}

struct Errors: Command {
    static let model = Option<ArgumentWord>.word(
        "model",
        kind: .model,
        help: "the model's name or id"
    )
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "the current one",
        help: "the rows that it answers"
    )
    static let kind = Option<AnswerSelection.Kind>.setting(
        "show",
        default: "wrong",
        help:
            "wrong answers, unsure ones (the two likeliest less than 0.1 apart), or surprising rows "
            + "(their completion less likely than chance)"
    )
    static let truth = Option<ArgumentWord>.setting(
        "true",
        kind: .text,
        help: "only rows with this completion"
    )
    static let prediction = Option<ArgumentWord>.setting(
        "pred",
        kind: .text,
        help: "only rows that are answered with this completion"
    )
    static let order = Option<AnswerSelection.Order>.setting(
        "sort",
        default: "what suits the kind",
        help: "what comes first: the surest answer, the least expected completion, or the first row"
    )
    static let limit = Option<Int>.setting(
        "limit",
        default: "20 on the screen, all in a pipe or file",
        unit: "rows",
        help: "how many rows are shown; of a row that is opened, labels, n-grams and training rows"
    )
    static let row = Option<Int>.setting("row", help: "open this row")

    static let declaration = CommandDeclaration(
        "errors",
        group: .judge,
        summary: "browse the rows that a model gets wrong, and open one to see why",
        details: """
            'row=' opens a row: the likeliest completions, for 'ngram' the n-grams that speak most for the
            answer and against the row's completion (in nats of log odds), and the training rows with most
            words and pairs of words in common, while the training dataset is loaded. The numbers of rows are
            those that 'drop rows=' and 'relabel COLUMN OLD=NEW rows=' take. A pipe and 'as' get the rows with
            the columns row, prediction, probability and probability_true.
            """,
        parameters: [
            model.parameter, dataset.parameter, kind.parameter, truth.parameter,
            prediction.parameter, order.parameter, limit.parameter, row.parameter,
            StepOptions.nameToKeep.parameter,
        ],
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init("errors stars on reviews.test", "the wrong answers, the surest first"),
            .init("errors stars on reviews.test true=2 pred=4 sort=surprise", "one confusion"),
            .init("errors stars on reviews.test row=3 limit=5", "why row 3 is answered as it is"),
            .init(
                "errors stars on reviews.test as odd; use reviews.test; drop rows=odd; undo",
                "take the wrong ones out, and put them back"
            ),
        ]
    )

    /// Labels, n-grams and training rows of an open row when nothing else is said.
    private static let usualLook = 5

    let model: ArgumentWord
    let dataset: ArgumentWord?
    let selection: AnswerSelection
    let words: [String: ArgumentWord]
    let limit: Int?
    let row: Int?
    let rowWord: ArgumentWord?
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        model = try arguments.required(Self.model)
        dataset = try arguments.value(Self.dataset)
        let truth = try arguments.value(Self.truth)
        let prediction = try arguments.value(Self.prediction)
        words = ["true": truth, "pred": prediction].compactMapValues(\.self)
        selection = AnswerSelection(
            try arguments.value(Self.kind, or: .wrong),
            order: try arguments.value(Self.order),
            truth: truth?.text,
            prediction: prediction?.text
        )
        limit = try arguments.value(Self.limit)
        row = try arguments.value(Self.row)
        rowWord = arguments.word(Self.row)
        name = try arguments.value(StepOptions.nameToKeep)
        if let limit, limit < 1, let word = arguments.word(Self.limit) {
            throw expected("a whole number of at least 1", word, for: "limit")
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(dataset, session)
        let record = try context.services.model(model, on: source)
        if row != nil { return try open(record, source, session, context) }
        let progress = context.services.progress
        let judge = Judge(context.services.workspace, clock: context.services.clock)
        let scored = try judge.score(record, on: source) { done in
            progress.update(done: done, total: source.frame.count, unit: "rows")
        }
        let found: [AnsweredRow]
        do {
            found = try selection.rows(of: scored)
        } catch {
            throw error.located(at: error.parameter.flatMap { words[$0]?.span })
        }
        let view = ErrorsView(record, source, selection, of: scored.rows.count)
        return try output(view, found, in: &session, context)
    }

    /// Shows the rows, or keeps them under a name.
    private func output(
        _ view: ErrorsView,
        _ found: [AnsweredRow],
        in session: inout Session,
        _ context: Context
    ) throws -> CommandOutput {
        let wanted = limit.map { Array(found.prefix($0)) } ?? found
        let rows = try view.rows(wanted)
        if name != nil {
            return try context.keep(rows, was: view.source.frame.count, as: name, in: &session)
        }
        return CommandOutput(
            blocks: view.blocks(found, limit: limit),
            rows: rows,
            value: view.value(found, wanted)
        )
    }

    private func open(
        _ record: ModelRecord,
        _ source: Dataset,
        _ session: Session,
        _ context: Context
    ) throws -> CommandOutput {
        guard let row else { return CommandOutput() }
        let position = try source.position(ofRow: row, rowWord)
        let training = session.library.datasets.first {
            $0.name == record.dataset && $0.fingerprint == record.datasetFingerprint
        }
        let opened = try Playground(context.services.workspace).look(
            at: position,
            of: source,
            with: record,
            training: training,
            count: limit ?? Self.usualLook
        )
        let view = OpenedRowView(opened, training: record.dataset, limit ?? Self.usualLook)
        let note = try context.note(at: position, of: source)
        return CommandOutput(blocks: view.blocks + (note.map { [$0] } ?? []), value: view.value)
    }
}
