import FettleCore
import FettleEvaluation
import FettleTransformer

/// Examples that a language model is measured on while it is tuned.
struct TransformerValidation {
    /// What a measurement found.
    struct Result {
        /// The mean loss of the completions' tokens, in nats.
        var loss: Double
        /// The share of rows whose completion is the likeliest label; nil where the model writes freely.
        var accuracy: Double?
        /// The mean F1 of the classes, as `evaluate` says it; nil where the model writes freely.
        var macroF1: Double?

        /// The figures in words.
        var text: String {
            "validation loss \(NumberText.decimal(loss, digits: 3))"
                + (accuracy.map { ", accuracy \(NumberText.percent($0))" } ?? "")
                + (macroF1.map { ", macro F1 \(NumberText.percent($0))" } ?? "")
        }
    }

    /// Rows that are measured at most, evenly chosen: scoring one takes a third of learning it.
    private static let mostRows = 256
    /// The share of the run's time that measuring may take.
    private static let share = 0.1

    private let prompts: [[Int32]]
    private let truths: [[Int32]]
    private let names: [String]
    private let labels: [[Int32]]
    private let completions: [String]
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
        self.names = names
        completions = chosen.map(\.completion)
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

    /// Measures the model as it is.
    func measure() throws -> Result {
        var loss = 0.0
        var tokens = 0
        var right = 0
        guard !labels.isEmpty else {
            for (row, prompt) in prompts.enumerated() {
                let scores = try model.scores(of: [truths[row]], after: [prompt])
                loss -= scores[0][0]
                tokens += truths[row].count
            }
            return Result(loss: loss / Double(max(1, tokens)))
        }
        let found = try model.scores(of: labels, after: prompts)
        for (row, scores) in found.enumerated() {
            guard let answer = answers[row] else { continue }
            loss -= scores[answer]
            tokens += labels[answer].count
            let best = scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
            right += best == answer ? 1 : 0
        }
        let report = try EvaluationReport(
            model: "",
            dataset: "",
            scores: Scores(labels: names, truth: completions, logprobs: found.flatMap(\.self)),
            seconds: 0
        )
        return Result(
            loss: loss / Double(max(1, tokens)),
            accuracy: Double(right) / Double(max(1, prompts.count)),
            macroF1: report[MacroF1.name]?.value
        )
    }
}

extension LanguageHyperparameters.BestBy {
    /// Whether a smaller figure is a better one.
    var isLow: Bool { self == .loss }

    /// What the figure is called beside "validation".
    var word: String { self == .macroF1 ? "macro F1" : rawValue }

    /// Returns what a measurement counts as, the smaller the better; a figure that there is none of counts most.
    func cost(of result: TransformerValidation.Result) -> Double {
        switch self {
        case .loss: result.loss
        case .accuracy: -(result.accuracy ?? -.infinity)
        case .macroF1: -(result.macroF1 ?? -.infinity)
        }
    }

    /// The figure of such a cost.
    func text(ofCost cost: Double) -> String {
        isLow ? NumberText.decimal(cost, digits: 3) : NumberText.percent(-cost)
    }

    /// Checks that there is such a figure.
    ///
    /// - Throws: `bad-hyperparameter` where the model writes freely.
    func check(hasLabels: Bool) throws(Diagnostic) {
        guard !isLow, !hasLabels else { return }
        throw Diagnostic(
            "bad-hyperparameter",
            "metric_for_best_model is \(rawValue), and a model that writes freely has no \(word)",
            hint: "leave it out: the best is then that of the smallest validation loss"
        )
    }
}
