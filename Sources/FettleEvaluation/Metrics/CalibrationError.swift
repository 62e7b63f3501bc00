/// How far the model is as often right as it is sure, on average.
///
/// Formula: Σ nᵦ/n |aᵦ − cᵦ| over the ten bins of ``Reliability``, nᵦ rows being in bin b, aᵦ of them right,
/// and cᵦ their mean probability of the predicted label. Range: 0 to 1, lower is better; few rows make it
/// larger than it is. Source: C. Guo et al., "On calibration of modern neural networks" (arXiv:1706.04599),
/// equation 3.
public struct CalibrationError: Metric {
    /// The name in machine-readable output.
    public static let name = "calibration_error"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = false
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title = "calibration error"

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {}

    /// Returns how sure the model is, and whether it is right.
    public func score(_ example: ScoredExample) -> Confidence { Confidence(example) }

    /// Returns the mean distance; nil for no rows.
    public func aggregate(_ scores: [Confidence]) -> Estimate? {
        Reliability(scores).error.map { Estimate($0) }
    }
}
