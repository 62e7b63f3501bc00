/// How far the order of the predictions is that of the truths.
///
/// Formula: Pearson's correlation of the ranks of truths and predictions, rows of one label sharing the mean of
/// their ranks. Range: −1 to 1, higher is better. Applies to labels that are numbers; there is no figure where
/// all truths or all predictions are the same. Source: SciPy's `spearmanr`; C. Spearman, "The proof and
/// measurement of association between two things" (1904).
public struct Spearman: PairMetric {
    /// The name in machine-readable output.
    public static let name = "spearman"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = -1.0...1.0
    /// The name for people.
    public let title = "rank correlation"
    /// The number of classes.
    public let classes: Int
    /// The classes in ascending order, those of one value together.
    private let groups: [[Int]]

    /// Makes the metric; nil for labels that are not numbers.
    public init?(_ setting: MetricSetting) {
        guard let values = setting.values else { return nil }
        classes = values.count
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var groups: [[Int]] = []
        for index in order {
            if let last = groups.last?.last, values[last] == values[index] {
                groups[groups.count - 1].append(index)
            } else {
                groups.append([index])
            }
        }
        self.groups = groups
    }

    /// Returns the correlation; nil where one side has one value only, and for no rows.
    public func value(of counts: LabelCounts) -> Double? {
        let truths = centredRanks(counts.truths)
        let predictions = centredRanks(counts.predictions)
        var shared = 0.0
        for (pair, number) in zip(counts.pairs, counts.numbers) {
            shared += Double(number) * truths[pair.truth] * predictions[pair.prediction]
        }
        func spread(_ rows: [Int], _ ranks: [Double]) -> Double {
            zip(rows, ranks).reduce(0) { $0 + Double($1.0) * $1.1 * $1.1 }
        }
        let both = spread(counts.truths, truths) * spread(counts.predictions, predictions)
        return both > 0 ? min(1, max(-1, shared / both.squareRoot())) : nil
    }

    /// Returns the rank of each class's rows, less the mean rank of all rows.
    private func centredRanks(_ rows: [Int]) -> [Double] {
        let middle = Double(rows.reduce(0, +)) / 2
        var ranks = [Double](repeating: 0, count: rows.count)
        var before = 0
        for group in groups {
            let count = group.reduce(0) { $0 + rows[$1] }
            // Twice the mean of the ranks is a whole number, so that equal ranks are equal exactly.
            let rank = Double(2 * before + count) / 2 - middle
            for index in group { ranks[index] = rank }
            before += count
        }
        return ranks
    }
}
