#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension NgramParameters {
    /// Multiplies features' scales by what the features tell about the completion.
    ///
    /// The factor is (D + 0.05)^exponent, with D the divergence Σ q_k ln(q_k / p_k), in nats, of the
    /// completions q of the examples that have the feature from those p of all examples; q is drawn
    /// towards p by 8 examples' worth, since few examples tell little. It is to a softmax what the
    /// log-count ratio is to the classifier of two classes of Wang and Manning: "Baselines and
    /// Bigrams" (ACL 2012).
    ///
    /// - Parameters:
    ///   - examples: the training examples' features.
    ///   - labels: the number of each example's completion.
    ///   - isFresh: for each feature, whether it is to be scaled; its weights must be 0.
    ///   - exponent: how much it matters; 0 for not at all.
    /// - Throws: `CancellationError`, with scales and weights in no useful state.
    func scaleByInformation(
        _ examples: ExampleMatrix,
        labels: [Int],
        isFresh: [Bool],
        exponent: Float
    ) throws(CancellationError) {
        // The rows' places for weights hold the counts until the scales are known; counts of examples
        // are exact in a Float to 16 million.
        var shares = [Float](repeating: 0, count: classCount)
        var unchecked = 0
        let isCancelled = examples.withShards { shards in
            for example in 0..<examples.rowCount {
                let row = examples.row(example, shards)
                let label = labels[example]
                shares[label] += 1
                for position in 0..<row.count where isFresh[Int(row.features[position])] {
                    rows[Int(row.features[position]) * stride + Self.headerFloats + label] += 1
                }
                unchecked += row.count
                if unchecked > 200_000 {
                    unchecked = 0
                    if Task.isCancelled { return true }
                }
            }
            return false
        }
        if isCancelled { throw CancellationError() }
        for label in 0..<classCount { shares[label] /= Float(examples.rowCount) }
        var watch = CancellationWatch(every: 1 << 20)
        for feature in 0..<featureCount where isFresh[feature] {
            try watch.count(classCount + 8)
            let counts = rows + feature * stride + Self.headerFloats
            let divergence = Self.divergence(UnsafePointer(counts), shares)
            rows[feature * stride] *= powf(divergence + Self.leastInformation, exponent)
            for label in 0..<classCount { counts[label] = 0 }
        }
    }

    /// Examples' worth of the overall shares in a feature's own.
    private static let priorExamples: Float = 8
    /// What every feature is taken to tell, in nats: no feature is worth nothing.
    private static let leastInformation: Float = 0.05

    private static func divergence(_ counts: UnsafePointer<Float>, _ shares: [Float]) -> Float {
        var total = priorExamples
        for label in shares.indices { total += counts[label] }
        var sum: Float = 0
        for label in shares.indices where shares[label] > 0 {
            let share = (counts[label] + priorExamples * shares[label]) / total
            sum += share * logf(share / shares[label])
        }
        return max(sum, 0)
    }
}
