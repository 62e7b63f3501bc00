/// How far predictions are from the truth, on average.
///
/// Formula: Σ |prediction − truth| / n, in the labels' own unit. Range: 0 upwards, lower is better.
/// Applies to labels that are numbers. Source: scikit-learn's `mean_absolute_error`.
public struct MeanAbsoluteError: PairMetric {
    /// The name in machine-readable output.
    public static let name = "mean_absolute_error"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = false
    /// The figures it can give.
    public static let range = 0.0...Double.infinity
    /// The name for people.
    public let title = "mean absolute error"
    /// The number of classes.
    public let classes: Int
    private let values: [Double]

    /// Makes the metric; nil for labels that are not numbers.
    public init?(_ setting: MetricSetting) {
        guard let values = setting.values else { return nil }
        classes = values.count
        self.values = values
    }

    /// Returns the mean distance; nil for no rows.
    public func value(of counts: LabelCounts) -> Double? {
        guard counts.rows > 0 else { return nil }
        let distances = zip(counts.pairs, counts.numbers).map { pair, number in
            Double(number) * (values[pair.prediction] - values[pair.truth]).magnitude
        }
        return preciseSum(distances) / Double(counts.rows)
    }
}
