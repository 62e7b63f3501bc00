import FettleCore
import FettleEvaluation
import Testing

struct ScoresTests {
    private func error(
        labels: [String],
        truth: [String],
        logprobs: [Double]
    ) -> Diagnostic? {
        #expect(throws: Diagnostic.self) {
            try Scores(labels: labels, truth: truth, logprobs: logprobs)
        }
    }

    @Test func noRowsAreRefused() {
        let found = error(labels: ["a"], truth: [], logprobs: [])
        #expect(found?.code == "no-rows")
        #expect(found?.message == "there are no rows to judge")
        #expect(found?.hints == ["choose a dataset with at least one row"])
    }

    @Test func aModelWithoutLabelsIsRefused() {
        let found = error(labels: [], truth: ["a"], logprobs: [])
        #expect(found?.message == "the model has no labels, expected at least one")
    }

    @Test func aLabelTwiceIsRefused() {
        let found = error(labels: ["a", "b", "a"], truth: ["a"], logprobs: [0, 0, 0])
        #expect(found?.message == "the model has 3 labels but only 2 different, expected each once")
    }

    @Test func aWrongCountIsRefused() {
        let found = error(labels: ["a", "b"], truth: ["a", "a"], logprobs: [0, 0, 0])
        #expect(
            found?.message
                == "the model gave 3 log-probabilities for 2 rows and 2 labels, expected 4"
        )
    }

    @Test func notANumberIsRefusedWithItsRow() {
        let found = error(labels: ["a", "b"], truth: ["a", "a"], logprobs: [0, -1, .nan, 0])
        #expect(found?.message == "row 2 has a log-probability that is not a number")
        #expect(
            error(labels: ["a", "b"], truth: ["a"], logprobs: [-1, .nan])?.code
                == "unusable-scores"
        )
    }

    @Test func unknownTruthsBecomeClassesAfterTheLabels() throws {
        let scores = try Scores(
            labels: ["b", "a"],
            truth: ["z", "a", "c"],
            logprobs: [-1, -2, -2, -1, -1, -1]
        )
        #expect(scores.classes == ["b", "a", "c", "z"])
        #expect(scores.truth == [3, 1, 2])
        #expect(scores.prediction == [0, 1, 0])
        #expect(scores.correct == [false, true, false])
    }
}
