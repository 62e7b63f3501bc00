public import FettleCore

/// Likely label errors, by confident learning.
///
/// The probabilities must be those of models that did not learn from the row. A row counts for a class when
/// the class's probability is at least the mean that it has in rows which are labelled so (the class's
/// threshold), for the most probable of several such classes. Rows by their label and that class make the
/// confident joint; those off its diagonal are likely errors, ranked by how much more probable the class is than
/// the label. Scaled to the classes' sizes, the joint estimates how many labels are wrong. Source: C. Northcutt,
/// L. Jiang and I. Chuang, "Confident learning: estimating uncertainty in dataset labels", JAIR 70 (2021),
/// arXiv:1911.00068, sections 3.1 and 3.2.
public struct ConfidentLearning: Sendable {
    /// A row whose label is likely wrong.
    public struct Issue: Hashable, Sendable {
        /// The row's place among the scores.
        public let row: Int
        /// The index of the class that it counts for.
        public let suggested: Int
        /// The probability of that class.
        public let probability: Double
        /// The probability of the row's label.
        public let labelProbability: Double

        /// What issues are ranked by, largest first.
        public var margin: Double { probability - labelProbability }
    }

    /// The mean probability of each class in the rows that are labelled so; infinite for one without rows.
    public let thresholds: [Double]
    /// How many rows with each label count for each class.
    public let joint: [[Int]]
    /// About how many labels are wrong.
    public let estimatedErrors: Double
    /// The likely errors, the likeliest first; of equals the first row first.
    public let issues: [Issue]

    /// Looks for label errors.
    ///
    /// - Throws: `one-class` when the scores are of less than two classes.
    public init(_ scores: Scores) throws(Diagnostic) {
        let width = scores.classes.count
        guard width > 1 else {
            throw Diagnostic(
                "one-class",
                "all \(NumberText.count(scores.rows)) rows have the same completion "
                    + "'\(scores.classes[0])', and none can be mistaken for another",
                hint: "check the completion template, and the filters of the dataset"
            )
        }
        let known = scores.labels.count
        func probability(_ row: Int, _ label: Int) -> Double {
            label < known ? exponential(scores.logprobs[row * known + label]) : 0
        }
        var sums = [Double](repeating: 0, count: width)
        var sizes = [Int](repeating: 0, count: width)
        for (row, truth) in scores.truth.enumerated() {
            sums[Int(truth)] += probability(row, Int(truth))
            sizes[Int(truth)] += 1
        }
        let thresholds = zip(sums, sizes).map { $1 > 0 ? $0 / Double($1) : .infinity }
        var joint = [[Int]](repeating: [Int](repeating: 0, count: width), count: width)
        var issues: [Issue] = []
        for (row, truth) in scores.truth.enumerated() {
            // A mean of equal numbers may differ from them by rounding.
            let confident = (0..<known).filter { probability(row, $0) >= thresholds[$0] - 1e-6 }
            let best = confident.max { probability(row, $0) < probability(row, $1) }
            guard let best else { continue }
            joint[Int(truth)][best] += 1
            guard best != Int(truth) else { continue }
            issues.append(
                Issue(
                    row: row,
                    suggested: best,
                    probability: probability(row, best),
                    labelProbability: probability(row, Int(truth))
                )
            )
        }
        issues.sort { (-$0.margin, $0.row) < (-$1.margin, $1.row) }
        self.thresholds = thresholds
        self.joint = joint
        self.issues = issues
        estimatedErrors = Self.estimate(joint, sizes)
    }

    /// The rows off the diagonal of the joint when each of its rows is scaled to the size of its class.
    private static func estimate(_ joint: [[Int]], _ sizes: [Int]) -> Double {
        zip(joint, sizes).enumerated().reduce(0) { total, item in
            let (label, (counts, size)) = item
            let sum = counts.reduce(0, +)
            guard sum > 0 else { return total }
            return total + Double(size) * Double(sum - counts[label]) / Double(sum)
        }
    }
}
