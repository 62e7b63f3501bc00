/// The mean of the classes' F1, each class counting by how often it is the truth.
///
/// Formula: Σ nₖ/n · 2 tp / (2 tp + fp + fn) over the classes k, nₖ rows having class k. Range: 0 to 1, higher
/// is better. Source: scikit-learn's `f1_score(average="weighted", zero_division=0)`.
public struct WeightedF1: PairMetric {
    /// The name in machine-readable output.
    public static let name = "weighted_f1_score"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title = "weighted F1"
    /// The number of classes.
    public let classes: Int

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {
        classes = setting.classes.count
    }

    /// Returns the weighted mean F1; nil for no rows.
    public func value(of counts: LabelCounts) -> Double? {
        counts.weightedMean { counts.fScore($0, squaredBeta: 1) }
    }
}
