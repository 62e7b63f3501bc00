/// The mean of the classes' precision, each class counting by how often it is the truth.
///
/// Formula: Σ nₖ/n · tp / (tp + fp) over the classes k, nₖ rows having class k; 0 for a class that is never
/// predicted. Range: 0 to 1, higher is better. Source: scikit-learn's
/// `precision_score(average="weighted", zero_division=0)`.
public struct WeightedPrecision: PairMetric {
    /// The name in machine-readable output.
    public static let name = "weighted_precision"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title = "weighted precision"
    /// The number of classes.
    public let classes: Int

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {
        classes = setting.classes.count
    }

    /// Returns the weighted mean precision; nil for no rows.
    public func value(of counts: LabelCounts) -> Double? {
        counts.weightedMean(counts.precision)
    }
}
