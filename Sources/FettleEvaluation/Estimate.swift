/// A figure, with its 95 % confidence interval where there is one.
public struct Estimate: Hashable, Sendable {
    /// The figure.
    public let value: Double
    /// The ends of the 95 % confidence interval.
    public let interval: ClosedRange<Double>?

    /// Makes an estimate.
    public init(_ value: Double, interval: ClosedRange<Double>? = nil) {
        self.value = value
        self.interval = interval
    }

    /// Makes the mean of the scores; nil for none.
    public init?(mean scores: [Double]) {
        guard !scores.isEmpty else { return nil }
        self.init(preciseSum(scores) / Double(scores.count))
    }

    /// Makes the fraction of true values with its Wilson interval; nil for none.
    public init?(fractionOf hits: [Bool]) {
        guard !hits.isEmpty else { return nil }
        let count = hits.reduce(0) { $0 + ($1 ? 1 : 0) }
        self.init(
            Double(count) / Double(hits.count),
            interval: wilsonInterval(successes: count, trials: hits.count)
        )
    }
}

/// Returns the 95 % score interval of the proportion of `successes` (0 to `trials`) in `trials` (1 or
/// more).
///
/// With p = successes / n and z the 97.5 % point of the normal distribution:
/// (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n). Source: E. B. Wilson, "Probable inference, the
/// law of succession, and statistical inference", JASA 22 (1927).
public func wilsonInterval(successes: Int, trials: Int) -> ClosedRange<Double> {
    let z = 1.959963984540054
    let n = Double(trials)
    let p = Double(successes) / n
    let centre = p + z * z / (2 * n)
    let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    let low = successes == 0 ? 0 : max(0, (centre - spread) / scale)
    let high = successes == trials ? 1 : min(1, (centre + spread) / scale)
    return low...max(low, high)
}
