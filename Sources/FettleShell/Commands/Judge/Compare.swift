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
        help: "the models; each is held against the first; 'majority' is the commonest completion"
    )
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "the current one",
        help: "the rows to judge them on"
    )
    static let seed = Option<UInt64>.setting("seed", default: "0", help: "seed of the bootstrap")

    static let declaration = CommandDeclaration(
        "compare",
        group: .judge,
        summary: "hold models against each other on the same rows, with tests and a verdict",
        details: """
            The verdict is McNemar's exact test on the rows that one model has right and the other wrong, with
            Holm's correction for more than two models. The interval of the difference in points is a bootstrap
            of 2,000 draws of the rows; 'could show' is the smallest difference that so many rows show with a
            chance of 80 %. Examples seen and seconds count from the base model, repeats and earlier tunings
            included; × is the multiple of the first model. 'majority' stands for answering every row with the
            commonest completion of the rows.
            """,
        parameters: [models.parameter, dataset.parameter, seed.parameter],
        effect: .none,
        examples: [
            .init("compare stars again on reviews.test", "is the second better than the first?"),
            .init("compare majority stars again on reviews.test", "are both better than no model?"),
            .init(
                "compare stars again on reviews.test > compare.json",
                "the same as one object"
            ),
        ]
    )

    let models: [ArgumentWord]
    let dataset: ArgumentWord?
    let seed: UInt64

    init(_ arguments: Arguments) throws(Diagnostic) {
        models = try arguments.values(Self.models)
        dataset = try arguments.value(Self.dataset)
        seed = try arguments.value(Self.seed, or: 0)
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
        let records = try records(on: source, context.services)
        let tuned = records.compactMap(\.self)
        try checkTasks(tuned)
        let comparison = try FettleEvaluation.Comparison(
            dataset: source.name,
            models: try judged(records, on: source, context.services),
            seed: seed
        )
        let blocks = ComparisonView.blocks(comparison) + EvaluationView.trainingRows(tuned, source)
        return CommandOutput(blocks: blocks, value: comparison.json)
    }

    /// The models, nil for the baseline, unless a model has its name.
    private func records(
        on source: Dataset,
        _ services: Services
    ) throws(Diagnostic) -> [ModelRecord?] {
        let names = try services.models.models().map(\.displayName)
        let name = ComparedModel.majorityName
        let records = try models.map { word throws(Diagnostic) -> ModelRecord? in
            if word.text == name, !names.contains(name) { return nil }
            return try services.model(word, on: source)
        }
        guard records.contains(where: { $0 != nil }) else {
            throw Diagnostic(
                "nothing-to-compare",
                "'compare' needs at least one model beside '\(name)'",
                span: models.first?.span,
                hint: "name one, such as: compare \(name) first on reviews.test"
            )
        }
        return records
    }

    private func checkTasks(_ records: [ModelRecord]) throws(Diagnostic) {
        let targets = records.map(\.format.target.source)
        guard let place = targets.firstIndex(where: { $0 != targets[0] }) else { return }
        throw Diagnostic(
            "tasks-differ",
            "'\(records[0].displayName)' answers with '\(targets[0])' and "
                + "'\(records[place].displayName)' with '\(targets[place])'",
            span: models.first?.span,
            hint: "compare models that were tuned for the same completion"
        )
    }

    /// What each model has right, and the baseline on the same rows.
    private func judged(
        _ records: [ModelRecord?],
        on source: Dataset,
        _ services: Services
    ) throws -> [ComparedModel] {
        let judge = Judge(services.workspace, clock: services.clock)
        let showsTime = services.clock.seconds() != nil
        var baseline: ComparedModel?
        var compared: [ComparedModel?] = []
        for record in records {
            guard let record else {
                compared.append(nil)
                continue
            }
            let scored = try judge.score(record, on: source) { done in
                services.progress.update(
                    done: done,
                    total: source.frame.count,
                    unit: "rows",
                    extra: record.displayName
                )
            }
            baseline = baseline ?? ComparedModel.majority(of: scored.scores)
            compared.append(
                ComparedModel(
                    name: record.displayName,
                    correct: scored.scores.correct,
                    trainingExamples: record.examplesSeen,
                    seconds: showsTime ? Double(record.trainingMilliseconds) / 1000 : nil
                )
            )
        }
        return compared.compactMap { $0 ?? baseline }
    }
}
