/// The mean of the classes' recall, each class counting by how often it is the truth: the same as accuracy.
///
/// Formula: Σ nₖ/n · tp / (tp + fn) over the classes k, nₖ rows having class k, with a 95 % Wilson interval.
/// Range: 0 to 1, higher is better. Source: scikit-learn's `recall_score(average="weighted", zero_division=0)`.
public struct WeightedRecall: Metric {
    /// The name in machine-readable output.
    public static let name = "weighted_recall"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title = "weighted recall"

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {}

    /// Returns whether the prediction is right.
    public func score(_ example: ScoredExample) -> Bool {
        example.prediction == example.truth
    }

    /// Returns the fraction that is right; nil for no rows.
    public func aggregate(_ scores: [Bool]) -> Estimate? {
        Estimate(fractionOf: scores)
    }
}
