import FettleCore

/// The 95 % interval of a difference in accuracy, by drawing the rows anew.
///
/// Each resample draws as many rows as there are, with replacement; a row brings both models' answers, so
/// that rows which are hard for both do not widen the interval. The ends are the 2.5 % and 97.5 % quantiles
/// of the differences, between two of them by straight lines as in NumPy. Source: B. Efron and
/// R. Tibshirani, "An introduction to the bootstrap" (1993), the percentile interval.
public struct PairedBootstrap: Hashable, Sendable {
    /// The second model's accuracy less the first's, as a fraction.
    public let difference: Double
    /// The ends of the 95 % interval of the difference.
    public let interval: ClosedRange<Double>

    /// Resamples that a comparison draws: the ends move by less than a tenth of the interval with the seed.
    public static let usualResamples = 2_000

    /// Draws resamples.
    ///
    /// - Parameters:
    ///   - test: on how many rows only one of the models is right.
    ///   - rows: how many rows there are, at least as many as those; nil is given for none.
    ///   - resamples: how many are drawn, at least 1.
    ///   - seed: the seed of the draw.
    public init?(
        _ test: McNemar,
        rows: Int,
        resamples: Int = PairedBootstrap.usualResamples,
        seed: UInt64 = 0
    ) {
        guard rows > 0, resamples > 0 else { return nil }
        // Only the kind of a row matters, so rows are drawn as numbers: first those that only the first
        // model has right, then those that only the second has.
        let first = test.onlyFirstRight
        let either = first + test.onlySecondRight
        var generator = SeededGenerator(seed: seed)
        var gains: [Int] = []
        gains.reserveCapacity(resamples)
        for _ in 0..<resamples {
            var gain = 0
            for _ in 0..<rows {
                let row = generator.below(rows)
                if row < first { gain -= 1 } else if row < either { gain += 1 }
            }
            gains.append(gain)
        }
        gains.sort()
        difference = Double(test.onlySecondRight - first) / Double(rows)
        let low = quantile(0.025, of: gains) / Double(rows)
        interval = low...max(low, quantile(0.975, of: gains) / Double(rows))
    }
}

/// Returns a quantile of numbers in ascending order, at least one.
private func quantile(_ share: Double, of sorted: [Int]) -> Double {
    let position = share * Double(sorted.count - 1)
    let below = Int(position)
    let above = min(below + 1, sorted.count - 1)
    let rest = position - Double(below)
    return Double(sorted[below]) + rest * Double(sorted[above] - sorted[below])
}
