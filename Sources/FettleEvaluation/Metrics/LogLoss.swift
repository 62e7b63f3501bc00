/// How surprised the model is by the truth, on average.
///
/// Formula: −Σ ln p(truth) / n in nats, with p kept between ε and 1 − ε (ε = 2⁻⁵², the spacing of
/// float64 at 1); a truth that the model does not know counts as ε. Range: 0 to −ln ε ≈ 36.04, lower is
/// better. Source: scikit-learn's `log_loss`.
public struct LogLoss: Metric {
    /// The name in machine-readable output.
    public static let name = "log_loss"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = false
    /// The figures it can give.
    public static let range = 0.0...naturalLogOfFloor
    /// The name for people.
    public let title = "log loss"

    private static let floor = Double.ulpOfOne
    private static var naturalLogOfFloor: Double { -naturalLog(floor) }

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {}

    /// Returns the surprise at one row, in nats.
    public func score(_ example: ScoredExample) -> Double {
        let p = exponential(example.truthLogprob)
        return -naturalLog(min(max(p, Self.floor), 1 - Self.floor))
    }

    /// Returns the mean surprise; nil for no rows.
    public func aggregate(_ scores: [Double]) -> Estimate? {
        Estimate(mean: scores)
    }

    /// Returns what takes the mean of the drawn rows' surprises.
    public func resampled(from rows: JudgedRows) -> (Resample) -> Double? {
        let scores = rows.examples.map(score)
        return { $0.mean(of: scores) }
    }
}
