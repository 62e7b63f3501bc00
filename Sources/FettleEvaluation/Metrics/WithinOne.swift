/// The fraction of rows whose prediction is at most 1 away from the truth.
///
/// Formula: Σ [|prediction − truth| ≤ 1] / n, with a 95 % Wilson interval. Range: 0 to 1, higher is
/// better. Applies to labels that are numbers.
public struct WithinOne: Metric {
    /// The name in machine-readable output.
    public static let name = "within_one"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = 0.0...1.0
    /// The name for people.
    public let title = "within one"
    private let values: [Double]

    /// Makes the metric; nil for labels that are not numbers.
    public init?(_ setting: MetricSetting) {
        guard let values = setting.values else { return nil }
        self.values = values
    }

    /// Returns whether the prediction is at most 1 away; a rounding error of the difference is allowed.
    public func score(_ example: ScoredExample) -> Bool {
        (values[example.prediction] - values[example.truth]).magnitude <= 1 + 1e-12
    }

    /// Returns the fraction at most 1 away; nil for no rows.
    public func aggregate(_ scores: [Bool]) -> Estimate? {
        Estimate(fractionOf: scores)
    }
}
