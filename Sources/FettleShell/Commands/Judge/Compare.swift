import FettleCore
import FettleData
import FettleEvaluation
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

struct Compare: Command {
    static let models = Option<ArgumentWord>.words(
        "models",
        kind: .model,
        help: "the models; each is held against the first"
    )
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "the current one",
        help: "the rows to judge them on"
    )

    static let declaration = CommandDeclaration(
        "compare",
        group: .judge,
        summary: "hold models against each other on the same rows, with a test and a verdict",
        details: """
            The verdict is McNemar's exact test on the rows that one model has right and the other wrong.
            Examples seen and seconds count from the base model, repeats and earlier tunings included; × is
            the multiple of the first model.
            """,
        parameters: [models.parameter, dataset.parameter],
        effect: .none,
        examples: [
            .init("compare stars again on reviews.test", "is the second better than the first?"),
            .init(
                "compare stars again on reviews.test > compare.json",
                "the same as one object"
            ),
        ]
    )

    let models: [ArgumentWord]
    let dataset: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        models = try arguments.values(Self.models)
        dataset = try arguments.value(Self.dataset)
        guard models.count >= 2 else {
            throw Diagnostic(
                "nothing-to-compare",
                "'compare' needs at least two models, got \(models.count)",
                span: models.first?.span ?? arguments.span,
                hint: "name two, such as: compare first second on reviews.test"
            )
        }
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try session.dataset(dataset)
        let judge = Judge(context.services.workspace, clock: context.services.clock)
        let progress = context.services.progress
        let showsTime = context.services.clock.seconds() != nil
        let records = try models.map { word throws(Diagnostic) in
            try context.services.model(word, on: source)
        }
        var compared: [ComparedModel] = []
        for record in records {
            let scored = try judge.score(record, on: source) { done in
                progress.update(
                    done: done,
                    total: source.frame.count,
                    unit: "rows",
                    extra: record.displayName
                )
            }
            compared.append(
                ComparedModel(
                    name: record.displayName,
                    correct: scored.scores.correct,
                    trainingExamples: record.examplesSeen,
                    seconds: showsTime ? Double(record.trainingMilliseconds) / 1000 : nil
                )
            )
        }
        if let other = records.first(where: {
            $0.format.target.source != records[0].format.target.source
        }) {
            throw Diagnostic(
                "tasks-differ",
                "'\(records[0].displayName)' answers with '\(records[0].format.target.source)' and "
                    + "'\(other.displayName)' with '\(other.format.target.source)'",
                span: models.first?.span,
                hint: "compare models that were tuned for the same completion"
            )
        }
        let comparison = try FettleEvaluation.Comparison(dataset: source.name, models: compared)
        let blocks = Self.blocks(comparison) + EvaluationView.trainingRows(records, source)
        return CommandOutput(blocks: blocks, value: comparison.json)
    }

    private static func blocks(_ comparison: FettleEvaluation.Comparison) -> [OutputBlock] {
        let showsTime = comparison.models.contains { $0.seconds != nil }
        var table = TextTable(
            columns: [
                .init("model"), .init("exact", .right), .init("95 %", .right),
                .init("exact ×", .right), .init("seen", .right), .init("seen ×", .right),
            ],
            rows: comparison.models.map { model in
                [
                    .text(model.name),
                    .number(model.accuracy.value, NumberText.percent(model.accuracy.value)),
                    .text(interval(model.accuracy)),
                    multiple(model.accuracyMultiple, digits: 2),
                    model.trainingExamples.map { .text(NumberText.count($0)) } ?? .blank,
                    multiple(model.trainingExamplesMultiple),
                ]
            }
        )
        if showsTime {
            table.columns += [.init("seconds", .right), .init("seconds ×", .right)]
            for (row, model) in comparison.models.enumerated() {
                table.rows[row] += [
                    model.seconds.map { .number($0, NumberText.decimal($0, digits: 2)) } ?? .blank,
                    multiple(model.secondsMultiple),
                ]
            }
        }
        let rows = NumberText.count(comparison.rows, "row")
        return [.text("\(comparison.dataset): \(rows)"), .table(table)]
            + comparison.pairs.map { .text("\($0.second) against \($0.first): \($0.verdict)") }
    }

    /// The ends of an interval as the table shows them: `59.7–68.6 %`.
    private static func interval(_ estimate: Estimate) -> String {
        guard let interval = estimate.interval else { return "" }
        let low = NumberText.decimal(interval.lowerBound * 100, digits: 1)
        return "\(low)–\(NumberText.percent(interval.upperBound))"
    }

    private static func multiple(_ value: Double?, digits: Int = 1) -> TextTable.Cell {
        value.map { .number($0, "\(NumberText.decimal($0, digits: digits))×") } ?? .blank
    }
}
