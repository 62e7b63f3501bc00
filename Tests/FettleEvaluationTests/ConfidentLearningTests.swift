import FettleCore
import FettleEvaluation
import Foundation
import Testing

/// Confident learning beside cleanlab, and scores of what to label next beside SciPy.
struct ConfidentLearningTests {
    /// What `Reference/make_noise.py` writes.
    private struct Reference: Decodable {
        struct Learning: Decodable {
            var classes: Int
            var labels: [Int]
            var logprobs: [Double]
            var thresholds: [Double]
            var joint: [[Int]]
            var estimated: Double
            var issues: [[Int]]
        }

        struct Score: Decodable {
            var models: [[Double]]
            var margin: Double
            var entropy: Double
            var disagreement: Double
        }

        var learning: [Learning]
        var scores: [Score]

        static func read() throws -> Reference {
            let file = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Reference/noise.json")
            return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
        }
    }

    private func learning(
        _ labels: [String],
        truth: [String],
        _ rows: [[Double]]
    ) throws -> ConfidentLearning {
        try ConfidentLearning(
            Scores(labels: labels, truth: truth, logprobs: rows.flatMap { $0.map { log($0) } })
        )
    }

    @Test func issuesAndJointAreCleanlabs() throws {
        for item in try Reference.read().learning {
            let labels = (0..<item.classes).map { "\($0)" }
            let found = try ConfidentLearning(
                Scores(
                    labels: labels,
                    truth: item.labels.map { labels[$0] },
                    logprobs: item.logprobs
                )
            )
            #expect(
                zip(found.thresholds, item.thresholds).allSatisfy { ($0 - $1).magnitude < 1e-9 }
            )
            #expect(found.joint == item.joint)
            #expect(found.issues.map { [$0.row, $0.suggested] } == item.issues)
            #expect((found.estimatedErrors - item.estimated).magnitude < Double(item.classes))
        }
    }

    @Test func rowsBelowTheThresholdsCountForNothing() throws {
        let found = try learning(
            ["a", "b"],
            truth: ["a", "a", "a", "b", "b"],
            [[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.4, 0.6]]
        )
        // a: (0.9 + 0.8 + 0.1) / 3 = 0.6; b: (0.8 + 0.6) / 2 = 0.7.
        #expect(found.thresholds.map { ($0 * 1000).rounded() } == [600, 700])
        #expect(found.joint == [[2, 1], [0, 1]])
        #expect(found.issues.map(\.row) == [2])
        #expect(found.issues.map(\.suggested) == [1])
        #expect(found.issues.allSatisfy { ($0.margin - 0.8).magnitude < 1e-12 })
        #expect((found.estimatedErrors - 1).magnitude < 1e-12)
    }

    @Test func labelThatTheModelDoesNotKnowIsAnIssueOfProbabilityZero() throws {
        let found = try learning(
            ["a", "b"],
            truth: ["a", "b", "c"],
            [[0.9, 0.1], [0.1, 0.9], [0.95, 0.05]]
        )
        #expect(found.issues.map(\.row) == [2])
        #expect(found.issues.map(\.labelProbability) == [0])
    }

    @Test func oneClassIsRefused() {
        let error = #expect(throws: Diagnostic.self) {
            try learning(["a"], truth: ["a", "a"], [[1], [1]])
        }
        #expect(error?.code == "one-class")
        #expect(
            error?.message
                == "all 2 rows have the same completion 'a', and none can be mistaken for another"
        )
    }

    @Test func noRowsAndNumbersThatAreNoneAreRefused() {
        let empty = #expect(throws: Diagnostic.self) {
            try learning(["a", "b"], truth: [], [])
        }
        #expect(empty?.code == "no-rows")
        let damaged = #expect(throws: Diagnostic.self) {
            try ConfidentLearning(
                Scores(labels: ["a", "b"], truth: ["a", "b"], logprobs: [-1, -1, .nan, -1])
            )
        }
        #expect(damaged?.code == "unusable-scores")
        #expect(damaged?.message == "row 2 has a log-probability that is not a number")
    }

    @Test func scoresOfRowsEqualSciPys() throws {
        for item in try Reference.read().scores {
            #expect(isClose(Acquisition.margin.score(item.models), item.margin))
            #expect(isClose(Acquisition.entropy.score(item.models), item.entropy))
            #expect(isClose(Acquisition.disagreement.score(item.models), item.disagreement))
        }
        #expect(Acquisition.margin.score([[1]]) == 0)
        #expect(Acquisition.disagreement.score([]) == 0)
    }
}
