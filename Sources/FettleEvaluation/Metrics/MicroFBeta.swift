import FettleCore

/// The F score of all decisions about all classes taken together: where each row has one label, the same as
/// accuracy for every β.
///
/// Formula: (1 + β²) Σ tp / ((1 + β²) Σ tp + β² Σ fn + Σ fp) over the classes, with a 95 % Wilson interval.
/// Range: 0 to 1, higher is better. Source: scikit-learn's `fbeta_score(average="micro")`.
public struct MicroFBeta: Metric {
    /// The name in machine-readable output.
    public static let name = "micro_f_beta"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title: String

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {
        title = "micro F\(JSONValue.text(of: setting.beta))"
    }

    /// Returns whether the prediction is right.
    public func score(_ example: ScoredExample) -> Bool {
        example.prediction == example.truth
    }

    /// Returns the fraction that is right; nil for no rows.
    public func aggregate(_ scores: [Bool]) -> Estimate? {
        Estimate(fractionOf: scores)
    }
}
