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
    private let parent: TunedAdapter?
    private let examples: [TuningExample]
    private let tokenCount: Int

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
        try TransformerPlan.check(run.hyperparameters)
        parent = try run.weights.map { try TunedAdapter($0, of: files) }
        let set = try CompletionSet(
            run.examples.lazy.map(\.completion),
            of: files.name,
            known: parent?.labels ?? []
        )
        labels = set.isClosed ? set.names : []
        let context = files.configuration.contextLength
        let whole = TokenText(files, promptTokens: context, labels: labels)
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
        plan = TransformerPlan(
            run.hyperparameters,
            lengths: lengths,
            known: parent?.text.promptTokens,
            limit: context - longest
        )
        text = TokenText(files, promptTokens: plan.promptTokens, labels: labels)
        var examples: [TuningExample] = []
        for (place, example) in run.examples.enumerated() {
            if place % 256 == 0 { try Task.checkCancellation() }
            examples.append(
                TuningExample(prompt: text.prompt(example.prompt), completion: answers[place])
            )
        }
        self.examples = examples
        tokenCount = examples.reduce(0) { $0 + $1.tokens.count }
    }

    /// Trains, and returns the model.
    func outcome(_ onMetrics: (TrainingMetrics) throws -> Void) throws -> BaseModel.Outcome {
        let shape = AdapterShape(projections: LanguageModels.projections(files.configuration))
        try requireMemory(shape)
        let network = try LanguageModels.network(files, for: .adapters)
        let adapter =
            try parent?.adapter(for: network)
            ?? LowRankAdapter(shape, for: network, seed: run.hyperparameters.seed)
        let tuner = try Tuner(network, adapter: adapter, examples: examples, options: plan.options)
        if run.goesOn { try tuner.resume(from: run.checkpoint) }
        let validation = try TransformerValidation(
            run.validation,
            labels: labels,
            text,
            LanguageModel(network, adapter: adapter, threads: LanguageModels.threads)
        )
        let measured = validation.steps(of: tuner, examples.count, tokenCount)
        if run.goesOn { try tellEpoch(after: tuner.step, of: tuner, validation) }
        // The first step is kept at once, so that a checkpoint that cannot be written is told of early.
        var next = ContinuousClock.now
        do {
            try tuner.run { report in
                let result: (loss: Double, accuracy: Double)?
                do {
                    result = measured.contains(report.step) ? try validation.measure() : nil
                } catch {
                    // The step is done, and what goes on from it does not tell of it again.
                    try onMetrics(metrics(report, nil))
                    throw error
                }
                try onMetrics(metrics(report, result))
                try tellEpoch(after: report.step, of: tuner, validation)
                let start = ContinuousClock.now
                guard start >= next else { return }
                try writeCheckpoint(of: tuner)
                let end = ContinuousClock.now
                next = end + max(Self.interval, (end - start) * Self.leastTraining)
            }
        } catch {
            // What stopped the run matters more than that its last steps could not be kept.
            if tuner.step > 0 { try? writeCheckpoint(of: tuner) }
            throw error
        }
        let tuned = TunedAdapter(adapter, of: files, labels: labels, text)
        return BaseModel.Outcome(
            model: TunedModel(files, tuned),
            settings: plan.chosen + validation.settings
        )
    }

    /// Tells that an epoch is over, when it is.
    private func tellEpoch(
        after step: Int,
        of tuner: Tuner,
        _ validation: TransformerValidation
    ) throws {
        let perEpoch = tuner.totalSteps / plan.options.epochs
        guard step > 0, step % perEpoch == 0 else { return }
        try run.onEpoch(
            BaseModel.EpochEnd(
                number: step / perEpoch,
                count: plan.options.epochs,
                step: step,
                labels: labels,
                validationLogprobs: {
                    try validation.logprobs(of: run.validation.map { text.prompt($0.prompt) })
                }
            )
        )
    }

    private func writeCheckpoint(of tuner: Tuner) throws {
        do {
            try run.willWriteCheckpoint()
            try tuner.writeCheckpoint(to: run.checkpoint)
        } catch {
            run.checkpointDidFail(error)
        }
    }

    /// A row of metrics; the tokens are counted as if every example had as many, so that a run that goes on
    /// counts as one that never stopped.
    private func metrics(
        _ report: Tuner.Report,
        _ measured: (loss: Double, accuracy: Double)?
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

    /// Refuses a run for which there is not enough memory.
    private func requireMemory(_ shape: AdapterShape) throws(Diagnostic) {
        let estimate = MemoryEstimate(
            tuning: files.configuration,
            precision: .fastest,
            shape: shape,
            options: plan.options,
            longest: examples.map(\.tokens.count).max() ?? 1
        )
        guard let free = SystemMemory.available, estimate.total > free else { return }
        throw Diagnostic(
            "out-of-memory",
            "tuning '\(files.name)' takes about \(NumberText.bytes(estimate.total)), and "
                + "\(NumberText.bytes(free)) are free",
            hint: "set a smaller batch_size, shorten the prompts, or close other programs"
        )
    }
}

/// The memory of the machine.
enum SystemMemory {
    /// Bytes that a program can take without others being moved out, where the system says.
    static var available: Int? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else {
            return nil
        }
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        let words = line?.split(separator: " ") ?? []
        return words.count > 1 ? Int(words[1]).map { $0 << 10 } : nil
    }
}
