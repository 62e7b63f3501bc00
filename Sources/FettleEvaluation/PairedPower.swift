#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// How large a difference in accuracy McNemar's test finds on how many rows.
///
/// With ψ the share of rows where exactly one model is right, δ the difference, and z the points of the
/// normal distribution for the level and the power, n = (z₁ √ψ + z₂ √(ψ − δ²))² / δ² rows are needed. Source:
/// R. J. Connor, "Sample size for testing differences in proportions for the paired-sample design",
/// Biometrics 43 (1987). The exact test needs a few rows more.
public struct PairedPower: Hashable, Sendable {
    /// The chance that a difference of the size in question is shown.
    public static let power = 0.8

    private let levelPoint: Double
    private let powerPoint: Double

    /// Makes it for a test at the 0.05 level, or as one of `comparisons` that share it.
    public init(comparisons: Int = 1) {
        levelPoint = normalPoint(upperTail: 0.05 / Double(max(1, comparisons)) / 2)
        powerPoint = normalPoint(upperTail: 1 - Self.power)
    }

    /// Returns how many rows it takes to show a difference; infinite for none.
    ///
    /// - Parameters:
    ///   - difference: a fraction, of either sign.
    ///   - discordance: the share of rows where exactly one model is right; at least the difference.
    /// - Returns: the number of rows, not rounded.
    public func rows(toShow difference: Double, discordance: Double) -> Double {
        let size = min(1, difference.magnitude)
        guard size > 0 else { return .infinity }
        let share = min(1, max(discordance, size))
        let root =
            levelPoint * share.squareRoot()
            + powerPoint * max(0, share - size * size).squareRoot()
        return root * root / (size * size)
    }

    /// Returns the smallest difference that so many rows show, as a fraction; nil when not even 1 is.
    public func smallestDifference(rows: Int, discordance: Double) -> Double? {
        var low = 0.0
        var high = 1.0
        guard self.rows(toShow: high, discordance: discordance) <= Double(rows) else { return nil }
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if self.rows(toShow: middle, discordance: discordance) <= Double(rows) {
                high = middle
            } else {
                low = middle
            }
        }
        return high
    }
}

/// Returns the point above which the normal distribution has this probability, more than 0 and at most ½.
func normalPoint(upperTail probability: Double) -> Double {
    var low = 0.0
    var high = 40.0
    for _ in 0..<100 {
        let middle = (low + high) / 2
        if erfc(middle / 2.0.squareRoot()) / 2 > probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
}
