/// The squared distance between the probabilities and the truth, on average.
///
/// Formula: Σᵢ Σₖ (pᵢₖ − [k is the truth of i])² / n over the rows i and the classes k; a truth that the model
/// does not know has the probability 0. Range: 0 to 2, lower is better. Source: scikit-learn's
/// `brier_score_loss(scale_by_half=False)`; G. W. Brier, "Verification of forecasts expressed in terms of
/// probability" (1950).
public struct Brier: Metric {
    /// The name in machine-readable output.
    public static let name = "brier"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = false
    /// The figures it can give.
    public static let range = 0.0...2.0
    /// The name for people.
    public let title = "Brier score"

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {}

    /// Returns the squared distance at one row.
    public func score(_ example: ScoredExample) -> Double {
        let values = example.logprobs
        let truth = values.startIndex + example.truth
        var sum = values.indices.contains(truth) ? 0.0 : 1
        for place in values.indices {
            let distance = exponential(values[place]) - (place == truth ? 1 : 0)
            sum += distance * distance
        }
        return min(2, sum)
    }

    /// Returns the mean distance; nil for no rows.
    public func aggregate(_ scores: [Double]) -> Estimate? {
        Estimate(mean: scores)
    }

    /// Returns what takes the mean of the drawn rows' distances.
    public func resampled(from rows: JudgedRows) -> (Resample) -> Double? {
        let scores = rows.examples.map(score)
        return { $0.mean(of: scores) }
    }
}
