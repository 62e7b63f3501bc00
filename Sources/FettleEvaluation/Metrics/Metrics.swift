/// The catalogue of metrics.
public enum Metrics {
    /// The metrics that every report has, in its order; one line a metric.
    public static let usual: [any Metric.Type] = [
        Accuracy.self,
        MacroF1.self,
        LogLoss.self,
        GoodOrBad.self,
        WithinOne.self,
        MeanAbsoluteError.self,
    ]

    /// The metrics that a report has where all are wanted, after the usual ones; one line a metric.
    public static let further: [any Metric.Type] = [
        BalancedAccuracy.self,
        TopK.self,
        MacroPrecision.self,
        MacroRecall.self,
        MacroFBeta.self,
        MicroPrecision.self,
        MicroRecall.self,
        MicroFBeta.self,
        WeightedPrecision.self,
        WeightedRecall.self,
        WeightedF1.self,
        WeightedFBeta.self,
        CohenKappa.self,
        QuadraticKappa.self,
        Matthews.self,
        Spearman.self,
        MacroAreaUnderROC.self,
        MacroAreaUnderPrecisionRecall.self,
        Perplexity.self,
        Brier.self,
        CalibrationError.self,
    ]

    /// All metrics of reports.
    public static let all = usual + further

    /// The metrics of the fine-tuning API's result files; most of them need a positive class.
    public static let ofClassifiers: [any Metric.Type] = [
        WeightedF1.self,
        Precision.self,
        Recall.self,
        AreaUnderROC.self,
        AreaUnderPrecisionRecall.self,
        FBeta.self,
    ]

    /// Returns the metric of a report that has this name, or nil.
    public static func named(_ name: String) -> (any Metric.Type)? {
        all.first { $0.name == name }
    }

    /// Returns the figure of one metric; nil when it does not apply or has none.
    public static func value<M: Metric>(
        of type: M.Type,
        _ scores: Scores,
        _ setting: MetricSetting
    ) -> Double? {
        M(setting)?.estimate(of: JudgedRows(scores, positive: setting.positive))?.value
    }

    /// Returns the results of metrics; one that does not apply has no estimate.
    ///
    /// With a bootstrap the metrics that it is for, and that have no interval by a formula, have one from it.
    static func results(
        of types: [any Metric.Type],
        _ rows: JudgedRows,
        _ setting: MetricSetting,
        _ bootstrap: Bootstrap?
    ) -> [MetricResult] {
        var results = types.map { result(of: $0, rows, setting) }
        guard let bootstrap else { return results }
        let places = results.indices.filter { place in
            results[place].estimate != nil && results[place].estimate?.interval == nil
                && bootstrap.isFor(results[place].name)
        }
        let figures = places.compactMap { figure(of: types[$0], results[$0], rows, setting) }
        for (place, interval) in zip(places, bootstrap.intervals(of: figures, rows)) {
            guard let estimate = results[place].estimate else { continue }
            results[place].estimate = Estimate(estimate.value, interval: interval)
        }
        return results
    }

    private static func result<M: Metric>(
        of type: M.Type,
        _ rows: JudgedRows,
        _ setting: MetricSetting
    ) -> MetricResult {
        let metric = M(setting)
        return MetricResult(
            name: M.name,
            title: metric?.title ?? M.name,
            higherIsBetter: M.higherIsBetter,
            isShare: M.isShare,
            reportsInterval: M.reportsInterval,
            estimate: metric?.estimate(of: rows)
        )
    }

    private static func figure<M: Metric>(
        of type: M.Type,
        _ result: MetricResult,
        _ rows: JudgedRows,
        _ setting: MetricSetting
    ) -> Bootstrap.Figure? {
        guard let metric = M(setting), let value = result.estimate?.value else { return nil }
        return Bootstrap.Figure(
            value: value,
            steps: metric.steps(perResampleOf: rows),
            resampled: metric.resampled(from: rows)
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
    /// Whether people read it as a percentage.
    public let isShare: Bool
    /// Whether machine-readable output has the interval's ends beside the figure.
    let reportsInterval: Bool
    /// The figure; nil when the metric does not apply to the labels.
    public internal(set) var estimate: Estimate?
}
