import FettleCore

/// The mean of the classes' F score, recall counting β times as much as precision,
/// each class counting by how often it is the truth.
///
/// Formula: Σ nₖ/n · (1 + β²) tp / ((1 + β²) tp + β² fn + fp) over the classes k, nₖ rows having class k.
/// Range: 0 to 1, higher is better. Applies to another β than 1, for which it is ``WeightedF1``. Source:
/// scikit-learn's `fbeta_score(average="weighted", zero_division=0)`.
public struct WeightedFBeta: PairMetric {
    /// The name in machine-readable output.
    public static let name = "weighted_f_beta"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title: String
    /// The number of classes.
    public let classes: Int
    private let squaredBeta: Double

    /// Makes the metric; nil for a β of 1.
    public init?(_ setting: MetricSetting) {
        guard setting.beta != 1 else { return nil }
        classes = setting.classes.count
        squaredBeta = setting.beta * setting.beta
        title = "weighted F\(JSONValue.text(of: setting.beta))"
    }

    /// Returns the mean F score; nil for no rows.
    public func value(of counts: LabelCounts) -> Double? {
        counts.weightedMean { counts.fScore($0, squaredBeta: squaredBeta) }
    }
}
