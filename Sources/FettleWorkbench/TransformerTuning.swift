import FettleCore
import FettleModelFiles
import FettleTransformer
import Foundation

/// A job's training of a language model: examples into tokens, steps into rows of metrics, checkpoints on the way.
struct TransformerTuning {
    private let run: BaseModel.Run
    private let task: TransformerTask
    private let options: TuningOptions
    /// What was chosen to fit the memory.
    private let memory: [ChosenSetting]

    /// Least time between checkpoints, and least time of training for one unit of time of writing them.
    private static let interval = Duration.seconds(10)
    private static let leastTraining = 50

    /// Takes a task on, and fits it to the memory.
    ///
    /// - Throws: as ``TransformerTask/init(_:_:)``; `out-of-memory`.
    init(_ run: BaseModel.Run, _ files: LanguageFiles) throws {
        self.run = run
        let task = try TransformerTask(run, files)
        let need = TuningMemory(
            files,
            task.part,
            longest: task.examples.map(\.tokens.count).max() ?? 1,
            budget: run.hyperparameters.language.memory
        )
        var options = task.plan.options
        memory = try need.fit(&options)
        (self.task, self.options) = (task, options)
    }

    /// Trains, and returns the model.
    func outcome(_ onMetrics: (TrainingMetrics) throws -> Void) throws -> BaseModel.Outcome {
        let (files, labels, text) = (task.files, task.labels, task.text)
        let network = try LanguageModels.network(toTune: task.part, of: files, from: task.parent)
        let adapter = try task.part.adapter.map { shape in
            try task.parent?.adapter(for: network, dropout: shape.dropout)
                ?? LowRankAdapter(shape, for: network, seed: run.hyperparameters.seed)
        }
        let tuner = try Tuner(
            network,
            adapter: adapter,
            examples: task.examples,
            options: options
        )
        if run.goesOn { try tuner.resume(from: run.checkpoint) }
        let validation = TransformerValidation(
            task.validation,
            LanguageModel(network, adapter: adapter, threads: LanguageModels.threads)
        )
        let measured = task.measuredSteps
        if run.goesOn { try tellEpoch(after: tuner.step, of: tuner, validation, nil) }
        let work = TuningWork(
            steps: tuner.totalSteps,
            tokens: task.tokenCount * options.epochs,
            measured: measured,
            scored: task.validation.tokenCount
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
                if let result { tuner.measured(cost: task.bestBy.cost(of: result)) }
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
            ?? TunedAdapter(network, task.part, of: files, labels: labels, text)
        return BaseModel.Outcome(
            model: TunedModel(files, tuned),
            settings: task.settings + memory + task.validation.settings + ending(of: tuner)
        )
    }

    /// Tells that an epoch is over, when it is.
    private func tellEpoch(
        after step: Int,
        of tuner: Tuner,
        _ validation: TransformerValidation,
        _ measured: TransformerValidation.Result?
    ) throws {
        let perEpoch = tuner.totalSteps / options.epochs
        guard step > 0, step % perEpoch == 0 else { return }
        try run.onEpoch(
            BaseModel.EpochEnd(
                number: step / perEpoch,
                count: options.epochs,
                step: step,
                measured: measured?.text,
                labels: task.labels,
                validationLogprobs: {
                    try validation.logprobs(of: run.validation.map { task.text.prompt($0.prompt) })
                }
            )
        )
    }

    /// What became of the measurements.
    private func ending(of tuner: Tuner) -> [ChosenSetting] {
        let (best, bestBy) = (tuner.measurements, task.bestBy)
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
        let perEpoch = report.totalSteps / options.epochs
        let inEpoch = report.step - report.epoch * perEpoch
        let count = task.examples.count
        let shown =
            report.epoch * count + min(inEpoch * options.batchSize, count)
        let share = Double(shown) / Double(count)
        return TrainingMetrics(
            step: report.step,
            totalSteps: report.totalSteps,
            elapsedExamples: shown,
            elapsedTokens: Int(share * Double(task.tokenCount)),
            trainingLoss: report.loss,
            trainingAccuracy: Double(report.rightExamples) / Double(max(1, report.examples)),
            validationLoss: measured?.loss,
            validationAccuracy: measured?.accuracy
        )
    }
}
