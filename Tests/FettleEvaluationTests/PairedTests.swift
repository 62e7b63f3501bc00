import Foundation
import Testing

@testable import FettleEvaluation

/// Holm's correction, the paired bootstrap and the power of McNemar's test beside statsmodels and SciPy.
struct PairedTests {
    /// What `Reference/make_comparison.py` writes.
    private struct Reference: Decodable {
        struct Holm: Decodable {
            var p: [Double]
            var corrected: [Double]
        }

        struct Bootstrap: Decodable {
            var first: Int
            var second: Int
            var rows: Int
            var seed: UInt64
            var low: Double
            var high: Double
            var scipyLow: Double
            var scipyHigh: Double
        }

        struct Power: Decodable {
            var rows: Int
            var discordance: Double
            var comparisons: Int
            var smallest: Double
            var toShowTwoPoints: Double
            var exactPower: Double?
        }

        var holm: [Holm]
        var bootstrap: [Bootstrap]
        var power: [Power]

        static func read() throws -> Reference {
            let file = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Reference/comparison.json")
            return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
        }
    }

    @Test func correctedValuesEqualThoseOfStatsmodels() throws {
        for item in try Reference.read().holm {
            let found = holmCorrected(item.p)
            #expect(zip(found, item.corrected).allSatisfy { isClose($0, $1) }, "\(item.p)")
        }
        #expect(holmCorrected([]) == [])
    }

    @Test func intervalIsThatOfTheSameDrawsAndNearSciPys() throws {
        for item in try Reference.read().bootstrap {
            let test = McNemar(onlyFirstRight: item.first, onlySecondRight: item.second)
            let found = try #require(PairedBootstrap(test, rows: item.rows, seed: item.seed))
            #expect(isClose(found.interval.lowerBound, item.low))
            #expect(isClose(found.interval.upperBound, item.high))
            // Two rows of the dataset, which is what another draw moves an end by.
            let far = 2 / Double(item.rows)
            #expect((found.interval.lowerBound - item.scipyLow).magnitude <= far)
            #expect((found.interval.upperBound - item.scipyHigh).magnitude <= far)
        }
    }

    @Test func noRowsHaveNoInterval() {
        let test = McNemar(onlyFirstRight: 0, onlySecondRight: 0)
        #expect(PairedBootstrap(test, rows: 0) == nil)
    }

    @Test func smallestDifferenceAndRowsNeededEqualTheFormulaInSciPy() throws {
        for item in try Reference.read().power {
            let power = PairedPower(comparisons: item.comparisons)
            let smallest = power.smallestDifference(
                rows: item.rows,
                discordance: item.discordance
            )
            #expect(isClose(smallest, item.smallest))
            let rows = power.rows(toShow: 0.02, discordance: item.discordance)
            #expect((rows / item.toShowTwoPoints - 1).magnitude < 1e-9)
            // The exact test is a little less powerful than the formula's.
            if let exact = item.exactPower { #expect((0.74...0.81).contains(exact), "\(exact)") }
        }
    }

    @Test func tooFewRowsShowNothingAndNoDifferenceIsNeverShown() {
        #expect(PairedPower().smallestDifference(rows: 1, discordance: 0.5) == nil)
        #expect(PairedPower().rows(toShow: 0, discordance: 0.1) == .infinity)
    }

    @Test func pointsOfTheNormalDistribution() {
        #expect(isClose(normalPoint(upperTail: 0.025), 1.959963984540054))
        #expect(isClose(normalPoint(upperTail: 0.2), 0.8416212335729143))
    }

    @Test func majorityGivesTheCommonestCompletion() throws {
        let scores = try Scores(
            labels: [" 1", " 2"],
            truth: [" 2", " 1", " 3", " 3", " 2"],
            logprobs: [Double](repeating: -0.7, count: 10)
        )
        let baseline = ComparedModel.majority(of: scores)
        #expect(baseline.name == "majority")
        // ' 2' and ' 3' are equally common.
        #expect(baseline.correct == [true, false, false, false, true])
    }

    @Test func severalComparisonsShareTheLevel() throws {
        func model(_ name: String, right: Int) -> ComparedModel {
            ComparedModel(
                name: name,
                correct: (0..<100).map { $0 < right },
                trainingExamples: nil,
                seconds: nil
            )
        }
        let models = [model("a", right: 60), model("b", right: 67), model("c", right: 66)]
        let comparison = try Comparison(dataset: "d", models: models)
        // The two p-values are 2/128 and 2/64.
        #expect(zip(comparison.pairs, [0.015625, 0.03125]).allSatisfy { isClose($0.test.p, $1) })
        #expect(comparison.pairs.allSatisfy { isClose($0.correctedP, 0.03125) })
        #expect(
            comparison.pairs.map(\.verdict) == [
                "60.0 % → 67.0 % exact (+7.0 points): better, p = 0.031 after Holm's correction for "
                    + "2 comparisons, exact McNemar on 100 rows",
                "60.0 % → 66.0 % exact (+6.0 points): better, p = 0.031 after Holm's correction for "
                    + "2 comparisons, exact McNemar on 100 rows",
            ]
        )
    }
}
