import CTransformerKernels
public import FettleCore
import FettleModelFiles

/// A training run: AdamW on the completions of examples, step by step.
///
/// With an adapter its numbers are trained and the network's weights are frozen; without one those weights are
/// trained that the network was made to train.
///
///     let tuner = try Tuner(network, adapter: adapter, examples: examples, options: options)
///     try tuner.run { report in print(report.step, report.loss) }
///     let tensors = adapter.tensors()
public final class Tuner {
    /// What a step came to.
    public struct Report: Hashable, Sendable {
        /// Steps so far, this one included.
        public let step: Int
        /// Steps of the run.
        public let totalSteps: Int
        /// Epochs that were over when the step began.
        public let epoch: Int
        /// The mean loss of the step's trained tokens before its update, in nats, times the weights of their
        /// examples.
        public let loss: Double
        /// The norm of the gradient before it was clipped.
        public let gradientNorm: Double
        /// The learning rate of its update.
        public let learningRate: Float
        /// Tokens of the step's examples.
        public let tokens: Int
        /// How many of them were trained.
        public let trainedTokens: Int
        /// Examples of the step.
        public let examples: Int
        /// How many of them had the likeliest token at every trained place, before the update.
        public let rightExamples: Int
    }

    /// The options of the run.
    public let options: TuningOptions
    /// The steps that are done.
    public internal(set) var step = 0
    let network: TransformerNetwork
    let adapter: LowRankAdapter?
    let examples: [TuningExample]
    let parameters: Parameters
    let firstMoments: FloatBuffer
    let secondMoments: FloatBuffer
    /// What was measured so far.
    public internal(set) var measurements = Measurements()
    /// The parameters at the best measurement, where they are kept.
    let bestValues: FloatBuffer?
    /// The last step's, until it was reported: what goes on from a checkpoint reports it first.
    var unreported: Report?
    private let order: ExampleOrder
    private let lanes: [Lane]

    /// Prepares a run.
    ///
    /// - Throws: `bad-hyperparameter`; `bad-example` for one that has no token to learn, too many tokens or
    ///   tokens that the network has not.
    public init(
        _ network: TransformerNetwork,
        adapter: LowRankAdapter?,
        examples: [TuningExample],
        options: TuningOptions
    ) throws(Diagnostic) {
        try options.check()
        guard !examples.isEmpty else {
            throw Diagnostic("bad-example", "there are no examples to learn from, one was expected")
        }
        for (place, example) in examples.enumerated() {
            try example.check(
                number: place + 1,
                contextLength: network.configuration.contextLength,
                vocabularySize: network.configuration.vocabularySize,
                promptLossWeight: options.promptLossWeight
            )
        }
        let parameters = adapter?.parameters ?? network.parameters
        precondition(parameters.count > 0, "a network for \(network.purpose) trains nothing")
        precondition(network.purpose != .inference, "the network was packed for inference only")
        self.options = options
        self.network = network
        self.adapter = adapter
        self.examples = examples
        self.parameters = parameters
        firstMoments = FloatBuffer(parameters.count)
        secondMoments = FloatBuffer(parameters.count)
        bestValues = options.keepsBest ? FloatBuffer(parameters.count) : nil
        order = ExampleOrder(lengths: examples.map(\.tokens.count), options: options)
        lanes = (0..<options.threads).map { _ in
            Lane(network, adapter: adapter, parameters.count, recomputes: options.recomputes)
        }
    }

    /// Steps of the whole run.
    public var totalSteps: Int { order.stepsPerEpoch * options.epochs }

    /// Makes the steps that are left, calling `report` after each, and then `next`.
    ///
    /// Whatever they throw ends the run between two steps. A step whose `report` threw is reported again by what
    /// goes on from there; `next` comes when the step is done with.
    /// - Throws: `CancellationError` within a layer's time of the task's cancellation, with the weights as they were
    ///   after the last whole step; `training-diverged` when the loss is no number.
    public func run(
        _ report: (Report) throws -> Void,
        next: () throws -> Void = {}
    ) throws {
        if let unreported { try finish(unreported, report, next) }
        while step < totalSteps {
            let (epoch, first) = step.quotientAndRemainder(dividingBy: order.stepsPerEpoch)
            for batch in order.batches(epoch: epoch)[first...] {
                guard !hasStoppedEarly else { return }
                try Task.checkCancellation()
                try finish(makeStep(batch, epoch: epoch), report, next)
            }
        }
    }

    private func finish(
        _ made: Report,
        _ report: (Report) throws -> Void,
        _ next: () throws -> Void
    ) throws {
        unreported = made
        try report(made)
        unreported = nil
        try next()
    }

