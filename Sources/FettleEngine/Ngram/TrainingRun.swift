import FettleCore

/// The steps of one training run: which example next, at which rate, and what to report.
struct TrainingRun {
    /// Prompts' features and the numbers of their labels, -1 for a label that the model lacks.
    typealias Labelled = (matrix: ExampleMatrix, labels: [Int])

    private let plan: TrainingPlan
    private let training: Labelled
    private let validation: Labelled
    private let shuffle: ShuffleMode
    private var generator: SeededGenerator
    private var learner: SoftmaxLearner
    private let totalSteps: Int
    /// Steps between rows of metrics.
    private let reportEvery: Int
    /// Times within an epoch that the validation examples are measured, beside its end.
    private let innerValidations: Int

    private(set) var elapsedExamples = 0
    private(set) var elapsedTokens = 0
    private var step = 0
    private var window = Window()
    /// Feature visits since the last look at whether the task was cancelled.
    private var unchecked = 0

    /// Feature visits (about 10 ns each) between looks at whether the task was cancelled.
    private static let visitsPerCheck = 200_000
    /// Feature visits after which a row of metrics is due, whatever the number of steps.
    private static let visitsPerReport = 5_000_000

    /// What happened since the last row of metrics.
    private struct Window {
        var loss = 0.0
        var right = 0
        var examples = 0
        var visits = 0
    }

    init(
        parameters: NgramParameters,
        plan: TrainingPlan,
        training: Labelled,
        validation: Labelled,
        hyperparameters: Hyperparameters
    ) {
        self.plan = plan
        self.training = training
        self.validation = validation
        shuffle = hyperparameters.shuffle
        generator = SeededGenerator(seed: hyperparameters.seed)
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
        innerValidations = validation.matrix.rowCount == 0 ? 0 : Int(min(share / 20, 9))
    }

    func free() { learner.free() }

    mutating func run(_ onMetrics: (TrainingMetrics) throws -> Void) throws {
        var order = Array(0..<training.matrix.rowCount)
        if shuffle == .once { generator.shuffle(&order) }
        for _ in 0..<plan.epochs {
            if shuffle == .epoch { generator.shuffle(&order) }
            try training.matrix.withShards { shards in
                try runEpoch(order, shards, onMetrics)
            }
        }
    }

    private mutating func runEpoch(
        _ order: [Int],
        _ shards: UnsafePointer<UnsafePointer<UInt32>>,
        _ onMetrics: (TrainingMetrics) throws -> Void
    ) throws {
        var start = 0
        let pieces = innerValidations + 1
        var piece = 1
        while start < order.count {
            let end = start + min(plan.batchSize, order.count - start)
            let rate = plan.learning.rate * Float(1 - Double(step) / Double(totalSteps))
            for position in start..<end {
                let example = order[position]
                let row = training.matrix.row(example, shards)
                let outcome = learner.learn(row, label: training.labels[example], rate: rate)
                window.loss += Double(outcome.loss)
                window.right += outcome.isRight ? 1 : 0
                window.visits += row.count + 1
                unchecked += row.count + 1
                elapsedTokens += row.tokens
                if unchecked > Self.visitsPerCheck {
                    unchecked = 0
                    try Task.checkCancellation()
                }
            }
            if plan.batchSize > 1 { learner.endBatch(rate: rate) }
            step += 1
            elapsedExamples += end - start
            window.examples += end - start
            start = end
            let pieceEnds = start >= order.count * piece / pieces
            if pieceEnds { piece += 1 }
            let isMeasured = pieceEnds && validation.matrix.rowCount > 0
            if isMeasured || step == totalSteps || step % reportEvery == 0
                || window.visits > Self.visitsPerReport
            {
                try report(measuring: isMeasured, onMetrics)
            }
        }
    }

    private mutating func report(
        measuring: Bool,
        _ onMetrics: (TrainingMetrics) throws -> Void
    ) throws {
        let measured = measuring ? try measureValidation() : nil
        let count = Double(max(window.examples, 1))
        try onMetrics(
            TrainingMetrics(
                step: step,
                totalSteps: totalSteps,
                elapsedExamples: elapsedExamples,
                elapsedTokens: elapsedTokens,
                trainingLoss: window.loss / count,
                trainingAccuracy: Double(window.right) / count,
                validationLoss: measured?.loss,
                validationAccuracy: measured?.accuracy
            )
        )
        window = Window()
    }

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
