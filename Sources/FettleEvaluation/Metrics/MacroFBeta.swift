import FettleCore

/// The mean of the classes' F score, recall counting β times as much as precision,
/// each class counting the same however rare it is.
///
/// Formula: mean over the classes that occur as truth or prediction of
/// (1 + β²) tp / ((1 + β²) tp + β² fn + fp). Range: 0 to 1, higher is better. Applies to another β than 1, for
/// which it is ``MacroF1``. Source: scikit-learn's `fbeta_score(average="macro", zero_division=0)`.
public struct MacroFBeta: PairMetric {
    /// The name in machine-readable output.
    public static let name = "macro_f_beta"
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
        title = "macro F\(JSONValue.text(of: setting.beta))"
    }

    /// Returns the mean F score; nil for no rows.
    public func value(of counts: LabelCounts) -> Double? {
        counts.mean { counts.fScore($0, squaredBeta: squaredBeta) }
    }
}
