/// How far truth and prediction agree beyond what chance would give.
///
/// Formula: (pₒ − pₑ) / (1 − pₑ), pₒ being the accuracy and pₑ = Σ nₖ mₖ / n² over the classes k, nₖ rows
/// having class k and mₖ being predicted to. Range: −1 to 1, higher is better, 0 for chance. There is no figure
/// where chance agrees always. Source: scikit-learn's `cohen_kappa_score`; J. Cohen, "A coefficient of
/// agreement for nominal scales" (1960).
public struct CohenKappa: PairMetric {
    /// The name in machine-readable output.
    public static let name = "cohen_kappa"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = -1.0...1.0
    /// The name for people.
    public let title = "Cohen's kappa"
    /// The number of classes.
    public let classes: Int

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {
        classes = setting.classes.count
    }

    /// Returns kappa; nil where every row has one class and is predicted to have it, and for no rows.
    public func value(of counts: LabelCounts) -> Double? {
        let chance = (0..<counts.classes).reduce(0) {
            $0 + counts.truths[$1] * counts.predictions[$1]
        }
        let differing = counts.rows * counts.rows - chance
        guard differing > 0 else { return nil }
        return 1 - Double((counts.rows - counts.right) * counts.rows) / Double(differing)
    }
}
