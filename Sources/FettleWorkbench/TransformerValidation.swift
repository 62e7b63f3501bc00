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

    private let rows: ValidationRows
    private let model: LanguageModel

    init(_ rows: ValidationRows, _ model: LanguageModel) {
        (self.rows, self.model) = (rows, model)
    }

    /// Returns the natural log probabilities of the labels after each of these prompts, row-major.
    func logprobs(of prompts: [[Int32]]) throws -> [Double] {
        guard !rows.labels.isEmpty else { return [] }
        // Each prompt keeps its keys and values while it is scored.
        return try stride(from: 0, to: prompts.count, by: 32).flatMap { start in
            let some = Array(prompts[start..<min(start + 32, prompts.count)])
            return try model.scores(of: rows.labels, after: some).flatMap(\.self)
        }
    }

    /// Measures the model as it is.
    func measure() throws -> Result {
        var loss = 0.0
        var tokens = 0
        var right = 0
        guard !rows.labels.isEmpty else {
            for (row, prompt) in rows.prompts.enumerated() {
                let scores = try model.scores(of: [rows.truths[row]], after: [prompt])
                loss -= scores[0][0]
                tokens += rows.truths[row].count
            }
            return Result(loss: loss / Double(max(1, tokens)))
        }
        let found = try model.scores(of: rows.labels, after: rows.prompts)
        for (row, scores) in found.enumerated() {
            guard let answer = rows.answers[row] else { continue }
            loss -= scores[answer]
            tokens += rows.labels[answer].count
            let best = scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
            right += best == answer ? 1 : 0
        }
        let report = try EvaluationReport(
            model: "",
            dataset: "",
            scores: Scores(
                labels: rows.names,
                truth: rows.completions,
                logprobs: found.flatMap(\.self)
            ),
            seconds: 0
        )
        return Result(
            loss: loss / Double(max(1, tokens)),
            accuracy: Double(right) / Double(max(1, rows.prompts.count)),
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
