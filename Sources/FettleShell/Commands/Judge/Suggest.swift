import FettleCore
import FettleData
import FettleEvaluation
public import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

extension Acquisition: ArgumentValue {}

struct Suggest: Command {
    static let count = Option<Int>.word("count", unit: "rows", help: "how many rows")
    static let dataset = Option<ArgumentWord>.clause(
        "from",
        kind: .dataset,
        default: "the current one",
        help: "the rows to choose from; they may be without labels"
    )
    static let measure = Option<Acquisition>.setting(
        "by",
        default: "margin",
        help:
            "the two likeliest labels are close, the probabilities spread out, or the models differ"
    )
    static let first = Option<ArgumentWord>.clause(
        "with",
        required: true,
        kind: .model,
        help: "the model that looks at the rows"
    )
    static let others = Option<ArgumentWord>.words(
        "models",
        required: false,
        kind: .model,
        help: "more models, beside the one after 'with'"
    )

    static let declaration = CommandDeclaration(
        "suggest",
        group: .judge,
        summary: "choose the rows that are worth labelling next, as a dataset",
        details: """
            Rows that have a completion are left out while others have none. 'by=disagreement' needs two models or
            more; of several models, margin and entropy are those of the mean of their probabilities. The rows come
            with the columns row, their number in the dataset that they are from, and uncertainty.
            """,
        parameters: [
            count.parameter, dataset.parameter, measure.parameter, first.parameter,
            others.parameter,
            StepOptions.nameOfNew.parameter,
        ],
        effect: .state,
        takesRows: true,
        givesRows: true,
        examples: [
            .init(
                "suggest 20 from reviews.test with stars",
                "the closest calls, as reviews.test.next"
            ),
            .init(
                "suggest 20 from reviews.test by=disagreement with stars again as next",
                "where two models differ most"
            ),
        ]
    )

    let count: Int
    let countWord: ArgumentWord?
    let dataset: ArgumentWord?
    let measure: Acquisition
    let models: [ArgumentWord]
    let name: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        count = try arguments.required(Self.count)
        countWord = arguments.word(Self.count)
        dataset = try arguments.value(Self.dataset)
        measure = try arguments.value(Self.measure, or: .margin)
        let first = try arguments.required(Self.first)
        models = try [first] + arguments.values(Self.others)
        name = try arguments.value(StepOptions.nameOfNew)
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(dataset, session)
        let records = try models.map { word throws(Diagnostic) in
            try context.services.model(word, on: source)
        }
        let progress = context.services.progress
        let total = source.frame.count * records.count
        let result: RowSuggester.Result
        do {
            result = try RowSuggester(context.services.workspace).suggest(
                count,
                of: source,
                by: measure,
                with: records
            ) { model, rows in
                let done = model * source.frame.count + rows
                progress.update(done: done, total: total, unit: "rows")
            }
        } catch let diagnostic as Diagnostic {
            let isCount = diagnostic.code == "bad-count"
            throw diagnostic.located(at: isCount ? countWord?.span : models[0].span)
        }
        var findings = RowFindings(source, result.suggestions.map(\.position))
        findings.add(result.suggestions.map(\.score), as: "uncertainty")
        let names = records.map { CommandText.word($0.id) }.joined(separator: " ")
        var rows = findings.dataset(made: "suggest \(count) by=\(measure.rawValue) with \(names)")
        rows.name += ".next"
        return try context.keep(
            rows,
            was: source.frame.count,
            as: name,
            in: &session,
            remarks: Self.remarks(result)
        )
    }

    private static func remarks(_ result: RowSuggester.Result) -> [OutputBlock] {
        guard result.labelledRows > 0 else { return [] }
        let rows = NumberText.count(result.labelledRows, "row")
        return [.note("\(rows) left out: they have a completion, and others have none")]
    }
}
