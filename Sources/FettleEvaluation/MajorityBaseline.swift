extension ComparedModel {
    /// What a comparison calls the baseline.
    public static let majorityName = "majority"

    /// Returns the baseline that gives every row the commonest completion of all rows.
    ///
    /// Of completions that are equally common it is the one that comes first as text.
    public static func majority(of scores: Scores) -> ComparedModel {
        var counts = [Int](repeating: 0, count: scores.classes.count)
        for truth in scores.truth { counts[Int(truth)] += 1 }
        let order = counts.indices.sorted {
            (-counts[$0], scores.classes[$0]) < (-counts[$1], scores.classes[$1])
        }
        let commonest = Int32(order[0])
        return ComparedModel(
            name: majorityName,
            correct: scores.truth.map { $0 == commonest },
            trainingExamples: nil,
            seconds: nil
        )
    }
}
