/// The fraction of rows whose most probable label is the true one.
///
/// Formula: Σ [prediction = truth] / n, with a 95 % Wilson interval. Range: 0 to 1, higher is better.
/// Source: scikit-learn's `accuracy_score`; Wilson (1927).
public struct Accuracy: Metric {
    /// The name in machine-readable output.
    public static let name = "accuracy"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// Whether machine-readable output has the interval's ends too.
    public static let reportsInterval = true
    /// The name for people.
    public let title = "exact"

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
