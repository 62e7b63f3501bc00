/// The fraction of rows where truth and prediction fall on the same side of a line.
///
/// Formula: Σ [c(prediction) = c(truth)] / n for a condition c such as `<= 3`; without one, c is
/// "at most the middle between the smallest and the largest label". With a 95 % Wilson interval. Range:
/// 0 to 1, higher is better. Applies to labels that are numbers. Source: accuracy of the two-class task,
/// as in scikit-learn's `accuracy_score`.
public struct GoodOrBad: Metric {
    /// The name in machine-readable output.
    public static let name = "good_or_bad"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title: String
    private let sides: [Bool]

    /// Makes the metric; nil for labels that are not numbers.
    public init?(_ setting: MetricSetting) {
        guard let values = setting.values, let low = values.min(), let high = values.max() else {
            return nil
        }
        let condition = setting.binary ?? BinaryCondition(.lessOrEqual, low / 2 + high / 2)
        title = "good or bad (\(condition.text))"
        sides = values.map(condition.holds(for:))
    }

    /// Returns whether truth and prediction are on the same side.
    public func score(_ example: ScoredExample) -> Bool {
        sides[example.truth] == sides[example.prediction]
    }

    /// Returns the fraction on the same side; nil for no rows.
    public func aggregate(_ scores: [Bool]) -> Estimate? {
        Estimate(fractionOf: scores)
    }
}
