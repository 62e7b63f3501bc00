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
    /// Whether machine-readable output has the interval's ends beside the figure, as `NAME_low` and
    /// `NAME_high`.
    static var reportsInterval: Bool { get }
    /// Whether people read it as a percentage.
    static var isShare: Bool { get }
    /// The name for people.
    var title: String { get }

    /// Makes the metric for these classes; nil when it does not apply to them.
    init?(_ setting: MetricSetting)

    /// Returns what one row contributes.
    func score(_ example: ScoredExample) -> Score

    /// Returns the figure of some rows; nil for no rows.
    func aggregate(_ scores: [Score]) -> Estimate?

    /// Returns the figure of all rows, the same as of their scores; nil when there is none.
    func estimate(of rows: JudgedRows) -> Estimate?

    /// Returns what gives the figure of a resample of the rows, the same as of the drawn rows' scores.
    func resampled(from rows: JudgedRows) -> (Resample) -> Double?

    /// Returns how many steps one resample takes, as ``Bootstrap`` counts them.
    func steps(perResampleOf rows: JudgedRows) -> Int
}

extension Metric {
    /// Whether machine-readable output has the interval's ends too; not unless a metric says so.
    public static var reportsInterval: Bool { false }
    /// Whether people read it as a percentage; so for what goes from 0 to 1 unless a metric says otherwise.
    public static var isShare: Bool { range == 0...1 }

    /// Returns the figure of the scores of all rows.
    public func estimate(of rows: JudgedRows) -> Estimate? {
        aggregate(rows.examples.map(score))
    }

    /// Returns what takes the figure of the drawn rows' scores.
    public func resampled(from rows: JudgedRows) -> (Resample) -> Double? {
        let scores = rows.examples.map(score)
        return { resample in aggregate(resample.rows.map { scores[Int($0)] })?.value }
    }

    /// Returns one step for each row.
    public func steps(perResampleOf rows: JudgedRows) -> Int { rows.examples.count }
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
    /// How much more recall counts than precision in ``FBeta`` and the means of it.
    public let beta: Double
    /// How many labels ``TopK`` looks at.
    public let top: Int

    /// Makes a setting.
    public init(
        classes: [String],
        binary: BinaryCondition? = nil,
        positive: String? = nil,
        beta: Double = 1,
        top: Int = 3
    ) {
        self.classes = classes
        self.binary = binary
        self.positive = positive
        self.beta = beta
        self.top = top
        let numbers = classes.compactMap(ordinalValue)
        values = numbers.count == classes.count && !numbers.isEmpty ? numbers : nil
    }
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
