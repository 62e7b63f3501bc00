import ArgumentParser
import FettleModelFiles
import FettleTransformer

extension ModelOptions {
    /// Opens the model for asking.
    func network() throws -> TransformerNetwork {
        let start = Usage.now
        let files = try ModelFiles.open(model)
        let network = try TransformerNetwork(
            configuration: files.configuration,
            weights: files.weights,
            precision: precision
        )
        let loaded = Usage.now
        print("loaded in \(fixed(loaded.wall - start.wall, 2)) s, \(fixed(loaded.peak, 0)) MB")
        return network
    }

    /// Returns random tokens, the same for the same seed.
    func tokens(_ counts: [Int]) -> [[Int32]] {
        var state = seed
        return counts.map { count in
            (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int32(100 + Int(state >> 33) % 1000)
            }
        }
    }
}

/// Tokens a second of reading prompts and scoring labels after them.
struct MeasurePrompts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompts",
        abstract: "Time the scores of five labels after random prompts."
    )

    @OptionGroup var options: ModelOptions

    @Option(help: "Prompts of a round.")
    var prompts = 16

    @Option(help: "Tokens of the longest prompt; the shortest has a fifth of them.")
    var longest = 128

    @Option(help: "Rounds.")
    var rounds = 3

    func run() throws {
        let model = LanguageModel(try options.network(), threads: options.threads)
        let counts = (0..<prompts).map { longest / 5 + ($0 * 37) % (longest - longest / 5) }
        let texts = options.tokens(counts)
        let labels = (33...37).map { [Int32(216), Int32($0)] }
        let total = counts.reduce(0, +)
        for round in 1...rounds {
            let start = Usage.now
            let scores = try model.scores(of: labels, after: texts)
            let end = Usage.now
            print(
                "round \(round): \(total) tokens, "
                    + "\(fixed(Double(total) / (end.wall - start.wall), 0)) tokens/s, "
                    + "\(fixed((end.processor - start.processor) / Double(total) * 1000, 3)) "
                    + "ms of processor a token, peak \(fixed(end.peak, 0)) MB, "
                    + "first score \(fixed(scores[0][0], 4))"
            )
        }
    }
}

/// Tokens a second of writing a completion.
struct MeasureGeneration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Time the tokens of a completion after a random prompt."
    )

    @OptionGroup var options: ModelOptions

    @Option(help: "Tokens of the completion.")
    var count = 128

    @Option(help: "Tokens of the prompt.")
    var prompt = 32

    func run() throws {
        let model = LanguageModel(try options.network(), threads: options.threads)
        let generator = try Generator(model)
        var sampling = SamplingOptions()
        sampling.maxTokens = count
        sampling.temperature = 0
        var times: [Usage] = []
        try generator.complete(options.tokens([prompt])[0], sampling) { _ in
            times.append(.now)
            return true
        }
        guard let first = times.first, let last = times.last, times.count > 1 else { return }
        let steps = Double(times.count - 1)
        let gaps = zip(times.dropFirst(), times).map { $0.wall - $1.wall }.sorted()
        print(
            "\(fixed(steps / (last.wall - first.wall), 1)) tokens/s, "
                + "median step \(fixed(gaps[gaps.count / 2] * 1000, 2)) ms, "
                + "fastest \(fixed(gaps[0] * 1000, 2)) ms, "
                + "\(fixed((last.processor - first.processor) / steps * 1000, 2)) ms of processor a token"
        )
    }
}
