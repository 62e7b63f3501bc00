/// A way of judging: a score for each row, and one figure for all of them.
///
/// The two are apart so that a figure can be taken of any part or resampling of the rows. To add a
/// metric, conform a struct in a file of this folder and list it in ``Metrics/all``:
///
///     struct ZeroOneLoss: Metric {
///         static let name = "zero_one_loss"
///         static let higherIsBetter = false
///         static let range = 0.0...1.0
///         let title = "zero-one loss"
///
///         init?(_ setting: MetricSetting) {}
///
///         func score(_ example: ScoredExample) -> Double {
///             example.truth == example.prediction ? 0 : 1
///         }
///
///         func aggregate(_ scores: [Double]) -> Estimate? { Estimate(mean: scores) }
///     }
public protocol Metric: Sendable {
    /// What one row contributes.
    associatedtype Score: Sendable

    /// The name in machine-readable output, in snake_case.
    static var name: String { get }
    /// Whether a larger figure is a better model.
    static var higherIsBetter: Bool { get }
    /// The figures it can give.
    static var range: ClosedRange<Double> { get }
    /// Whether machine-readable output has the interval's ends too, as `NAME_low` and `NAME_high`.
    static var reportsInterval: Bool { get }
    /// The name for people.
    var title: String { get }

    /// Makes the metric for these classes; nil when it does not apply to them.
    init?(_ setting: MetricSetting)

    /// Returns what one row contributes.
    func score(_ example: ScoredExample) -> Score

    /// Returns the figure of some rows; nil for no rows.
    func aggregate(_ scores: [Score]) -> Estimate?
}

extension Metric {
    /// Whether machine-readable output has the interval's ends too; not unless a metric says so.
    public static var reportsInterval: Bool { false }
}

/// What a metric is told about the task before it sees rows.
public struct MetricSetting: Sendable {
    /// The labels that truths and predictions are indices of.
    public let classes: [String]
    /// The classes as numbers, or nil when one of them is not a number.
    public let values: [Double]?
    /// Where ``GoodOrBad`` draws its line; the middle of the classes when nil.
    public let binary: BinaryCondition?
    /// The class that counts as positive for metrics of two classes; nil for none.
    public let positive: String?
    /// How much more recall counts than precision in ``FBeta``.
    public let beta: Double

    /// Makes a setting.
    public init(
        classes: [String],
        binary: BinaryCondition? = nil,
        positive: String? = nil,
        beta: Double = 1
    ) {
        self.classes = classes
        self.binary = binary
        self.positive = positive
        self.beta = beta
        let numbers = classes.compactMap(ordinalValue)
        values = numbers.count == classes.count && !numbers.isEmpty ? numbers : nil
    }
}

/// A figure, with its 95 % confidence interval where there is one.
public struct Estimate: Hashable, Sendable {
    /// The figure.
    public let value: Double
    /// The ends of the 95 % confidence interval.
    public let interval: ClosedRange<Double>?

    /// Makes an estimate.
    public init(_ value: Double, interval: ClosedRange<Double>? = nil) {
        self.value = value
        self.interval = interval
    }

    /// Makes the mean of the scores; nil for none.
    public init?(mean scores: [Double]) {
        guard !scores.isEmpty else { return nil }
        self.init(preciseSum(scores) / Double(scores.count))
    }

    /// Makes the fraction of true values with its Wilson interval; nil for none.
    public init?(fractionOf hits: [Bool]) {
        guard !hits.isEmpty else { return nil }
        let count = hits.reduce(0) { $0 + ($1 ? 1 : 0) }
        self.init(
            Double(count) / Double(hits.count),
            interval: wilsonInterval(successes: count, trials: hits.count)
        )
    }
}

/// Returns the 95 % score interval of the proportion of `successes` (0 to `trials`) in `trials` (1 or
/// more).
///
/// With p = successes / n and z the 97.5 % point of the normal distribution:
/// (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n). Source: E. B. Wilson, "Probable inference, the
/// law of succession, and statistical inference", JASA 22 (1927).
public func wilsonInterval(successes: Int, trials: Int) -> ClosedRange<Double> {
    let z = 1.959963984540054
    let n = Double(trials)
    let p = Double(successes) / n
    let centre = p + z * z / (2 * n)
    let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    let low = successes == 0 ? 0 : max(0, (centre - spread) / scale)
    let high = successes == trials ? 1 : min(1, (centre + spread) / scale)
    return low...max(low, high)
}

/// Returns the number a label stands for, blanks around it ignored; nil when it is no decimal number.
func ordinalValue(_ label: String) -> Double? {
    var text = label[...]
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    let isDecimal = text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0)
    }
    guard isDecimal, let value = Double(text), value.isFinite else { return nil }
    return value
}
