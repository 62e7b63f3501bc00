/// How far truth and prediction are correlated, classes of any number and size.
///
/// Formula: (c n − Σ tₖ pₖ) / √((n² − Σ pₖ²)(n² − Σ tₖ²)) over the classes k, c rows of n being right, tₖ
/// having class k and pₖ being predicted to; 0 where the root is. Range: −1 to 1, higher is better, 0 for
/// chance. Source: scikit-learn's `matthews_corrcoef`; J. Gorodkin, "Comparing two K-category assignments by a
/// K-category correlation coefficient" (2004).
public struct Matthews: PairMetric {
    /// The name in machine-readable output.
    public static let name = "matthews"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = -1.0...1.0
    /// The name for people.
    public let title = "Matthews"
    /// The number of classes.
    public let classes: Int

    /// Makes the metric; it applies to all labels.
    public init?(_ setting: MetricSetting) {
        classes = setting.classes.count
    }

    /// Returns the correlation; nil for no rows.
    public func value(of counts: LabelCounts) -> Double? {
        guard counts.rows > 0 else { return nil }
        let indices = 0..<counts.classes
        let square = counts.rows * counts.rows
        func rest(_ first: [Int], _ second: [Int]) -> Double {
            Double(square - indices.reduce(0) { $0 + first[$1] * second[$1] })
        }
        let chance = indices.reduce(0) { $0 + counts.truths[$1] * counts.predictions[$1] }
        let spread =
            rest(counts.predictions, counts.predictions) * rest(counts.truths, counts.truths)
        guard spread > 0 else { return 0 }
        let found = Double(counts.right * counts.rows - chance) / spread.squareRoot()
        return min(1, max(-1, found))
    }
}
