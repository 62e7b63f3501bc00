import FettleCore
import FettleData
import FettleEvaluation
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

/// Models that are held against each other on the same rows.
struct ModelsToCompare {
    /// The models' names; 'majority' stands for the commonest completion.
    let words: [ArgumentWord]
    /// The seed of the bootstrap, and of the draw of examples.
    let seed: UInt64
    /// What models that were not tuned are shown; nil for nothing.
    var shots: Shots?

    /// Examples that are drawn to be shown before each prompt.
    struct Shots {
        /// How many.
        let count: Int
        /// The word that says so.
        let word: ArgumentWord
        /// Where they are drawn from.
        let from: Dataset
        /// The place of that dataset's name.
        let span: SourceSpan
    }

    /// Judges them; returns the comparison, those that are models, and what is to be said of the examples shown.
    func judge(
        on source: Dataset,
        _ services: Services
    ) throws -> (
        comparison: FettleEvaluation.Comparison, tuned: [ModelRecord], remarks: [OutputBlock]
    ) {
        let records = try records(on: source, services)
        let tuned = records.compactMap(\.self)
        try checkTasks(tuned)
        let fewShot = try fewShot(for: tuned)
        let comparison = try FettleEvaluation.Comparison(
            dataset: source.name,
            models: try judged(records, on: source, fewShot, services),
            seed: seed
        )
        return (comparison, tuned, try repeated(fewShot, tuned, source))
    }

    /// The models, nil for the baseline, unless a model has its name.
    private func records(
        on source: Dataset,
        _ services: Services
    ) throws(Diagnostic) -> [ModelRecord?] {
        let names = try services.models.models().map(\.displayName)
        let name = ComparedModel.majorityName
        let records = try words.map { word throws(Diagnostic) -> ModelRecord? in
            if word.text == name, !names.contains(name) { return nil }
            return try services.model(word, on: source)
        }
        guard records.contains(where: { $0 != nil }) else {
            throw Diagnostic(
                "nothing-to-compare",
                "'compare' needs at least one model beside '\(name)'",
                span: words.first?.span,
                hint: "name one, such as: compare \(name) first on reviews.test"
            )
        }
        return records
    }

    /// Draws the examples that models which were not tuned are shown; nil where none are asked for.
    private func fewShot(for records: [ModelRecord]) throws -> FewShot? {
        guard let shots else { return nil }
        guard let base = records.first(where: \.isBase) else {
            throw Diagnostic(
                "bad-value",
                "'few_shot' is \(shots.count), and all of these models are tuned, which need no examples",
                span: shots.word.span,
                hint: "leave it out, or name a language model as it is"
            )
        }
        do {
            return try FewShot(shots.count, from: shots.from, format: base.format, seed: seed)
        } catch let diagnostic as Diagnostic {
            throw diagnostic.located(at: shots.span)
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
            span: words.first?.span,
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
