public import FettleCore

/// How sure the model is of one prediction, and whether it is right.
public struct Confidence: Hashable, Sendable {
    /// The probability of the predicted label, 0 to 1.
    public let probability: Double
    /// Whether it is the true one.
    public let isRight: Bool

    /// Makes a confidence.
    public init(probability: Double, isRight: Bool) {
        self.probability = probability
        self.isRight = isRight
    }

    init(_ example: ScoredExample) {
        let values = example.logprobs
        let place = values.startIndex + example.prediction
        probability = values.indices.contains(place) ? min(1, exponential(values[place])) : 0
        isRight = example.prediction == example.truth
    }
}

/// How often the model is right where it is so and so sure: ten bins of equal width.
///
/// Source: M. H. DeGroot, S. E. Fienberg, "The comparison and evaluation of forecasters" (1983); the bins are
/// those of scikit-learn's `calibration_curve(strategy="uniform", n_bins=10)`, a bound belonging to the bin
/// below it.
public struct Reliability: Hashable, Sendable {
    /// The rows whose confidence is between two bounds.
    public struct Bin: Hashable, Sendable {
        /// The lower bound.
        public let low: Double
        /// The upper bound, which is in the bin.
        public let high: Double
        /// How many rows there are, at least 1.
        public let rows: Int
        /// How sure the model is of them, on average.
        public let confidence: Double
        /// The share of them that is right.
        public let accuracy: Double
    }

    /// The bins that have rows, the least sure first.
    public let bins: [Bin]

    private static let count = 10

    /// Divides predictions into bins.
    public init(_ confidences: [Confidence]) {
        var rows = [Int](repeating: 0, count: Self.count)
        var right = rows
        var sums = [Double](repeating: 0, count: Self.count)
        for confidence in confidences {
            let bin = Self.bin(of: confidence.probability)
            rows[bin] += 1
            right[bin] += confidence.isRight ? 1 : 0
            sums[bin] += confidence.probability
        }
        bins = (0..<Self.count).filter { rows[$0] > 0 }.map { bin in
            Bin(
                low: Self.bound(bin),
                high: Self.bound(bin + 1),
                rows: rows[bin],
                confidence: sums[bin] / Double(rows[bin]),
                accuracy: Double(right[bin]) / Double(rows[bin])
            )
        }
    }

    /// Divides the predictions of scores into bins.
    public init(_ scores: Scores) {
        self.init((0..<scores.rows).map { Confidence(scores.example($0)) })
    }

    /// How far confidence and accuracy are apart, on average over the rows; nil for no rows.
    public var error: Double? {
        guard !bins.isEmpty else { return nil }
        let total = bins.reduce(0) { $0 + $1.rows }
        let sum = bins.reduce(0) {
            $0 + Double($1.rows) * ($1.confidence - $1.accuracy).magnitude
        }
        return min(1, sum / Double(total))
    }

    /// The bins as JSON.
    public var json: JSONValue {
        .array(
            bins.map { bin in
                .object([
                    .init("low", .number(bin.low)), .init("high", .number(bin.high)),
                    .init("rows", .integer(Int64(bin.rows))),
                    .init("confidence", .number(bin.confidence)),
                    .init("accuracy", .number(bin.accuracy)),
                ])
            }
        )
    }

    private static func bound(_ number: Int) -> Double { Double(number) * 0.1 }

    private static func bin(of probability: Double) -> Int {
        var bin = max(0, min(count - 1, Int(probability * Double(count))))
        while bin > 0, probability <= bound(bin) { bin -= 1 }
        while bin + 1 < count, probability > bound(bin + 1) { bin += 1 }
        return bin
    }
}
