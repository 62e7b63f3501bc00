import ArgumentParser
import FettleModelFiles
import FettleTransformer
import Foundation

/// What a model learns from examples: accuracy on others after one epoch, in the order of the file.
struct MeasureLearning: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn",
        abstract: "Tune on examples in their order and judge the labels of others.",
        discussion: """
            A line of a file is an example: the prompt's tokens as numbers, a tab, the completion's tokens. The \
            labels are the completions that come in the file of tests.
            """
    )

    @OptionGroup var options: ModelOptions

    @Option(help: "File of examples to learn from.")
    var train: String

    @Option(help: "File of examples to judge on.")
    var test: String

    @Option(help: "Rank of the adapter.")
    var rank = 16

    @Option(help: "Learning rate.")
    var rate: Float = 1e-3

    @Option(help: "Examples to learn from, at most.")
    var count = 100_000

    func run() throws {
        let examples = try Self.read(train).prefix(count)
        let judged = try Self.read(test)
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
        var tuning = TuningOptions()
        tuning.learningRate = rate
        tuning.threads = options.threads
        tuning.seed = options.seed
        tuning.shuffles = false
        tuning.warmupSteps = (examples.count + 7) / 8 / 10
        let tuner = try Tuner(
            network,
            adapter: adapter,
            examples: examples.map { TuningExample(prompt: $0.prompt, completion: $0.completion) },
            options: tuning
        )
        let start = Usage.now
        var tokens = 0
        var loss = 0.0
        try tuner.run { report in
            tokens += report.tokens
            loss += report.loss
            guard report.step % 25 == 0 || report.step == report.totalSteps else { return }
            let now = Usage.now
            print(
                "step \(report.step) of \(report.totalSteps): "
                    + "\(fixed(Double(tokens) / (now.wall - start.wall), 0)) tokens/s, "
                    + "\(fixed((now.processor - start.processor) / Double(tokens) * 1000, 3)) ms a token, "
                    + "loss \(fixed(loss / 25, 4)), peak \(fixed(now.peak, 0)) MB"
            )
            loss = 0
        }
        let model = LanguageModel(network, adapter: adapter, threads: options.threads)
        let labels = Set(judged.map(\.completion)).sorted { $0.lexicographicallyPrecedes($1) }
        let before = Usage.now
        let scores = try model.scores(of: labels, after: judged.map(\.prompt))
        let after = Usage.now
        var (exact, side, near) = (0, 0, 0)
        for (score, example) in zip(scores, judged) {
            let best = score.indices.max { score[$0] < score[$1] } ?? 0
            let right = labels.firstIndex(of: example.completion) ?? 0
            exact += best == right ? 1 : 0
            side += (best > 2) == (right > 2) ? 1 : 0
            near += abs(best - right) <= 1 ? 1 : 0
        }
        func share(_ count: Int) -> String { fixed(Double(count) / Double(judged.count) * 100, 1) }
        print(
            "exact \(share(exact)), good or bad \(share(side)), within one \(share(near)) of \(judged.count); "
                + "tuned in \(fixed(before.wall - start.wall, 0)) s "
                + "(\(fixed(before.processor - start.processor, 0)) s of processor), "
                + "judged in \(fixed(after.wall - before.wall, 0)) s"
        )
    }

    private static func read(_ path: String) throws -> [(prompt: [Int32], completion: [Int32])] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            let parts = line.split(separator: "\t").map { part in
                part.split(separator: " ").compactMap { Int32($0) }
            }
            guard parts.count == 2 else {
                throw ValidationError(
                    "a line of '\(path)' has no tab between prompt and completion"
                )
            }
            return (parts[0], parts[1])
        }
    }
}
