/// How likely a positive row is held to be positive rather than another row.
///
/// Formula: (P(s⁺ > s⁻) + ½ P(s⁺ = s⁻)) over all pairs of a positive and another row, s = p(positive): the area
/// under the curve of the true against the false positive rate. Range: 0 to 1, ½ for guessing, higher is better.
/// Applies where a positive class is named; there is no figure without rows of both kinds. Source: scikit-learn's
/// `roc_auc_score`; Hanley, McNeil (1982).
public struct AreaUnderROC: Metric {
    /// The name in machine-readable output.
    public static let name = "auroc"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title: String
    private let side: PositiveSide

    /// Makes the metric; nil without a positive class.
    public init?(_ setting: MetricSetting) {
        guard let side = PositiveSide(setting) else { return nil }
        self.side = side
        title = "AUROC of '\(side.name)'"
    }

    /// Returns whether the row is positive, and how likely the model says it is.
    public func score(_ example: ScoredExample) -> PositiveScore { side.score(example) }

    /// Returns the area; nil without rows of both kinds.
    public func aggregate(_ scores: [PositiveScore]) -> Estimate? {
        var (won, positives, others) = (0.0, 0, 0)
        for group in PositiveScore.groups(scores) {
            // Rows of the groups before are held to be likelier positive.
            won += Double(group.others) * (Double(positives) + Double(group.positives) / 2)
            positives += group.positives
            others += group.others
        }
        guard positives > 0, others > 0 else { return nil }
        return Estimate(min(1, won / Double(positives) / Double(others)))
    }
}
