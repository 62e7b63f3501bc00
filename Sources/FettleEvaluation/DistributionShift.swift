/// How far two samples of labels differ in how often each label occurs.
///
/// The distance is the total variation, ½ Σ |p − q|, from 0 (the same shares) to 1 (nothing in common). Whether chance
/// alone would give as much is told by Pearson's chi-square test of homogeneity, X² = Σ (observed − expected)² /
/// expected over both samples, with one degree of freedom less than there are labels; labels that are expected fewer
/// than five times in either sample are taken together for it. Source: K. Pearson, Philosophical Magazine 50 (1900);
/// W. G. Cochran, "Some methods for strengthening the common χ² tests", Biometrics 10 (1954), on the five.
public struct DistributionShift: Hashable, Sendable {
    /// How often a label occurs in both samples.
    public struct Share: Hashable, Sendable {
        /// The label.
        public let label: String
        /// Its count in the first sample.
        public let first: Int
        /// Its count in the second.
        public let second: Int
    }

    /// Every label of either sample: numbers by their value, then others by their text.
    public let shares: [Share]
    /// How many labels the first sample has.
    public let firstTotal: Int
    /// How many the second has.
    public let secondTotal: Int
    /// The total variation distance, 0 to 1.
    public let distance: Double
    /// X², 0 or more.
    public let chiSquare: Double
    /// The degrees of freedom; 0 when too few labels are common enough for the test.
    public let degrees: Int
    /// The probability that chance gives an X² as large; nil without degrees of freedom.
    public let p: Double?

    /// Compares two samples; nil when one is empty.
    public init?(_ first: [String: Int], _ second: [String: Int]) {
        let firstTotal = first.values.reduce(0, +)
        let secondTotal = second.values.reduce(0, +)
        guard firstTotal > 0, secondTotal > 0 else { return nil }
        let labels = Set(first.keys).union(second.keys).sorted { one, other in
            switch (ordinalValue(one), ordinalValue(other)) {
            case (let a?, let b?): a == b ? one < other : a < b
            case (.some, nil): true
            case (nil, .some): false
            case (nil, nil): one < other
            }
        }
        shares = labels.map {
            Share(label: $0, first: first[$0] ?? 0, second: second[$0] ?? 0)
        }
        self.firstTotal = firstTotal
        self.secondTotal = secondTotal
        distance =
            preciseSum(
                shares.map { share in
                    let p = Double(share.first) / Double(firstTotal)
                    return (p - Double(share.second) / Double(secondTotal)).magnitude
                }
            ) / 2
        let smaller = Double(min(firstTotal, secondTotal))
        let all = Double(firstTotal + secondTotal)
        var groups: [(Int, Int)] = []
        var rare = (0, 0)
        for share in shares {
            if Double(share.first + share.second) * smaller >= 5 * all {
                groups.append((share.first, share.second))
            } else {
                rare = (rare.0 + share.first, rare.1 + share.second)
            }
        }
        if rare != (0, 0) { groups.append(rare) }
        chiSquare = preciseSum(
            groups.flatMap { group in
                [(group.0, firstTotal), (group.1, secondTotal)].map { count, total in
                    let expected = Double(group.0 + group.1) * Double(total) / all
                    let difference = Double(count) - expected
                    return difference * difference / expected
                }
            }
        )
        degrees = groups.count - 1
        p = degrees > 0 ? chiSquareTail(chiSquare, degrees: degrees) : nil
    }
}

/// Returns the probability that a chi-square variable with so many degrees of freedom is at least `x`.
///
/// It is the regularized upper incomplete gamma function Q(degrees/2, x/2): by the series of P below degrees/2 + 1, by
/// Lentz's continued fraction above. Source: W. H. Press et al., "Numerical Recipes" (1992), section 6.2.
func chiSquareTail(_ x: Double, degrees: Int) -> Double {
    guard x > 0 else { return 1 }
    let a = Double(degrees) / 2
    let y = x / 2
    let scale = exponential(a * naturalLog(y) - y - logGamma(a))
    if y < a + 1 {
        var term = 1 / a
        var sum = term
        var n = a
        for _ in 0..<10_000 {
            n += 1
            term *= y / n
            sum += term
            if term < sum * 1e-16 { break }
        }
        return max(0, min(1, 1 - sum * scale))
    }
    let tiny = 1e-300
    var b = y + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var fraction = d
    for i in 1..<10_000 {
        let step = Double(i) * (a - Double(i))
        b += 2
        d = step * d + b
        if d.magnitude < tiny { d = tiny }
        c = b + step / c
        if c.magnitude < tiny { c = tiny }
        d = 1 / d
        fraction *= d * c
        if (d * c - 1).magnitude < 1e-16 { break }
    }
    return max(0, min(1, fraction * scale))
}
