/// The mean of the classes' F1, each class counting by how often it is the truth.
///
/// Formula: Σ nₖ/n · 2 tp / (2 tp + fp + fn) over the classes k, nₖ rows having class k. Range: 0 to 1, higher
/// is better. Source: scikit-learn's `f1_score(average="weighted", zero_division=0)`.
public struct WeightedF1: Metric {
    /// The name in machine-readable output.
    public static let name = "weighted_f1_score"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title = "weighted F1"
    private let classes: Int

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {
        classes = setting.classes.count
    }

    /// Returns the pair of true and predicted class.
    public func score(_ example: ScoredExample) -> LabelPair {
        LabelPair(truth: example.truth, prediction: example.prediction)
    }

    /// Returns the weighted mean F1; nil for no rows.
    public func aggregate(_ scores: [LabelPair]) -> Estimate? {
        guard !scores.isEmpty else { return nil }
        var truths = [Int](repeating: 0, count: classes)
        var predictions = truths
        var hits = truths
        for pair in scores {
            truths[pair.truth] += 1
            predictions[pair.prediction] += 1
            if pair.truth == pair.prediction { hits[pair.truth] += 1 }
        }
        let parts = (0..<classes).map { index -> Double in
            let occurrences = truths[index] + predictions[index]
            guard occurrences > 0 else { return 0 }
            return Double(truths[index]) * Double(2 * hits[index]) / Double(occurrences)
        }
        return Estimate(min(1, preciseSum(parts) / Double(scores.count)))
    }
}
