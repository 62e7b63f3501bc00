/// Among how many equally likely completions the model would be as uncertain as it is.
///
/// Formula: exp(−Σ ln p(truth) / n), p being that of the whole completion and kept as ``LogLoss`` keeps it.
/// Range: 1 to 1/ε = 2⁵², lower is better; the number of labels for guessing. Source: F. Jelinek et al.,
/// "Perplexity: a measure of the difficulty of speech recognition tasks" (1977).
public struct Perplexity: Metric {
    /// The name in machine-readable output.
    public static let name = "perplexity"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = false
    /// The figures it can give.
    public static let range = 1.0...0x1p52 * (1 + 1e-12)
    /// The name for people.
    public let title = "perplexity"
    private let loss: LogLoss

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {
        guard let loss = LogLoss(setting) else { return nil }
        self.loss = loss
    }

    /// Returns the surprise at one row, in nats.
    public func score(_ example: ScoredExample) -> Double { loss.score(example) }

    /// Returns e to the power of the mean surprise; nil for no rows.
    public func aggregate(_ scores: [Double]) -> Estimate? {
        loss.aggregate(scores).map { Estimate(exponential($0.value)) }
    }

    /// Returns what takes the mean of the drawn rows' surprises.
    public func resampled(from rows: JudgedRows) -> (Resample) -> Double? {
        let mean = loss.resampled(from: rows)
        return { mean($0).map(exponential) }
    }
}
