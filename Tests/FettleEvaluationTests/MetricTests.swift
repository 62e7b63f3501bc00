import FettleCore
import FettleEvaluation
import Foundation
import Testing

struct MetricTests {
    @Test func everyMetricFileIsInTheCatalogue() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/FettleEvaluation/Metrics").standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0 != "Metric.swift" && $0 != "Metrics.swift" }
        #expect(Set(files) == Set(Metrics.all.map { "\($0).swift" }))
    }

    @Test func namesAreDifferentAndInSnakeCase() {
        let names = Metrics.all.map { $0.name }
        #expect(Set(names).count == names.count)
        for name in names {
            #expect(name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" })
        }
    }

    @Test func everyMetricStaysInItsRangeAndIgnoresTheOrderOfRows() throws {
        var generator = SeededGenerator(seed: 5)
        for type in Metrics.all {
            for _ in 0..<20 { try checkContract(of: type, &generator) }
        }
    }

    private func checkContract<M: Metric>(
        of type: M.Type,
        _ generator: inout SeededGenerator
    ) throws {
        let setting = MetricSetting(classes: ["1", "2", "3", "4"])
        let metric = try #require(M(setting))
        #expect(metric.aggregate([])?.value == nil)
        var scores = (0..<30).map { _ in
            metric.score(
                ScoredExample(
                    truth: generator.below(4),
                    prediction: generator.below(4),
                    truthLogprob: -8 * generator.unit()
                )
            )
        }
        let estimate = try #require(metric.aggregate(scores))
        #expect(M.range.contains(estimate.value))
        if let interval = estimate.interval { #expect(interval.contains(estimate.value)) }
        generator.shuffle(&scores)
        let again = try #require(metric.aggregate(scores))
        #expect((again.value - estimate.value).magnitude < 1e-12)
    }

    @Test func wilsonIntervalsEqualTheFormula() throws {
        for item in try ReferenceFile.read().wilson {
            let found = wilsonInterval(successes: item.successes, trials: item.trials)
            #expect(isClose(found.lowerBound, item.low))
            #expect(isClose(found.upperBound, item.high))
        }
    }

    @Test func theMiddleOfTheLabelsDividesGoodFromBad() throws {
        let metric = try #require(GoodOrBad(MetricSetting(classes: [" 1", " 5", " 3"])))
        #expect(metric.title == "good or bad (<= 3)")
    }
}
