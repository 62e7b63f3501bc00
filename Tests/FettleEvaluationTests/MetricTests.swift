import FettleCore
import Foundation
import Testing

@testable import FettleEvaluation

struct MetricTests {
    @Test func everyMetricFileIsInTheCatalogue() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/FettleEvaluation/Metrics").standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0 != "Metric.swift" && $0 != "Metrics.swift" }
        #expect(Set(files) == Set((Metrics.all + Metrics.ofClassifiers).map { "\($0).swift" }))
    }

    @Test func namesAreDifferentAndInSnakeCase() {
        for types in [Metrics.all, Metrics.ofClassifiers] {
            let names = types.map { $0.name }
            #expect(Set(names).count == names.count)
            for name in names {
                #expect(name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" })
            }
        }
    }

    @Test func everyMetricStaysInItsRangeAndIgnoresTheOrderOfRows() throws {
        var generator = SeededGenerator(seed: 5)
        for type in Metrics.all + Metrics.ofClassifiers {
            for _ in 0..<20 { try checkContract(of: type, &generator) }
        }
    }

    /// Scores of 30 rows and four labels, some of them as likely as others.
    private func randomScores(_ generator: inout SeededGenerator) throws -> Scores {
        let labels = ["1", "2", "3", "4"]
        var truth: [String] = []
        var logprobs: [Double] = []
        for _ in 0..<30 {
            truth.append(labels[generator.below(4)])
            let weights = (0..<4).map { _ in Double(1 + generator.below(9)) }
            let sum = weights.reduce(0, +)
            logprobs += weights.map { log($0 / sum) }
        }
        return try Scores(labels: labels, truth: truth, logprobs: logprobs)
    }

    private func checkContract<M: Metric>(
        of type: M.Type,
        _ generator: inout SeededGenerator
    ) throws {
        let setting = MetricSetting(classes: ["1", "2", "3", "4"], positive: "3", beta: 0.5)
        let metric = try #require(M(setting))
        #expect(metric.aggregate([])?.value == nil)
        let rows = JudgedRows(try randomScores(&generator), positive: "3")
        let scores = rows.examples.map(metric.score)
        let estimate = try #require(metric.estimate(of: rows))
        #expect(M.range.contains(estimate.value), "\(type)")
        if let interval = estimate.interval { #expect(interval.contains(estimate.value)) }
        var shuffled = scores
        generator.shuffle(&shuffled)
        let again = try #require(metric.aggregate(shuffled))
        #expect((again.value - estimate.value).magnitude < 1e-12, "\(type)")

        var resample = Resample(rows)
        resample.draw(from: rows, &generator)
        let resampled = metric.resampled(from: rows)
        let wanted = metric.aggregate(resample.rows.map { scores[Int($0)] })?.value
        #expect(isClose(resampled(resample), wanted), "\(type)")
    }

    @Test func wilsonIntervalsEqualTheFormula() throws {
        for item in try ReferenceFile.read().wilson {
            let found = wilsonInterval(successes: item.successes, trials: item.trials)
            #expect(isClose(found.lowerBound, item.low))
            #expect(isClose(found.upperBound, item.high))
        }
    }

    @Test func figuresOfClassifiersEqualScikitLearnsOnEveryCase() throws {
        let file = try ReferenceFile.read()
        #expect(file.classifiers.count == 208)
        for (item, expected) in zip(file.scores, file.classifiers) {
            #expect(item.name == expected.name)
            let scores = try Scores(
                labels: item.labels,
                truth: item.truth,
                logprobs: item.logprobs
            )
            let setting = MetricSetting(
                classes: scores.classes,
                positive: expected.positive,
                beta: expected.beta
            )
            let wanted: [Double?] = [
                expected.weighted_f1_score, expected.precision, expected.recall, expected.auroc,
                expected.auprc, expected.f_beta,
            ]
            for (type, value) in zip(Metrics.ofClassifiers, wanted) {
                let found = Metrics.value(of: type, scores, setting)
                #expect(isClose(found, value), "\(type) of \(item.name)")
            }
        }
    }

    @Test func figuresOfAPositiveClassNeedOne() throws {
        let scores = try Scores(labels: ["a", "b"], truth: ["a"], logprobs: [-0.1, -2.4])
        for type in Metrics.ofClassifiers.dropFirst() {
            #expect(Metrics.value(of: type, scores, MetricSetting(classes: ["a", "b"])) == nil)
            let setting = MetricSetting(classes: ["a", "b"], positive: "c")
            #expect(Metrics.value(of: type, scores, setting) == nil)
        }
    }

    @Test func theMiddleOfTheLabelsDividesGoodFromBad() throws {
        let metric = try #require(GoodOrBad(MetricSetting(classes: [" 1", " 5", " 3"])))
        #expect(metric.title == "good or bad (<= 3)")
    }
}
