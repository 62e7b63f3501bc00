/// The mean of the classes' F1, each class counting the same however rare it is.
///
/// Formula: mean over the classes that occur as truth or prediction of
/// 2 tp / (2 tp + fp + fn). Range: 0 to 1, higher is better. Source: scikit-learn's
/// `f1_score(average="macro", zero_division=0)`.
public struct MacroF1: PairMetric {
    /// The name in machine-readable output.
    public static let name = "macro_f1"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title = "macro F1"
    /// The number of classes.
    public let classes: Int

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {
        classes = setting.classes.count
    }

    /// Returns the mean F1; nil for no rows.
    public func value(of counts: LabelCounts) -> Double? {
        counts.mean { index in
            Double(2 * counts.hits[index])
                / Double(counts.truths[index] + counts.predictions[index])
        }
    }
}