    private func makeStep(_ batch: [Int], epoch: Int) throws -> Report {
        let chosen = batch.map { examples[$0] }
        let weights = chosen.map { $0.weights(promptLossWeight: options.promptLossWeight) }
        let total = weights.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + Double($1) } }
        let shares = ExampleOrder.passes(
            chosen.map(\.tokens.count),
            lanes: lanes.count,
            tokens: options.passTokens
        )
        let lanes = lanes
        let seed = options.seed &+ UInt64(step) &* 0x9FB2_1C65_1E98_DF25
        try inLanes(lanes.count) { number, cancellation in
            let lane = lanes[number]
            lane.begin()
            for pass in shares[number] {
                try lane.run(
                    pass.map { (chosen[$0], weights[$0]) },
                    total: total,
                    dropoutSeed: seed &+ UInt64(pass[0]) &* 0xD6E8_FEB8_6659_FD93,
                    check: cancellation.check
                )
            }
        }
        let loss = lanes.reduce(0) { $0 + $1.loss }
        let gradient = sumOfGradients()
        let norm = fettle_sum_of_squares(gradient.pointer, gradient.count).squareRoot()
        guard loss.isFinite, norm.isFinite else {
            throw Diagnostic(
                "training-diverged",
                "the loss of step \(step + 1) is no number any more",
                hint: "take a smaller learning rate; it is \(options.learningRate)"
            )
        }
        let rate = update(gradient, norm: norm)
        step += 1
        return report(
            of: batch,
            epoch: epoch,
            (loss, norm, rate, lanes.reduce(0) { $0 + $1.right })
        )
    }

    /// What the last step came to: what was computed in it, and what follows from its examples.
    private func report(
        of batch: [Int],
        epoch: Int,
        _ found: (loss: Double, norm: Double, rate: Float, right: Int)
    ) -> Report {
        let chosen = batch.map { examples[$0] }
        let weight = options.promptLossWeight
        return Report(
            step: step,
            totalSteps: totalSteps,
            epoch: epoch,
            loss: found.loss,
            gradientNorm: found.norm,
            learningRate: found.rate,
            tokens: chosen.reduce(0) { $0 + $1.tokens.count },
            trainedTokens: chosen.reduce(0) { sum, example in
                sum + example.weights(promptLossWeight: weight).count { $0 > 0 }
            },
            examples: chosen.count,
            rightExamples: found.right
        )
    }

    /// The report of the last step of a run that goes on.
    func lastReport(loss: Double, norm: Double, rate: Float, right: Int) -> Report {
        let (epoch, place) = (step - 1).quotientAndRemainder(dividingBy: order.stepsPerEpoch)
        return report(
            of: order.batches(epoch: epoch)[place],
            epoch: epoch,
            (loss, norm, rate, right)
        )
    }

    /// Sums in the order of the lanes, so that the result is the same each time.
    private func sumOfGradients() -> FloatBuffer {
        let sum = lanes[0].gradient
        for lane in lanes.dropFirst() {
            fettle_add_scaled(sum.pointer, lane.gradient.pointer, 1, sum.count)
        }
        return sum
    }

    private func update(_ gradient: FloatBuffer, norm: Double) -> Float {
        let factor = options.schedule.factor(
            step: step,
            total: totalSteps,
            warmup: options.warmupSteps
        )
        let rate = Float(Double(options.learningRate) * factor)
        let clip = options.clipNorm.map { min(1, Double($0) / (norm + 1e-6)) } ?? 1
        var settings = fettle_adamw_step(
            rate: rate,
            beta_1: options.beta1,
            beta_2: options.beta2,
            epsilon: options.epsilon,
            decay: options.weightDecay,
            gradient_scale: Float(clip),
            correction_1: correction(options.beta1),
            correction_2: correction(options.beta2)
        )
        fettle_adamw(
            &settings,
            parameters.values.pointer,
            gradient.pointer,
            firstMoments.pointer,
            secondMoments.pointer,
            parameters.count
        )
        adapter?.refresh()
        return rate
    }

    /// 1 − β^t for the update of step t, counted from 1.
    private func correction(_ beta: Float) -> Float {
        var power = 1.0
        var base = Double(beta)
        var exponent = step + 1
        while exponent > 0 {
            if exponent & 1 == 1 { power *= base }
            base *= base
            exponent >>= 1
        }
        return Float(1 - power)
    }
}

/// What one thread of a run has for itself.
private final class Lane: @unchecked Sendable {
    let gradient: FloatBuffer
    private(set) var loss = 0.0
    private(set) var right = 0
    private let pass: TrainingPass

    init(
        _ network: TransformerNetwork,
        adapter: LowRankAdapter?,
        _ count: Int,
        recomputes: Bool
    ) {
        gradient = FloatBuffer(count)
        pass = TrainingPass(network, adapter: adapter, recomputes: recomputes)
    }

    func begin() {
        gradient.clear()
        loss = 0
        right = 0
    }

    /// Takes examples through the network and adds their part of the step's loss and gradient.
    func run(
        _ examples: [(example: TuningExample, weights: [Float])],
        total: Double,
        dropoutSeed: UInt64,
        check: () throws -> Void
    ) throws {
        var batch = PackedBatch()
        var targets: [TrainedToken] = []
        var ends: [Int] = []
        for (example, weights) in examples {
            let start = batch.count
            batch.append(example.tokens)
            for (place, weight) in weights.enumerated() where weight > 0 {
                targets.append(
                    TrainedToken(
                        row: start + place - 1,
                        token: example.tokens[place],
                        weight: Float(Double(example.weight) * Double(weight) / total)
                    )
                )
            }
            ends.append(targets.count)
        }
        loss += try pass.run(
            batch,
            targets,
            dropoutSeed: dropoutSeed,
            gradient: gradient,
            check: check
        )
        var start = 0
        for end in ends {
            if pass.isLikeliest[start..<end].allSatisfy(\.self) { right += 1 }
            start = end
        }
    }
}
