/// The fraction of the positive class's rows that are taken for it.
///
/// Formula: tp / (tp + fn), a row taken for positive when p(positive) ≥ ½; 0 when no row is positive. Range: 0
/// to 1, higher is better. Applies where a positive class is named. Source: scikit-learn's
/// `recall_score(zero_division=0)`.
public struct Recall: Metric {
    /// The name in machine-readable output.
    public static let name = "recall"
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
        title = "recall of '\(side.name)'"
    }

    /// Returns whether the row is positive, and how likely the model says it is.
    public func score(_ example: ScoredExample) -> PositiveScore { side.score(example) }

    /// Returns the recall; nil for no rows.
    public func aggregate(_ scores: [PositiveScore]) -> Estimate? {
        PositiveCounts(scores).map { counts in
            let all = counts.hits + counts.misses
            return Estimate(all == 0 ? 0 : Double(counts.hits) / Double(all))
        }
    }
}
