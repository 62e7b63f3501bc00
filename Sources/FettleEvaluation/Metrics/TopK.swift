/// The fraction of rows whose true label is among the k most probable ones.
///
/// Formula: Σ [fewer than k labels are more probable than the truth] / n, the first of equals counting as more
/// probable, with a 95 % Wilson interval. Range: 0 to 1, higher is better. Applies to more than k labels; k is
/// 3 unless the setting says otherwise. Source: scikit-learn's `top_k_accuracy_score`, where the last of equals
/// comes first.
public struct TopK: Metric {
    /// The name in machine-readable output.
    public static let name = "top_k"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title: String
    private let top: Int

    /// Makes the metric; nil for no more than k labels.
    public init?(_ setting: MetricSetting) {
        guard setting.classes.count > setting.top else { return nil }
        top = setting.top
        title = "among the top \(setting.top)"
    }

    /// Returns whether the truth is among the k most probable labels.
    public func score(_ example: ScoredExample) -> Bool {
        let values = example.logprobs
        let truth = values.startIndex + example.truth
        guard values.indices.contains(truth) else { return false }
        let before = values.indices.count {
            values[$0] > values[truth] || (values[$0] == values[truth] && $0 < truth)
        }
        return before < top
    }

    /// Returns the fraction among them; nil for no rows.
    public func aggregate(_ scores: [Bool]) -> Estimate? {
        Estimate(fractionOf: scores)
    }
}
