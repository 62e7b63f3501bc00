import ArgumentParser
import FettleModelFiles
import FettleTransformer

/// Tokens a second of tuning an adapter.
struct MeasureTuning: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Time steps of tuning an adapter on random tokens."
    )

    @OptionGroup var options: ModelOptions

    @Option(help: "Rank of the adapter.")
    var rank = 16

    @Option(help: "Steps.")
    var steps = 10

    @Option(help: "Examples of a step.")
    var batch = 8

    @Option(help: "The longest example; the shortest has a fifth of its tokens.")
    var longest = 128

    @Option(help: "Tokens of a pass.")
    var pass = 256

    @Flag(help: "Compute a layer's inner values again on the way back.")
    var recompute = false

    func run() throws {
        let start = Usage.now
        let files = try ModelFiles.open(options.model)
        let network = try TransformerNetwork(
            configuration: files.configuration,
            weights: files.weights,
            precision: options.precision,
            purpose: .adapters
        )
        let adapter = try LowRankAdapter(
            AdapterShape(
                rank: rank,
                alpha: Float(2 * rank),
                projections: Set(network.projections)
            ),
            for: network,
            seed: options.seed
        )
        let loaded = Usage.now
        print("loaded in \(fixed(loaded.wall - start.wall, 2)) s, \(fixed(loaded.peak, 0)) MB")
        var tuning = TuningOptions()
        tuning.batchSize = batch
        tuning.threads = options.threads
        tuning.passTokens = pass
        tuning.recomputes = recompute
        tuning.seed = options.seed
        let estimate = MemoryEstimate(
            tuning: files.configuration,
            precision: network.precision,
            shape: adapter.shape,
            options: tuning,
            longest: longest + 2
        )
        print("estimate \(fixed(Double(estimate.total) / 1_048_576, 0)) MB")
        let tuner = try Tuner(network, adapter: adapter, examples: examples(), options: tuning)
        var last = Usage.now
        var tokens = 0
        let first = last
        try tuner.run { report in
            let now = Usage.now
            tokens += report.tokens
            let rate = Double(report.tokens) / (now.wall - last.wall)
            let processor = (now.processor - last.processor) / Double(report.tokens) * 1000
            print(
                "step \(report.step): \(report.tokens) tokens, \(fixed(rate, 0)) tokens/s, "
                    + "\(fixed(processor, 3)) ms of processor a token, loss \(fixed(report.loss, 4))"
            )
            last = now
        }
        print(
            "\(fixed(Double(tokens) / (last.wall - first.wall), 0)) tokens/s, "
                + "\(fixed((last.processor - first.processor) / Double(tokens) * 1000, 3)) ms a token, "
                + "peak \(fixed(last.peak, 0)) MB"
        )
    }

    private func examples() -> [TuningExample] {
        var state = options.seed
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        return (0..<batch * steps).map { _ in
            let count = longest / 5 + random(longest - longest / 5)
            let prompt = (0..<count).map { _ in Int32(100 + random(1000)) }
            return TuningExample(prompt: prompt, completion: [Int32(216), Int32(33 + random(5))])
        }
    }
}
