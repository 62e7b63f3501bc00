import FettleCore

/// The steps of one training run: which example next, at which rate, and what to report.
struct TrainingRun {
    /// Prompts' features and the numbers of their labels, -1 for a label that the model lacks.
    typealias Labelled = (matrix: ExampleMatrix, labels: [Int])

    /// Where a run writes its checkpoints, and what they say it is.
    typealias Checkpoints = (options: NgramCheckpointing, identity: RunIdentity)

    private let parameters: NgramParameters
    private let plan: TrainingPlan
    private let training: Labelled
    private let validation: Labelled
    private let shuffle: ShuffleMode
    private var learner: SoftmaxLearner
    private let totalSteps: Int
    /// Steps between rows of metrics.
    private let reportEvery: Int
    /// Parts of an epoch, after each of which the validation examples are measured.
    private let pieces: Int

    /// The order of the examples in this epoch.
    private var order: [UInt32]
    private(set) var progress: TrainingProgress
    /// Feature visits since the last look at whether the task was cancelled.
    private var unchecked = 0

    private let checkpoints: Checkpoints?
    private var schedule: CheckpointSchedule
    /// Feature visits since the last look at the clock.
    private var untimed = 0

    /// Feature visits (about 10 ns each) between looks at the clock and at whether the task was
    /// cancelled.
    private static let visitsPerCheck = 200_000
    /// Feature visits after which a row of metrics is due, whatever the number of steps.
    private static let visitsPerReport = 5_000_000
    /// Most parts of an epoch.
    static let mostPieces = 10

    init(
        parameters: NgramParameters,
        plan: TrainingPlan,
        training: Labelled,
        validation: Labelled,
        hyperparameters: Hyperparameters,
        checkpoints: Checkpoints?,
        resuming checkpoint: NgramCheckpoint?
    ) {
        self.parameters = parameters
        self.plan = plan
        self.training = training
        self.validation = validation
        self.checkpoints = checkpoints
        schedule = CheckpointSchedule(checkpoints?.options.interval ?? .zero)
        shuffle = hyperparameters.shuffle
        let rows = training.matrix.rowCount
        learner = SoftmaxLearner(
            parameters,
            plan.learning,
            seed: hyperparameters.seed,
            batchSize: min(plan.batchSize, rows)
        )
        let perEpoch = (rows - 1) / plan.batchSize + 1
        let (steps, overflow) = perEpoch.multipliedReportingOverflow(by: plan.epochs)
        totalSteps = overflow ? .max : steps
        reportEvery = max(totalSteps / 100, 1)
        let share =
            Double(training.matrix.featureOccurrences)
            / Double(max(validation.matrix.featureOccurrences, 1))
        let inner = Int(min(share / 20, Double(Self.mostPieces - 1)))
        pieces = validation.matrix.rowCount == 0 ? 1 : inner + 1
        if let checkpoint {
            order = checkpoint.order
            progress = checkpoint.progress
            learner.generatorState = progress.dropoutState
        } else {
            order = Array(0..<UInt32(rows))
            progress = TrainingProgress(
                shuffleState: hyperparameters.seed,
                dropoutState: learner.generatorState
            )
            if shuffle != .none { shuffleOrder() }
        }
    }

    func free() { learner.free() }

    /// Does what is left of the run.
    mutating func run(
        _ onMetrics: (TrainingMetrics) throws -> Void,
        onEpoch: (NgramEpoch) throws -> Void = { _ in }
    ) throws {
        do {
            try training.matrix.withShards { shards in
                while true {
                    try runEpoch(shards, onMetrics)
                    try onEpoch(endOfEpoch())
                    guard progress.epoch + 1 < plan.epochs else { break }
                    progress.epoch += 1
                    progress.position = 0
                    progress.piece = 1
                    if shuffle == .epoch { shuffleOrder() }
                }
            }
        } catch {
            // What stopped the run matters more than that its last steps could not be kept.
            try? writeCheckpoint()
            throw error
        }
    }

    /// What is told of the epoch that is over.
    private func endOfEpoch() -> NgramEpoch {
        NgramEpoch(
            number: progress.epoch + 1,
            count: plan.epochs,
            step: progress.step,
            validationLogprobs: { [learner, validation] in
                try Self.logprobs(learner, validation.matrix)
            }
        )
    }

    private static func logprobs(
        _ learner: SoftmaxLearner,
        _ matrix: ExampleMatrix
    ) throws -> [Double] {
        var result: [Double] = []
        var unchecked = 0
        try matrix.withShards { shards in
            for example in 0..<matrix.rowCount {
                let row = matrix.row(example, shards)
                learner.appendLogprobs(of: row, to: &result)
                unchecked += row.count + 1
                guard unchecked > visitsPerCheck else { continue }
                unchecked = 0
                try Task.checkCancellation()
            }
        }
        return result
    }

