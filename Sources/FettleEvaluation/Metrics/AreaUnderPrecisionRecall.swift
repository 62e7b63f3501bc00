/// The precision over all thresholds, weighted by the recall that each one adds.
///
/// Formula: Σ (Rₙ − Rₙ₋₁) Pₙ over the thresholds n from the highest p(positive) down, P and R being precision and
/// recall at it. Range: 0 to 1, the positive share for guessing, higher is better. Applies where a positive class
/// is named; there is no figure without a positive row. Source: scikit-learn's `average_precision_score`.
public struct AreaUnderPrecisionRecall: Metric {
    /// The name in machine-readable output.
    public static let name = "auprc"
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
        title = "AUPRC of '\(side.name)'"
    }

    /// Returns whether the row is positive, and how likely the model says it is.
    public func score(_ example: ScoredExample) -> PositiveScore { side.score(example) }

    /// Returns the area; nil without a positive row.
    public func aggregate(_ scores: [PositiveScore]) -> Estimate? {
        var (area, positives, others) = (0.0, 0, 0)
        for group in PositiveScore.groups(scores) {
            positives += group.positives
            others += group.others
            area += Double(group.positives) * Double(positives) / Double(positives + others)
        }
        return positives == 0 ? nil : Estimate(min(1, area / Double(positives)))
    }
}
