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
    static let seed = Option<UInt64>.setting(
        "seed",
        default: "0",
        help: "seed of the bootstrap, and of the draw of examples"
    )
    static let fewShot = Option<Int>.setting(
        "few_shot",
        default: "none",
        unit: "examples",
        help: "show so many examples before each prompt to the models that were not tuned"
    )
    static let from = Option<ArgumentWord>.setting(
        "from",
        kind: .dataset,
        help: "the dataset that these examples are drawn from, such as the training part"
    )

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
            commonest completion of the rows. A language model that was not tuned chooses among the completions of
            the rows; few_shot= shows it examples first, the same ones before each prompt. 'tokens' are those that a
            language model reads for a row on average, which is what providers charge for.
            """,
        parameters: [
            models.parameter, dataset.parameter, seed.parameter, fewShot.parameter, from.parameter,
        ],
        effect: .none,
        examples: [
            .init("compare stars again on reviews.test", "is the second better than the first?"),
            .init("compare majority stars again on reviews.test", "are both better than no model?"),
            .init(
                "compare stars again on reviews.test > compare.json",
                "the same as one object"
            ),
            .init(
                "rows reviews.train | where len(review_body) < 60 as short; "
                    + "rows reviews.test | where len(review_body) < 60 as few; "
                    + "model add samples/tiny-llama as tiny; compare stars tiny on few few_shot=2 from=short",
                "a language model that is only shown two examples, beside a tuned one"
            ),
        ]
    )

    let models: [ArgumentWord]
    let dataset: ArgumentWord?
    let seed: UInt64
    let shots: Int?
    let shotsWord: ArgumentWord?
    let examples: ArgumentWord?

    init(_ arguments: Arguments) throws(Diagnostic) {
        models = try arguments.values(Self.models)
        dataset = try arguments.value(Self.dataset)
        seed = try arguments.value(Self.seed, or: 0)
        shots = try arguments.value(Self.fewShot)
        shotsWord = arguments.word(Self.fewShot)
        examples = try arguments.value(Self.from)
        if let shots, let shotsWord, !(1...FewShot.limit).contains(shots) {
            throw expected("1 to \(NumberText.count(FewShot.limit))", shotsWord, for: "few_shot")
        }
        guard (shots == nil) == (examples == nil) else {
            throw Diagnostic(
                "missing-argument",
                shots == nil
                    ? "'from=' says where examples come from, and 'few_shot=' how many"
                    : "'few_shot=' needs 'from=', the dataset that the examples come from",
                span: (shotsWord ?? examples)?.span,
                hint: "compare stars tiny on reviews.test few_shot=8 from=reviews.train"
            )
        }
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
        let fewShot = try fewShot(for: tuned, in: session)
        let comparison = try FettleEvaluation.Comparison(
            dataset: source.name,
            models: try judged(records, on: source, fewShot, context.services),
            seed: seed
        )
        let blocks =
            ComparisonView.blocks(comparison) + EvaluationView.trainingRows(tuned, source)
            + (try repeated(fewShot, tuned, source))
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

    /// Draws the examples that models which were not tuned are shown; nil where none are asked for.
    private func fewShot(
        for records: [ModelRecord],
        in session: Session
    ) throws -> FewShot? {
        guard let shots, let examples else { return nil }
        guard let base = records.first(where: \.isBase) else {
            throw Diagnostic(
                "bad-value",
                "'few_shot' is \(shots), and all of these models are tuned, which need no examples",
                span: shotsWord?.span,
                hint: "leave it out, or name a language model as it is"
            )
        }
        let dataset = try session.dataset(examples)
        do {
            return try FewShot(shots, from: dataset, format: base.format, seed: seed)
        } catch let diagnostic as Diagnostic {
            throw diagnostic.located(at: examples.span)
        }
    }

    /// Warns of examples that are among the rows that are judged.
    private func repeated(
        _ fewShot: FewShot?,
        _ records: [ModelRecord],
        _ source: Dataset
    ) throws -> [OutputBlock] {
        guard let fewShot, let base = records.first(where: \.isBase) else { return [] }
        let judged = Set(try ExampleSet(source, format: base.format).examples.map(\.prompt))
        let count = fewShot.prompts.count { judged.contains($0) }
        guard count > 0 else { return [] }
        let examples = NumberText.count(fewShot.prompts.count, "example")
        return [
            .warning(
                "\(count) of the \(examples) shown \(count == 1 ? "is" : "are") among the judged rows, which the "
                    + "model then only repeats"
            )
        ]
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
        _ fewShot: FewShot?,
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
            let shown = record.isBase ? fewShot : nil
            let scored = try judge.score(
                record,
                on: source,
                after: shown,
                countsTokens: true
            ) { done in
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
                    name: record.displayName
                        + (shown.map { " \($0.positions.count)-shot" } ?? ""),
                    correct: scored.scores.correct,
                    trainingExamples: record.examplesSeen,
                    seconds: showsTime ? Double(record.trainingMilliseconds) / 1000 : nil,
                    tokens: scored.tokens
                )
            )
        }
        return compared.compactMap { $0 ?? baseline }
    }
}
