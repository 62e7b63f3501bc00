import FettleCore
import FettleModelFiles
import FettleTransformer
import Foundation

/// A job's training of a language model: examples into tokens, steps into rows of metrics, checkpoints on the way.
struct TransformerTuning {
    private let run: BaseModel.Run
    private let files: LanguageFiles
    private let labels: [String]
    private let text: TokenText
    private let plan: TransformerPlan
    private let part: TunedPart
    /// Which measurement is better than another.
    private let bestBy: LanguageHyperparameters.BestBy
    /// What was chosen to fit the memory.
    private let memory: [ChosenSetting]
    private let parent: TunedAdapter?
    private let examples: [TuningExample]
    private let tokenCount: Int
    /// The weights of the classes, where these have any.
    private let classWeights: ChosenSetting?

    /// Least time between checkpoints, and least time of training for one unit of time of writing them.
    private static let interval = Duration.seconds(10)
    private static let leastTraining = 50

    /// Turns the examples into tokens, and chooses what the user left open.
    ///
    /// - Throws: `no-examples`, `one-class`, `bad-hyperparameter`, `bad-example`, `out-of-memory`; what is wrong with
    ///   the weights to go on from; `CancellationError`.
    init(_ run: BaseModel.Run, _ files: LanguageFiles) throws {
        self.run = run
        self.files = files
        let settings = run.hyperparameters.language
        try TransformerPlan.check(run.hyperparameters)
        try settings.check(hasValidation: !run.validation.isEmpty)
        parent = try run.weights.map { try TunedAdapter($0, of: files) }
        part = try settings.part(files.configuration, from: parent?.part)
        let set = try CompletionSet(
            run.examples.lazy.map(\.completion),
            of: files.name,
            known: parent?.labels ?? []
        )
        labels = set.isClosed ? set.names : []
        bestBy = settings.bestBy ?? .loss
        try bestBy.check(hasLabels: !labels.isEmpty)
        let weights = try run.hyperparameters.classWeights?.values(
            of: CompletionSet.counts(run.examples)
        )
        classWeights = weights.flatMap { run.hyperparameters.classWeights?.setting($0) }
        let context = files.configuration.contextLength
        // What is tuned on keeps how it reads.
        let isNewChat = run.isChat && parent == nil
        let chat = isNewChat ? try ChatText(files) : parent?.text.chat
        let whole = TokenText(files, promptTokens: context, labels: labels, chat: chat)
        var lengths: [Int] = []
        var answers: [[Int32]] = []
        for (place, example) in run.examples.enumerated() {
            if place % 256 == 0 { try Task.checkCancellation() }
            lengths.append(whole.prompt(example.prompt).count)
            answers.append(whole.label(example.completion))
            guard example.completion.isEmpty else { continue }
            throw Diagnostic(
                "bad-example",
                "the completion of example \(place + 1) has no token to learn",
                hint: "leave out rows without a completion: where COLUMN is not null"
            )
        }
        let longest = answers.map(\.count).max() ?? 0
        var plan = TransformerPlan(
            run.hyperparameters,
            TransformerPlan.Facts(
                lengths: lengths,
                known: parent?.text.promptTokens,
                limit: context - longest,
                part: part,
                goesOn: parent != nil,
                measures: !run.validation.isEmpty
            )
        )
        text = TokenText(files, promptTokens: plan.promptTokens, labels: labels, chat: chat)
        var examples: [TuningExample] = []
        for (place, example) in run.examples.enumerated() {
            if place % 256 == 0 { try Task.checkCancellation() }
            examples.append(
                TuningExample(
                    prompt: text.prompt(example.prompt),
                    completion: answers[place],
                    weight: Float(weights?[example.completion] ?? 1)
                )
            )
        }
        self.examples = examples
        tokenCount = examples.reduce(0) { $0 + $1.tokens.count }
        let need = TuningMemory(
            files,
            part,
            longest: examples.map(\.tokens.count).max() ?? 1,
            budget: settings.memory
        )
        memory = try need.fit(&plan.options)
        self.plan = plan
    }

