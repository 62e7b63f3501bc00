/// The mean of the classes' precision, each class counting the same however rare it is.
///
/// Formula: mean over the classes that occur as truth or prediction of tp / (tp + fp), 0 for a class that is
/// never predicted. Range: 0 to 1, higher is better. Source: scikit-learn's `precision_score(average="macro",
/// zero_division=0)`.
public struct MacroPrecision: PairMetric {
    /// The name in machine-readable output.
    public static let name = "macro_precision"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title = "macro precision"
    /// The number of classes.
    public let classes: Int

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {
        classes = setting.classes.count
    }

    /// Returns the mean precision; nil for no rows.
    public func value(of counts: LabelCounts) -> Double? {
        counts.mean(counts.precision)
    }
}
