/// The exact sign test: whether one of two things was preferred more often than chance would have it.
///
/// Only decided comparisons tell anything, ties are left out; if neither were better, each decided one would be a fair
/// coin. The p-value is the two-sided binomial probability of a division as uneven as this one,
/// min(1, 2 P(X ≤ min(a, b))) for X ~ Binomial(a + b, ½), as of SciPy's `binomtest(a, a + b)`. Source: W. J. Dixon and
/// A. M. Mood, "The statistical sign test", Journal of the American Statistical Association 41 (1946).
public struct SignTest: Hashable, Sendable {
    /// How often the first was preferred.
    public let first: Int
    /// How often the second was preferred.
    public let second: Int
    /// The two-sided p-value, 0 to 1; 1 when nothing was decided.
    public let p: Double

    /// Makes the test from how often each was preferred, each 0 or more.
    public init(first: Int, second: Int) {
        self.first = first
        self.second = second
        p = McNemar(onlyFirstRight: first, onlySecondRight: second).p
    }

    /// How many comparisons were decided.
    public var decided: Int { first + second }

    /// Whether so uneven a division comes by chance less often than once in twenty times.
    public var isClear: Bool { p < 0.05 }
}
