/// The precision of all decisions about all classes taken together: where each row has one label, the same as
/// accuracy.
///
/// Formula: Σ tp / Σ (tp + fp) over the classes, with a 95 % Wilson interval. Range: 0 to 1, higher is better.
/// Source: scikit-learn's `precision_score(average="micro")`.
public struct MicroPrecision: Metric {
    /// The name in machine-readable output.
    public static let name = "micro_precision"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title = "micro precision"

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
