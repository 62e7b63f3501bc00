public import FettleCore

/// A temperature that makes a model as sure as it is right: every probability p becomes p^(1/T), divided by the
/// sum over the labels.
///
/// The temperature is the one with the least log loss on the rows it is fitted to. It changes no prediction.
/// More than 1 makes a model less sure, less than 1 surer. Source: C. Guo et al., "On calibration of modern
/// neural networks" (arXiv:1706.04599), section 4.2.
public struct TemperatureScaling: Hashable, Sendable {
    /// The temperatures that are looked at; a model that is right at every row would be best at 0.
    public static let limits = 0.05...20.0

    /// The temperature.
    public let temperature: Double
    /// The rows that it was fitted to: those whose completion the model knows.
    public let rows: Int

    /// Whether the log loss would be less beyond the limits.
    public var isAtLimit: Bool {
        temperature == Self.limits.lowerBound || temperature == Self.limits.upperBound
    }

    /// Fits the temperature.
    ///
    /// - Throws: `no-rows` when the model knows no row's completion, `one-class` when those that it knows are
    ///   all the same.
    public init(fitting scores: Scores) throws(Diagnostic) {
        let known = scores.truth.indices.filter { scores.truth[$0] < scores.labels.count }
        guard let first = known.first else {
            throw Diagnostic(
                "no-rows",
                "the model knows the completion of none of the "
                    + NumberText.count(scores.rows, "row"),
                hint: "choose a dataset whose completions are those that it was tuned on"
            )
        }
        guard known.contains(where: { scores.truth[$0] != scores.truth[first] }) else {
            let label = scores.labels[Int(scores.truth[first])]
            throw Diagnostic(
                "one-class",
                "\(NumberText.count(known.count, "row")) with a completion that the model knows, all "
                    + "'\(label)', expected at least two different ones",
                hint: "choose rows of more classes, such as a whole validation part"
            )
        }
        rows = known.count
        temperature = 1 / Self.bestInverse(Slope(scores, known))
    }

    /// Returns log probabilities, `[rows, labels]` row-major, at a temperature; each row's probabilities add up
    /// to 1.
    ///
    /// `temperature` is more than 0.
    public static func scaled(
        _ logprobs: [Double],
        _ labels: Int,
        by temperature: Double
    ) -> [Double] {
        var scaled = logprobs.map { $0 / temperature }
        for start in stride(from: 0, to: scaled.count, by: max(1, labels)) {
            let row = start..<start + labels
            guard let largest = scaled[row].max(), largest.isFinite else { continue }
            let sum = scaled[row].reduce(0) { $0 + exponential($1 - largest) }
            let shift = largest + naturalLog(sum)
            for place in row { scaled[place] = min(0, scaled[place] - shift) }
        }
        return scaled
    }

    /// Returns 1/T where the slope is 0, or the limit beyond which it is: Newton's steps, halving where one
    /// leaves the bounds.
    private static func bestInverse(_ slope: Slope) -> Double {
        var low = 1 / limits.upperBound
        var high = 1 / limits.lowerBound
        if slope.at(low).value >= 0 { return low }
        if slope.at(high).value <= 0 { return high }
        var inverse = 1.0
        for _ in 0..<200 {
            let (value, change) = slope.at(inverse)
            if value > 0 { high = inverse } else { low = inverse }
            var next = inverse - value / change
            if !(low < next && next < high) { next = low / 2 + high / 2 }
            if (next - inverse).magnitude <= 1e-10 * inverse { return next }
            inverse = next
        }
        return inverse
    }

    /// The derivative of the mean log loss by b = 1/T, which grows with b: mean of Σₖ pₖ zₖ − z(truth), z being
    /// the log probabilities and p those at T.
    private struct Slope {
        private let scores: Scores
        private let rows: [Int]

        init(_ scores: Scores, _ rows: [Int]) {
            self.scores = scores
            // The loss of a row whose truth is impossible is infinite at every temperature.
            self.rows = rows.filter { row in
                scores.logprobs[row * scores.labels.count + Int(scores.truth[row])].isFinite
            }
        }

        /// Returns the derivative and its own derivative, the mean variance of z.
        func at(_ inverse: Double) -> (value: Double, change: Double) {
            let width = scores.labels.count
            var (value, change) = (0.0, 0.0)
            scores.logprobs.withUnsafeBufferPointer { logprobs in
                for row in rows {
                    let truth = logprobs[row * width + Int(scores.truth[row])]
                    let largest = logprobs[row * width + Int(scores.prediction[row])]
                    var (sum, first, second) = (0.0, 0.0, 0.0)
                    for label in 0..<width {
                        // Differences to the largest keep the numbers small.
                        let distance = logprobs[row * width + label] - largest
                        guard distance.isFinite else { continue }
                        let weight = exponential(inverse * distance)
                        sum += weight
                        first += weight * distance
                        second += weight * distance * distance
                    }
                    let mean = first / sum
                    value += mean - (truth - largest)
                    change += second / sum - mean * mean
                }
            }
            let count = Double(max(1, rows.count))
            return (value / count, change / count)
        }
    }
}
