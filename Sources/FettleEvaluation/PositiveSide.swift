/// The class that counts as positive, for metrics of two classes.
struct PositiveSide: Sendable {
    /// The class.
    let name: String
    private let index: Int

    /// Finds the positive class; nil when none is named or it is not among the classes.
    init?(_ setting: MetricSetting) {
        guard let name = setting.positive, let index = setting.classes.firstIndex(of: name) else {
            return nil
        }
        self.name = name
        self.index = index
    }

    /// Returns whether a row is positive, and how likely the model says it is.
    func score(_ example: ScoredExample) -> PositiveScore {
        PositiveScore(
            isPositive: example.truth == index,
            probability: exponential(example.positiveLogprob)
        )
    }
}

/// What metrics of a positive class see of one row.
public struct PositiveScore: Hashable, Sendable {
    /// Whether the row is of the positive class.
    public let isPositive: Bool
    /// The probability that the model gives the positive class.
    public let probability: Double

    /// Whether the row is taken for positive.
    var isTaken: Bool { probability >= 0.5 }

    /// Returns how many rows of either kind have each probability, the highest first.
    static func groups(_ scores: [PositiveScore]) -> [(positives: Int, others: Int)] {
        let ordered = scores.sorted { $0.probability > $1.probability }
        var groups: [(positives: Int, others: Int)] = []
        var last: Double?
        for score in ordered {
            if score.probability != last { groups.append((0, 0)) }
            last = score.probability
            let place = groups.count - 1
            if score.isPositive {
                groups[place].positives += 1
            } else {
                groups[place].others += 1
            }
        }
        return groups
    }
}

/// How often rows were taken for positive rightly and wrongly.
struct PositiveCounts {
    private(set) var hits = 0
    private(set) var misses = 0
    private(set) var falseAlarms = 0

    /// Counts; nil for no rows.
    init?(_ scores: [PositiveScore]) {
        guard !scores.isEmpty else { return nil }
        for score in scores {
            switch (score.isPositive, score.isTaken) {
            case (true, true): hits += 1
            case (true, false): misses += 1
            case (false, true): falseAlarms += 1
            case (false, false): break
            }
        }
    }
}
