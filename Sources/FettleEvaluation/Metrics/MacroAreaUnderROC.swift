/// How likely a row of a class is held to be of it rather than a row of another class, as the mean over the
/// classes.
///
/// Formula: mean over the classes that some rows have and some have not of the area under the curve of the true
/// against the false positive rate, see ``AreaUnderROC``; a class that the model does not know has the
/// probability 0. Range: 0 to 1, ½ for guessing, higher is better. Source: scikit-learn's
/// `roc_auc_score(multi_class="ovr", average="macro")`.
public struct MacroAreaUnderROC: Metric {
    /// The name in machine-readable output.
    public static let name = "macro_auroc"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// Whether people read it as a percentage.
    public static let isShare = false
    /// The name for people.
    public let title = "macro AUROC"
    private let classes: Int

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {
        classes = setting.classes.count
    }

    /// Returns the row as it is: each class looks at another probability.
    public func score(_ example: ScoredExample) -> ScoredExample { example }

    /// Returns the mean area; nil where it is defined for no class.
    public func aggregate(_ scores: [ScoredExample]) -> Estimate? {
        let ones = [Int32](repeating: 1, count: scores.count)
        return ClassRanking.mean(scores, classes: classes) { $0.areaUnderROC(ones) }
            .map { Estimate($0) }
    }

    /// Returns the mean area, of the classes' areas where they are worked out.
    public func estimate(of rows: JudgedRows) -> Estimate? {
        guard !rows.areas.isEmpty else { return aggregate(rows.examples) }
        return Estimate(mean: rows.areas.compactMap { $0?.roc })
    }

    /// Returns what takes the area of the drawn rows, in the order that all rows were put in once.
    public func resampled(from rows: JudgedRows) -> (Resample) -> Double? {
        ClassRanking.resampled(rows) { $0.areaUnderROC($1) }
    }

    /// Returns a step for each row and class that rows have.
    public func steps(perResampleOf rows: JudgedRows) -> Int {
        rows.examples.count * rows.counts.truths.count { $0 > 0 }
    }
}
