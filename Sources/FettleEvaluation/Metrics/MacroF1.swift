/// The mean of the classes' F1, each class counting the same however rare it is.
///
/// Formula: mean over the classes that occur as truth or prediction of
/// 2 tp / (2 tp + fp + fn). Range: 0 to 1, higher is better. Source: scikit-learn's
/// `f1_score(average="macro", zero_division=0)`.
public struct MacroF1: Metric {
    /// The name in machine-readable output.
    public static let name = "macro_f1"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title = "macro F1"
    private let classes: Int

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {
        classes = setting.classes.count
    }

    /// Returns the pair of true and predicted class.
    public func score(_ example: ScoredExample) -> LabelPair {
        LabelPair(truth: example.truth, prediction: example.prediction)
    }

    /// Returns the mean F1; nil for no rows.
    public func aggregate(_ scores: [LabelPair]) -> Estimate? {
        var truths = [Int](repeating: 0, count: classes)
        var predictions = truths
        var hits = truths
        for pair in scores {
            truths[pair.truth] += 1
            predictions[pair.prediction] += 1
            if pair.truth == pair.prediction { hits[pair.truth] += 1 }
        }
        let found = (0..<classes).compactMap { index -> Double? in
            let occurrences = truths[index] + predictions[index]
            return occurrences == 0 ? nil : Double(2 * hits[index]) / Double(occurrences)
        }
        return Estimate(mean: found)
    }
}

/// A true and a predicted class, as indices.
public struct LabelPair: Hashable, Sendable {
    /// The true class.
    public let truth: Int
    /// The predicted class.
    public let prediction: Int
}
