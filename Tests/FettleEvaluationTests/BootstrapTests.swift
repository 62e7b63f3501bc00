import FettleCore
import Foundation
import Testing

@testable import FettleEvaluation

struct BootstrapTests {
    /// Rows of three labels that are right about two times in three.
    private func scores(_ rows: Int) throws -> Scores {
        var generator = SeededGenerator(seed: 3)
        let labels = ["1", "2", "3"]
        var truth: [String] = []
        var logprobs: [Double] = []
        for _ in 0..<rows {
            let right = generator.below(3)
            truth.append(labels[right])
            var weights = (0..<3).map { _ in generator.unit() + 0.01 }
            weights[right] += 0.5
            let sum = weights.reduce(0, +)
            logprobs += weights.map { log($0 / sum) }
        }
        return try Scores(labels: labels, truth: truth, logprobs: logprobs)
    }

    private func report(_ scores: Scores, _ bootstrap: Bootstrap?) throws -> EvaluationReport {
        var options = EvaluationReport.Options()
        options.metrics = Metrics.all
        options.bootstrap = bootstrap
        return try EvaluationReport(
            model: "m",
            dataset: "d",
            scores: scores,
            seconds: 0,
            options: options
        )
    }

    @Test func percentilesLieBetweenValuesAsNumPysDo() {
        #expect((percentile([1, 2, 3, 4, 10], 0.025) - 1.1).magnitude < 1e-12)
        #expect((percentile([1, 2, 3, 4, 10], 0.975) - 9.4).magnitude < 1e-12)
        #expect(percentile([7], 0.975) == 7)
        #expect(percentile([1, 2, 3], 0.5) == 2)
    }

    @Test func resampleHasAsManyRowsAsThereAre() throws {
        let rows = JudgedRows(try scores(50))
        var resample = Resample(rows)
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<5 {
            resample.draw(from: rows, &generator)
            #expect(resample.rows.count == 50)
            #expect(resample.times.reduce(0, +) == 50)
            #expect(resample.counts.rows == 50)
            let pairs = resample.rows.map { row in
                let example = rows.examples[Int(row)]
                return LabelPair(truth: example.truth, prediction: example.prediction)
            }
            let counts = LabelCounts(pairs, classes: 3)
            #expect(resample.counts.truths == counts.truths)
            #expect(resample.counts.predictions == counts.predictions)
            #expect(resample.counts.hits == counts.hits)
        }
    }

    @Test func everyMetricHasAnIntervalThatHoldsIt() throws {
        let scores = try scores(200)
        let report = try report(scores, Bootstrap(resamples: 200))
        for metric in report.metrics {
            guard let estimate = metric.estimate else { continue }
            let interval = try #require(estimate.interval, "\(metric.name)")
            #expect(interval.contains(estimate.value), "\(metric.name)")
            #expect(interval.upperBound > interval.lowerBound, "\(metric.name)")
        }
        #expect(report.metrics.filter { $0.estimate == nil }.map(\.name) == absent)
        #expect(try self.report(scores, nil)["macro_f1"]?.interval == nil)
    }

    /// Three labels are not more than three, and F with β = 1 is F1.
    private let absent = ["top_k", "macro_f_beta", "weighted_f_beta"]

    @Test func intervalOfAMeanIsThatOfTheNormalDistribution() throws {
        let scores = try scores(1000)
        let loss = try #require(report(scores, Bootstrap())["log_loss"])
        let values = (0..<scores.rows).map { -scores.example($0).truthLogprob }
        let mean = values.reduce(0, +) / 1000
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1000
        let half = 1.96 * (variance / 1000).squareRoot()
        let interval = try #require(loss.interval)
        #expect((loss.value - mean).magnitude < 1e-12)
        #expect((interval.lowerBound - (mean - half)).magnitude < half / 6)
        #expect((interval.upperBound - (mean + half)).magnitude < half / 6)
    }

    @Test func theSameSeedGivesTheSameIntervals() throws {
        let scores = try scores(60)
        let first = try report(scores, Bootstrap(resamples: 200, seed: 4))
        let second = try report(scores, Bootstrap(resamples: 200, seed: 4))
        let other = try report(scores, Bootstrap(resamples: 200, seed: 5))
        #expect(first.metrics == second.metrics)
        #expect(first["log_loss"]?.interval != other["log_loss"]?.interval)
    }

    @Test func onlyTheMetricsItIsForGetIntervals() throws {
        let bootstrap = Bootstrap(resamples: 200, metrics: ["matthews"])
        let report = try report(try scores(60), bootstrap)
        let found = report.metrics.filter { $0.estimate?.interval != nil }.map(\.name)
        #expect(
            found == [
                "accuracy", "good_or_bad", "within_one", "micro_precision", "micro_recall",
                "micro_f_beta", "weighted_recall", "matthews",
            ]
        )
    }

    @Test func aFigureThatIsSeldomDefinedHasNone() throws {
        let rows = JudgedRows(try scores(20))
        var number = 0
        let figures = [
            Bootstrap.Figure(value: 1, steps: 1) { _ in nil },
            Bootstrap.Figure(value: 1, steps: 1) { _ in
                number += 1
                return number % 3 == 0 ? nil : Double(number)
            },
            // Too long: 200 resamples would be more than the steps there may be.
            Bootstrap.Figure(value: 1, steps: 1 << 40) { _ in 1 },
        ]
        let found = Bootstrap(resamples: 300).intervals(of: figures, rows)
        #expect(found[0] == nil)
        #expect(found[1]?.lowerBound == 1)
        #expect(found[2] == nil)
    }
}
