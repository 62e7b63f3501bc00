import FettleCore
import FettleEvaluation
import Testing

/// The metrics that reports have on request, reliability and temperatures, against scikit-learn and SciPy.
struct MeasureReferenceTests {
    /// The cases with what is expected of them.
    private static func cases() throws -> [(ReferenceFile.MeasuresCase, Scores)] {
        let file = try ReferenceFile.read()
        return try zip(file.measures, file.scores).map { expected, item in
            #expect(expected.name == item.name)
            let scores = try Scores(
                labels: item.labels,
                truth: item.truth,
                logprobs: item.logprobs
            )
            return (expected, scores)
        }
    }

    @Test func everyFurtherFigureEqualsScikitLearns() throws {
        let cases = try Self.cases()
        #expect(cases.count == 208)
        for (expected, scores) in cases {
            #expect(Set(expected.values.keys) == Set(Metrics.further.map { $0.name }))
            let setting = MetricSetting(
                classes: scores.classes,
                beta: expected.beta,
                top: expected.top
            )
            for type in Metrics.further {
                let found = Metrics.value(of: type, scores, setting)
                let wanted = expected.values[type.name] ?? nil
                #expect(isNear(found, wanted), "\(type) of \(expected.name)")
            }
        }
    }

    /// Equal to 1e-9, of figures over 1 in proportion: a perplexity goes up to 4.5e15.
    private func isNear(_ found: Double?, _ wanted: Double?) -> Bool {
        guard let found, let wanted, wanted > 1 else { return isClose(found, wanted) }
        return (found / wanted - 1).magnitude <= 1e-9
    }

    @Test func binsEqualScikitLearnsCalibrationCurve() throws {
        for (expected, scores) in try Self.cases() {
            let name = Comment(rawValue: expected.name)
            let bins = Reliability(scores).bins
            #expect(bins.map(\.rows) == expected.bins.map(\.rows), name)
            for (found, wanted) in zip(bins, expected.bins) {
                #expect(isClose(found.confidence, wanted.confidence), name)
                #expect(isClose(found.accuracy, wanted.accuracy), name)
            }
        }
    }

    @Test func temperaturesEqualSciPysRootOfTheSlope() throws {
        var fitted = 0
        for (expected, scores) in try Self.cases() {
            let name = Comment(rawValue: expected.name)
            let scaling = try? TemperatureScaling(fitting: scores)
            #expect(isNear(scaling?.temperature, expected.temperature), name)
            guard let scaling, let loss = expected.log_loss_at_temperature else { continue }
            fitted += 1
            let scaled = scores.atTemperature(scaling.temperature)
            let setting = MetricSetting(classes: scores.classes)
            #expect(isClose(Metrics.value(of: LogLoss.self, scaled, setting), loss), name)
            #expect(scaled.prediction == scores.prediction, name)
        }
        #expect(fitted > 150)
    }

    @Test func areasOfClassesHaveTheMacroFiguresAsTheirMean() throws {
        for (expected, scores) in try Self.cases() {
            var options = EvaluationReport.Options()
            options.metrics = [MacroAreaUnderROC.self, MacroAreaUnderPrecisionRecall.self]
            let report = try EvaluationReport(
                model: "m",
                dataset: "d",
                scores: scores,
                seconds: 0,
                options: options
            )
            let areas = report.perClass.compactMap(\.areas)
            #expect(areas.count == report.perClass.count)
            let name = Comment(rawValue: expected.name)
            let means = [areas.compactMap(\.roc), areas.compactMap(\.precisionRecall)].map {
                Estimate(mean: $0)?.value
            }
            #expect(isClose(means[0], expected.values["macro_auroc"] ?? nil), name)
            #expect(isClose(means[1], expected.values["macro_auprc"] ?? nil), name)
            #expect(isClose(report["macro_auroc"]?.value, means[0]), name)
            #expect(isClose(report["macro_auprc"]?.value, means[1]), name)
        }
    }
}
