import FettleCore
import FettleTransformer

/// Examples that a language model is measured on while it is tuned.
struct TransformerValidation {
    /// Rows that are measured at most, evenly chosen: scoring one takes a third of learning it.
    private static let mostRows = 256
    /// The share of the run's time that measuring may take.
    private static let share = 0.1

    private let prompts: [[Int32]]
    private let truths: [[Int32]]
    private let labels: [[Int32]]
    /// The place of each row's completion among the labels, nil for one that the model lacks.
    private let answers: [Int?]
    private let model: LanguageModel
    private let rows: Int

    init(
        _ examples: [Example],
        labels names: [String],
        _ text: TokenText,
        _ model: LanguageModel
    ) throws {
        rows = examples.count
        let count = min(examples.count, Self.mostRows)
        let chosen = (0..<count).map { examples[$0 * examples.count / count] }
        prompts = chosen.map { text.prompt($0.prompt) }
        truths = chosen.map { text.label($0.completion) }
        labels = names.map { text.label($0) }
        let places = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        answers = chosen.map { places[$0.completion] }
        self.model = model
    }

    /// The tokens that a measurement takes through the network.
    var tokenCount: Int { prompts.reduce(0) { $0 + $1.count } }

    /// What is said of it beside the settings.
    var settings: [ChosenSetting] {
        guard rows > prompts.count else { return [] }
        return [
            ChosenSetting(
                name: "validation_rows",
                value: "\(prompts.count)",
                reason: "evenly chosen of \(NumberText.count(rows)), to spend the time on training"
            )
        ]
    }

    /// Returns the steps after which the examples are measured: the last of every epoch, and others where that
    /// takes little of the run's time.
    func steps(of tuner: Tuner, _ examples: Int, _ tokens: Int) -> Set<Int> {
        guard !prompts.isEmpty else { return [] }
        let epochs = tuner.options.epochs
        let perEpoch = tuner.totalSteps / epochs
        let scored = TuningWork.scoring * Double(max(1, tokenCount))
        let pieces = Int(Self.share * Double(tokens) / scored)
        let parts = max(1, min(pieces, 10, perEpoch))
        return Set(
            (0..<epochs).flatMap { epoch in
                (1...parts).map { epoch * perEpoch + perEpoch * $0 / parts }
            }
        )
    }

    /// Returns the natural log probabilities of the labels after each of these prompts, row-major.
    func logprobs(of prompts: [[Int32]]) throws -> [Double] {
        guard !labels.isEmpty else { return [] }
        // Each prompt keeps its keys and values while it is scored.
        return try stride(from: 0, to: prompts.count, by: 32).flatMap { start in
            let some = Array(prompts[start..<min(start + 32, prompts.count)])
            return try model.scores(of: labels, after: some).flatMap(\.self)
        }
    }

    /// Returns the mean loss of the completions' tokens, in nats, and the share of rows whose completion is the
    /// likeliest label, or where it writes freely the likeliest token at every place.
    func measure() throws -> (loss: Double, accuracy: Double) {
        var loss = 0.0
        var tokens = 0
        var right = 0
        for (row, prompt) in prompts.enumerated() where labels.isEmpty {
            let scores = try model.scores(of: [truths[row]], after: [prompt])
            loss -= scores[0][0]
            tokens += truths[row].count
        }
        if !labels.isEmpty {
            for (row, scores) in try model.scores(of: labels, after: prompts).enumerated() {
                guard let answer = answers[row] else { continue }
                loss -= scores[answer]
                tokens += labels[answer].count
                let best = scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
                right += best == answer ? 1 : 0
            }
        }
        return (loss / Double(max(1, tokens)), Double(right) / Double(max(1, prompts.count)))
    }
}
