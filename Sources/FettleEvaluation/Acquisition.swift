/// How much is to be learnt from the label of a row that models have looked at.
public enum Acquisition: String, CaseIterable, Hashable, Sendable {
    /// How close the two most probable labels are: 1 less the difference of their probabilities, 0 to 1. Source:
    /// T. Scheffer, C. Decomain and S. Wrobel, "Active hidden Markov models for information extraction" (2001).
    case margin
    /// How spread out the probabilities are: −Σ p ln p in nats, 0 to the logarithm of the number of labels.
    case entropy
    /// How far the models are apart: the mean of their Kullback-Leibler divergences from their mean, in nats. Source:
    /// A. McCallum and K. Nigam, "Employing EM and pool-based active learning for text classification" (1998).
    case disagreement

    /// Returns the score of a row; more is to be learnt from a larger one.
    ///
    /// Of several models, the margin and entropy are those of the mean of their probabilities.
    ///
    /// - Parameter models: at least one model's probabilities of the same labels, each at least 0.
    /// - Returns: the score, at least 0.
    public func score(_ models: [[Double]]) -> Double {
        guard let first = models.first else { return 0 }
        let mean = first.indices.map { label in
            models.reduce(0) { $0 + $1[label] } / Double(models.count)
        }
        switch self {
        case .margin:
            let sorted = mean.sorted(by: >)
            guard sorted.count > 1 else { return 0 }
            return max(0, 1 - (sorted[0] - sorted[1]))
        case .entropy: return spread(of: mean)
        case .disagreement:
            let own = models.reduce(0) { $0 + spread(of: $1) } / Double(models.count)
            return max(0, spread(of: mean) - own)
        }
    }
}

/// Returns −Σ p ln p, to which probabilities of 0 add nothing.
private func spread(of probabilities: [Double]) -> Double {
    -probabilities.reduce(0) { $0 + ($1 > 0 ? $1 * naturalLog($1) : 0) }
}
