/// How far ordered labels agree beyond what chance would give, a miss counting by the square of its distance.
///
/// Formula: 1 − Σ dᵢⱼ oᵢⱼ / Σ dᵢⱼ eᵢⱼ with dᵢⱼ = (i − j)², oᵢⱼ rows having the class i and being predicted to
/// have j, eᵢⱼ = nᵢ mⱼ / n, and i, j the places of the classes in ascending order. Range: −1 to 1, higher is
/// better, 0 for chance. Applies to labels that are numbers; there is no figure where chance agrees always.
/// Source: scikit-learn's `cohen_kappa_score(weights="quadratic")`; J. Cohen, "Weighted kappa" (1968).
public struct QuadraticKappa: PairMetric {
    /// The name in machine-readable output.
    public static let name = "quadratic_kappa"
    /// Whether a larger figure is a better model.
    public static let higherIsBetter = true
    /// The figures it can give.
    public static let range = -1.0...1.0
    /// The name for people.
    public let title = "quadratic kappa"
    /// The number of classes.
    public let classes: Int
    private let places: [Double]

    /// Makes the metric; nil for labels that are not numbers.
    public init?(_ setting: MetricSetting) {
        guard let values = setting.values else { return nil }
        classes = values.count
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var places = [Double](repeating: 0, count: values.count)
        for (place, index) in order.enumerated() { places[index] = Double(place) }
        self.places = places
    }

    /// Returns kappa; nil where every row has one class and is predicted to have it, and for no rows.
    public func value(of counts: LabelCounts) -> Double? {
        var found = 0.0
        for (pair, number) in zip(counts.pairs, counts.numbers) {
            let distance = places[pair.truth] - places[pair.prediction]
            found += Double(number) * distance * distance
        }
        func moment(_ rows: [Int], _ power: (Double) -> Double) -> Double {
            zip(rows, places).reduce(0) { $0 + Double($1.0) * power($1.1) }
        }
        let rows = Double(counts.rows)
        let squares = moment(counts.truths) { $0 * $0 } + moment(counts.predictions) { $0 * $0 }
        let products = moment(counts.truths) { $0 } * moment(counts.predictions) { $0 }
        let expected = rows * squares - 2 * products
        guard expected > 0 else { return nil }
        return max(-1, 1 - rows * found / expected)
    }
}
