/// The catalogue of metrics.
public enum Metrics {
    /// All metrics in the order of reports; one line a metric.
    public static let all: [any Metric.Type] = [
        Accuracy.self,
        MacroF1.self,
        LogLoss.self,
        GoodOrBad.self,
        WithinOne.self,
        MeanAbsoluteError.self,
    ]

    /// The metrics of the fine-tuning API's result files that are not in every report; most of them need a
    /// positive class.
    public static let ofClassifiers: [any Metric.Type] = [
        WeightedF1.self,
        Precision.self,
        Recall.self,
        AreaUnderROC.self,
        AreaUnderPrecisionRecall.self,
        FBeta.self,
    ]

    /// Returns the figure of one metric; nil when it does not apply or has none.
    public static func value<M: Metric>(
        of type: M.Type,
        _ scores: Scores,
        _ setting: MetricSetting
    ) -> Double? {
        let positive = setting.positive.flatMap { scores.labels.firstIndex(of: $0) }
        return M(setting).flatMap { metric in
            metric.aggregate(
                (0..<scores.rows).map { metric.score(scores.example($0, positive: positive)) }
            )?.value
        }
    }

    /// Returns the results of all metrics; one that does not apply has no estimate.
    static func results(of scores: Scores, _ setting: MetricSetting) -> [MetricResult] {
        all.map { result(of: $0, scores, setting) }
    }

    private static func result<M: Metric>(
        of type: M.Type,
        _ scores: Scores,
        _ setting: MetricSetting
    ) -> MetricResult {
        let metric = M(setting)
        let estimate = metric.flatMap { metric in
            metric.aggregate((0..<scores.rows).map { metric.score(scores.example($0)) })
        }
        return MetricResult(
            name: M.name,
            title: metric?.title ?? M.name,
            higherIsBetter: M.higherIsBetter,
            reportsInterval: M.reportsInterval,
            estimate: estimate
        )
    }
}

/// What one metric found.
public struct MetricResult: Hashable, Sendable {
    /// The name in machine-readable output.
    public let name: String
    /// The name for people.
    public let title: String
    /// Whether a larger figure is a better model.
    public let higherIsBetter: Bool
    /// Whether machine-readable output has the interval's ends too.
    let reportsInterval: Bool
    /// The figure; nil when the metric does not apply to the labels.
    public let estimate: Estimate?
}
