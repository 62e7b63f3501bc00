/// Precision and recall of the positive class in one figure, recall counting β times as much.
///
/// Formula: (1 + β²) tp / ((1 + β²) tp + β² fn + fp), a row taken for positive when p(positive) ≥ ½; 0 when the
/// denominator is. Range: 0 to 1, higher is better. Applies where a positive class is named; β is 1 unless the
/// setting says otherwise. Source: scikit-learn's `fbeta_score(zero_division=0)`.
public struct FBeta: Metric {
    /// The name in machine-readable output, for β = 1.
    public static let name = "f1"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title: String
    private let side: PositiveSide
    private let squaredBeta: Double

    /// Makes the metric; nil without a positive class.
    public init?(_ setting: MetricSetting) {
        guard let side = PositiveSide(setting) else { return nil }
        self.side = side
        squaredBeta = setting.beta * setting.beta
        title = "F\(setting.beta) of '\(side.name)'"
    }

    /// Returns whether the row is positive, and how likely the model says it is.
    public func score(_ example: ScoredExample) -> PositiveScore { side.score(example) }

    /// Returns the F score; nil for no rows.
    public func aggregate(_ scores: [PositiveScore]) -> Estimate? {
        PositiveCounts(scores).map { counts in
            let right = (1 + squaredBeta) * Double(counts.hits)
            let wrong = squaredBeta * Double(counts.misses) + Double(counts.falseAlarms)
            return Estimate(right == 0 ? 0 : right / (right + wrong))
        }
    }
}
