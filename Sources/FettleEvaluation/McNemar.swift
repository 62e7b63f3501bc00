/// McNemar's exact test: whether two models that were judged on the same rows differ in accuracy.
///
/// Only the rows where exactly one of the two is right tell anything; if the models were equally good,
/// each such row would be a fair coin. The p-value is the two-sided binomial probability of a division
/// as uneven as this one, min(1, 2 P(X ≤ min(b, c))) for X ~ Binomial(b + c, ½). Source: Q. McNemar,
/// "Note on the sampling error of the difference between correlated proportions", Psychometrika 12
/// (1947), in the exact form of SciPy's `binomtest`.
public struct McNemar: Hashable, Sendable {
    /// Rows where only the first model is right.
    public let onlyFirstRight: Int
    /// Rows where only the second model is right.
    public let onlySecondRight: Int
    /// The two-sided p-value, 0 to 1; 1 when the models never differ.
    public let p: Double

    /// Makes the test from the counts of rows where exactly one model is right, each 0 or more.
    public init(onlyFirstRight: Int, onlySecondRight: Int) {
        self.onlyFirstRight = onlyFirstRight
        self.onlySecondRight = onlySecondRight
        let smaller = min(onlyFirstRight, onlySecondRight)
        let throwCount = onlyFirstRight + onlySecondRight
        // As even as can be: the tail is half of the distribution or more.
        let isEven = 2 * smaller + 1 >= throwCount
        p = isEven ? 1 : min(1, 2 * fairCoinTail(smaller, of: throwCount))
    }

    /// Makes the test from both models' rights and wrongs, row by row.
    ///
    /// - Parameters:
    ///   - first: whether the first model is right at each row.
    ///   - second: the same for the second; rows that only one of the lists has are left out.
    public init(_ first: [Bool], _ second: [Bool]) {
        var onlyFirst = 0
        var onlySecond = 0
        for (a, b) in zip(first, second) where a != b {
            if a { onlyFirst += 1 } else { onlySecond += 1 }
        }
        self.init(onlyFirstRight: onlyFirst, onlySecondRight: onlySecond)
    }
}

/// Returns the probability of at most `k` heads in `n` throws of a fair coin, for k ≤ n/2.
///
/// The largest term comes from Stirling's series, the smaller ones from it by their ratios, so the
/// relative error stays near 1e-13 for any n. Source: C. Loader, "Fast and accurate computation of
/// binomial probabilities" (2000).
///
/// - Complexity: O(√n) terms near the middle, O(1) far from it.
func fairCoinTail(_ k: Int, of n: Int) -> Double {
    guard n > 0 else { return 1 }
    var term = 1.0
    var sum = 1.0
    var i = k
    while i > 0, term > sum * 1e-18 {
        term *= Double(i) / Double(n - i + 1)
        sum += term
        i -= 1
    }
    return exponential(logFairCoin(k, of: n)) * sum
}

/// Returns the natural logarithm of the probability of exactly `k` heads in `n` throws.
private func logFairCoin(_ k: Int, of n: Int) -> Double {
    let heads = Double(k)
    let throwCount = Double(n)
    guard k > 0, k < n else { return throwCount * -0.6931471805599453 }
    let skew = (throwCount - 2 * heads) / throwCount
    let deviance =
        ((1 + skew) * naturalLog(onePlus: skew) + (1 - skew) * naturalLog(onePlus: -skew)) / 2
    let tails = throwCount - heads
    return stirlingError(n) - stirlingError(k) - stirlingError(n - k) - throwCount * deviance
        + 0.5 * naturalLog(throwCount / (2 * Double.pi * heads * tails))
}

/// Returns ln n! − (½ ln 2πn + n ln n − n), for n ≥ 1.
private func stirlingError(_ n: Int) -> Double {
    let x = Double(n)
    if n < 16 {
        let logFactorial = (1...n).reduce(0) { $0 + naturalLog(Double($1)) }
        return logFactorial - (0.5 * naturalLog(2 * Double.pi * x) + x * naturalLog(x) - x)
    }
    let square = x * x
    let inner = 1 / 1260 - (1 / 1680 - 1 / (1188 * square)) / square
    return (1 / 12 - (1 / 360 - inner / square) / square) / x
}
