import FettleCore
import FettleData
import FettleEvaluation
import FettleLanguage
import FettleStore
import FettleWorkbench

/// Models that are held against each other on the same rows.
struct ModelsToCompare {
    /// The models' names; 'majority' stands for the commonest completion.
    let words: [ArgumentWord]
    /// The seed of the bootstrap.
    let seed: UInt64

    /// Judges them; returns the comparison and those that are tuned models.
    func judge(
        on source: Dataset,
        _ services: Services
    ) throws -> (comparison: FettleEvaluation.Comparison, tuned: [ModelRecord]) {
        let records = try records(on: source, services)
        let tuned = records.compactMap(\.self)
        try checkTasks(tuned)
        let comparison = try FettleEvaluation.Comparison(
            dataset: source.name,
            models: try judged(records, on: source, services),
            seed: seed
        )
        return (comparison, tuned)
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