    /// Trains, and returns the model.
    func outcome(_ onMetrics: (TrainingMetrics) throws -> Void) throws -> BaseModel.Outcome {
        let network = try LanguageModels.network(toTune: part, of: files, from: parent)
        let adapter = try part.adapter.map { shape in
            try parent?.adapter(for: network, dropout: shape.dropout)
                ?? LowRankAdapter(shape, for: network, seed: run.hyperparameters.seed)
        }
        let tuner = try Tuner(network, adapter: adapter, examples: examples, options: plan.options)
        if run.goesOn { try tuner.resume(from: run.checkpoint) }
        let validation = try TransformerValidation(
            run.validation,
            labels: labels,
            text,
            LanguageModel(network, adapter: adapter, threads: LanguageModels.threads)
        )
        let measured = validation.steps(of: tuner, examples.count, tokenCount)
        if run.goesOn { try tellEpoch(after: tuner.step, of: tuner, validation, nil) }
        let work = TuningWork(
            steps: tuner.totalSteps,
            tokens: tokenCount * plan.options.epochs,
            measured: measured,
            scored: validation.tokenCount
        )
        // The first step is kept at once, so that a checkpoint that cannot be written is told of early.
        var next = ContinuousClock.now
        var written = run.goesOn ? tuner.step : 0
        do {
            try tuner.run { report in
                let result: TransformerValidation.Result?
                do {
                    result = measured.contains(report.step) ? try validation.measure() : nil
                } catch {
                    // The step is done, and what goes on from it does not tell of it again.
                    try onMetrics(row(report, nil, work))
                    throw error
                }
                if let result { tuner.measured(cost: bestBy.cost(of: result)) }
                try onMetrics(row(report, result, work))
                try tellEpoch(after: report.step, of: tuner, validation, result)
            } next: {
                let start = ContinuousClock.now
                guard start >= next else { return }
                try writeCheckpoint(of: tuner)
                written = tuner.step
                let end = ContinuousClock.now
                next = end + max(Self.interval, (end - start) * Self.leastTraining)
            }
        } catch {
            // What stopped the run matters more than that its last steps could not be kept.
            if tuner.step > written { try? writeCheckpoint(of: tuner, waitsForDisk: false) }
            throw error
        }
        tuner.takeBest()
        let tuned =
            adapter.map { TunedAdapter($0, of: files, labels: labels, text) }
            ?? TunedAdapter(network, part, of: files, labels: labels, text)
        return BaseModel.Outcome(
            model: TunedModel(files, tuned),
            settings: plan.chosen + (classWeights.map { [$0] } ?? []) + memory + validation.settings
                + ending(of: tuner)
        )
    }

    /// Tells that an epoch is over, when it is.
    private func tellEpoch(
        after step: Int,
        of tuner: Tuner,
        _ validation: TransformerValidation,
        _ measured: TransformerValidation.Result?
    ) throws {
        let perEpoch = tuner.totalSteps / plan.options.epochs
        guard step > 0, step % perEpoch == 0 else { return }
        try run.onEpoch(
            BaseModel.EpochEnd(
                number: step / perEpoch,
                count: plan.options.epochs,
                step: step,
                measured: measured?.text,
                labels: labels,
                validationLogprobs: {
                    try validation.logprobs(of: run.validation.map { text.prompt($0.prompt) })
                }
            )
        )
    }

    /// What became of the measurements.
    private func ending(of tuner: Tuner) -> [ChosenSetting] {
        let best = tuner.measurements
        guard best.bestStep > 0 else { return [] }
        var settings: [ChosenSetting] = []
        if tuner.hasStoppedEarly, tuner.step < tuner.totalSteps {
            settings.append(
                ChosenSetting(
                    name: "stopped",
                    value: "after step \(NumberText.count(tuner.step)) of "
                        + NumberText.count(tuner.totalSteps),
                    reason: NumberText.count(best.countSinceBest, "measurement")
                        + " without a \(bestBy.isLow ? "smaller" : "higher") validation \(bestBy.word)"
                )
            )
        }
        if tuner.options.keepsBest {
            settings.append(
                ChosenSetting(
                    name: "keep",
                    value: "best, of step \(NumberText.count(best.bestStep))",
                    reason:
                        "the \(bestBy.isLow ? "smallest" : "highest") validation \(bestBy.word), "
                        + bestBy.text(ofCost: best.bestCost)
                )
            )
        }
        return settings
    }

    private func writeCheckpoint(of tuner: Tuner, waitsForDisk: Bool = true) throws {
        do {
            try run.willWriteCheckpoint()
            try tuner.writeCheckpoint(to: run.checkpoint, waitsForDisk: waitsForDisk)
        } catch {
            run.checkpointDidFail(error)
        }
    }

    private func row(
        _ report: Tuner.Report,
        _ measured: TransformerValidation.Result?,
        _ work: TuningWork
    ) -> TrainingMetrics {
        var row = metrics(report, measured)
        row.share = work.share(after: report.step)
        return row
    }

    /// A row of metrics; the tokens are counted as if every example had as many, so that a run that goes on
    /// counts as one that never stopped.
    private func metrics(
        _ report: Tuner.Report,
        _ measured: TransformerValidation.Result?
    ) -> TrainingMetrics {
        let perEpoch = report.totalSteps / plan.options.epochs
        let inEpoch = report.step - report.epoch * perEpoch
        let shown =
            report.epoch * examples.count + min(inEpoch * plan.options.batchSize, examples.count)
        let share = Double(shown) / Double(examples.count)
        return TrainingMetrics(
            step: report.step,
            totalSteps: report.totalSteps,
            elapsedExamples: shown,
            elapsedTokens: Int(share * Double(tokenCount)),
            trainingLoss: report.loss,
            trainingAccuracy: Double(report.rightExamples) / Double(max(1, report.examples)),
            validationLoss: measured?.loss,
            validationAccuracy: measured?.accuracy
        )
    }
}
