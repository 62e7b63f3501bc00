/// How far predictions are from the truth, on average.
///
/// Formula: Σ |prediction − truth| / n, in the labels' own unit. Range: 0 upwards, lower is better.
/// Applies to labels that are numbers. Source: scikit-learn's `mean_absolute_error`.
public struct MeanAbsoluteError: Metric {
    /// The name in machine-readable output.
    public static let name = "mean_absolute_error"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = false
    /// The figures it can give.
    public static let range = 0.0...Double.infinity
    /// The name for people.
    public let title = "mean absolute error"
    private let values: [Double]

    /// Makes the metric; nil for labels that are not numbers.
    public init?(_ setting: MetricSetting) {
        guard let values = setting.values else { return nil }
        self.values = values
    }

    /// Returns the distance of the prediction from the truth.
    public func score(_ example: ScoredExample) -> Double {
        (values[example.prediction] - values[example.truth]).magnitude
    }

    /// Returns the mean distance; nil for no rows.
    public func aggregate(_ scores: [Double]) -> Estimate? {
        Estimate(mean: scores)
    }
}
