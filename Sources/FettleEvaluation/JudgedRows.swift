/// All rows of an evaluation as metrics see them, with what several metrics need worked out once.
public struct JudgedRows: Sendable {
    /// The rows, in the dataset's order.
    public let examples: [ScoredExample]
    /// How often each true class was taken for each other.
    public let counts: LabelCounts
    /// The place of each row's pair among the pairs of `counts`.
    let pairPlaces: [Int32]
    /// The areas under the curves of each class that rows have, nil for the others; empty until they are ranked.
    private(set) var areas: [ClassAreas?] = []

    /// Takes the rows of scores; `positive` is the class that counts as positive, if any.
    public init(_ scores: Scores, positive: String? = nil) {
        let place = positive.flatMap { scores.labels.firstIndex(of: $0) }
        self.init(
            (0..<scores.rows).map { scores.example($0, positive: place) },
            classes: scores.classes.count
        )
    }

    /// Takes rows, their indices less than `classes`.
    public init(_ examples: [ScoredExample], classes: Int) {
        self.examples = examples
        (counts, pairPlaces) = LabelCounts.counting(
            examples.map { LabelPair(truth: $0.truth, prediction: $0.prediction) },
            classes: classes
        )
    }

    /// Works out the areas of each class, which takes a sort of the rows for each.
    mutating func rank() {
        let ones = [Int32](repeating: 1, count: examples.count)
        areas = counts.truths.enumerated().map { index, rows in
            guard rows > 0 else { return nil }
            let ranking = ClassRanking(index, examples)
            return ClassAreas(
                roc: ranking.areaUnderROC(ones),
                precisionRecall: ranking.averagePrecision(ones)
            )
        }
    }
}
