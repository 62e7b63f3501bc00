/// A metric that looks only at how often each class was taken for each other, so that it is as quick on a
/// resample of 100,000 rows as on one of 100.
public protocol PairMetric: Metric where Score == LabelPair {
    /// The number of classes.
    var classes: Int { get }

    /// Returns the figure; nil where it is not defined, and for no rows.
    func value(of counts: LabelCounts) -> Double?
}

extension PairMetric {
    /// Returns the pair of true and predicted class.
    public func score(_ example: ScoredExample) -> LabelPair {
        LabelPair(truth: example.truth, prediction: example.prediction)
    }

    /// Returns the figure of some rows' pairs; nil where it is not defined, and for no rows.
    public func aggregate(_ scores: [LabelPair]) -> Estimate? {
        guard !scores.isEmpty else { return nil }
        return value(of: LabelCounts(scores, classes: classes)).map { Estimate($0) }
    }

    /// Returns the figure of the pairs of all rows.
    public func estimate(of rows: JudgedRows) -> Estimate? {
        value(of: rows.counts).map { Estimate($0) }
    }

    /// Returns what takes the figure of the drawn rows' pairs.
    public func resampled(from rows: JudgedRows) -> (Resample) -> Double? {
        { value(of: $0.counts) }
    }
}