    private mutating func shuffleOrder() {
        var generator = SeededGenerator(seed: progress.shuffleState)
        generator.shuffle(&order)
        progress.shuffleState = generator.state
    }

    /// Does what is left of the epoch.
    ///
    /// Whatever error it throws, `progress` and the weights agree.
    private mutating func runEpoch(
        _ shards: UnsafePointer<UnsafePointer<UInt32>>,
        _ onMetrics: (TrainingMetrics) throws -> Void
    ) throws {
        let rows = order.count
        try reportIfDue(onMetrics)
        while progress.position < rows {
            try takeStep(shards)
            try reportIfDue(onMetrics)
            if checkpoints != nil { try checkpointIfDue(epochEnds: progress.position == rows) }
        }
    }

    /// Shows the examples of one weight update.
    ///
    /// It can stop early only while the weights are as before: at the first example, and anywhere in
    /// a batch of several, whose update comes last.
    private mutating func takeStep(_ shards: UnsafePointer<UnsafePointer<UInt32>>) throws {
        let start = progress.position
        let end = start + min(plan.batchSize, order.count - start)
        let rate =
            plan.learning.rate * Float(1 - Double(progress.step) / Double(totalSteps))
        var next = progress
        for position in start..<end {
            if unchecked > Self.visitsPerCheck {
                unchecked = 0
                try Task.checkCancellation()
            }
            let example = Int(order[position])
            let row = training.matrix.row(example, shards)
            let label = training.labels[example]
            let outcome = learner.learn(
                row,
                label: label,
                weight: plan.classWeights.isEmpty ? 1 : plan.classWeights[label],
                rate: rate
            )
            next.window.loss += Double(outcome.loss)
            next.window.right += outcome.isRight ? 1 : 0
            next.window.visits += row.count + 1
            next.elapsedTokens += row.tokens
            unchecked += row.count + 1
        }
        if plan.batchSize > 1 { learner.endBatch(rate: rate) }
        untimed += next.window.visits - progress.window.visits
        next.step += 1
        next.position = end
        next.elapsedExamples += end - start
        next.window.examples += end - start
        next.dropoutState = learner.generatorState
        let pieceEnds = end >= order.count * next.piece / pieces
        if pieceEnds { next.piece += 1 }
        if pieceEnds, validation.matrix.rowCount > 0 {
            next.due = .withValidation
        } else if next.step == totalSteps || next.step % reportEvery == 0
            || next.window.visits > Self.visitsPerReport
        {
            next.due = .training
        }
        progress = next
    }

    private mutating func reportIfDue(_ onMetrics: (TrainingMetrics) throws -> Void) throws {
        guard progress.due != .none else { return }
        let measured = progress.due == .withValidation ? try measureValidation() : nil
        let count = Double(max(progress.window.examples, 1))
        try onMetrics(
            TrainingMetrics(
                step: progress.step,
                totalSteps: totalSteps,
                elapsedExamples: progress.elapsedExamples,
                elapsedTokens: progress.elapsedTokens,
                trainingLoss: progress.window.loss / count,
                trainingAccuracy: Double(progress.window.right) / count,
                validationLoss: measured?.loss,
                validationAccuracy: measured?.accuracy
            )
        )
        progress.window = TrainingProgress.Window()
        progress.due = .none
    }

    // MARK: - Checkpoints

    private mutating func checkpointIfDue(epochEnds: Bool) throws {
        guard epochEnds || untimed > Self.visitsPerCheck || schedule.isConstant else { return }
        untimed = 0
        if schedule.isDue(epochEnds: epochEnds) { try writeCheckpoint() }
    }

    private mutating func writeCheckpoint() throws {
        guard let checkpoints else { return }
        let start = ContinuousClock.now
        do {
            try checkpoints.options.willWrite()
            try NgramCheckpoint.write(
                checkpoints.identity,
                progress,
                order: order,
                parameters,
                to: checkpoints.options.path
            )
        } catch {
            try checkpoints.options.didFail(error)
        }
        schedule.tried(since: start)
    }

    // MARK: - Validation

    /// Returns loss and accuracy on the validation examples.
    ///
    /// One whose label the model lacks counts as wrong, and not in the loss, which would be
    /// infinite.
    private func measureValidation() throws -> (loss: Double, accuracy: Double) {
        var loss = 0.0
        var right = 0
        var known = 0
        var unchecked = 0
        try validation.matrix.withShards { shards in
            for example in 0..<validation.matrix.rowCount where validation.labels[example] >= 0 {
                let row = validation.matrix.row(example, shards)
                let outcome = learner.measure(row, label: validation.labels[example])
                loss += Double(outcome.loss)
                right += outcome.isRight ? 1 : 0
                known += 1
                unchecked += row.count + 1
                if unchecked > Self.visitsPerCheck {
                    unchecked = 0
                    try Task.checkCancellation()
                }
            }
        }
        return (
            loss / Double(max(known, 1)), Double(right) / Double(validation.matrix.rowCount)
        )
    }
}
