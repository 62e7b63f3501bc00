/// The mean of the classes' recall, so that a rare class counts as much as a common one.
///
/// Formula: mean over the classes that rows have of tp / (tp + fn). Range: 0 to 1, higher is better; 1 /
/// classes for guessing. Source: scikit-learn's `balanced_accuracy_score`.
public struct BalancedAccuracy: PairMetric {
    /// The name in machine-readable output.
    public static let name = "balanced_accuracy"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title = "balanced accuracy"
    /// The number of classes.
    public let classes: Int

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {
        classes = setting.classes.count
    }

    /// Returns the mean recall; nil for no rows.
    public func value(of counts: LabelCounts) -> Double? {
        let found = (0..<counts.classes).filter { counts.truths[$0] > 0 }.map(counts.recall)
        return Estimate(mean: found)?.value
    }
}
