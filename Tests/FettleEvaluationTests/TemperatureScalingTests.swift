import FettleCore
import Foundation
import Testing

@testable import FettleEvaluation

struct TemperatureScalingTests {
    /// Ten rows at 0.9 of which six are right: as sure as it is right at 0.6.
    private func tooSure() throws -> Scores {
        let truth = (0..<10).map { $0 < 6 ? "a" : "b" }
        let row = [log(0.9), log(0.1)]
        return try Scores(
            labels: ["a", "b"],
            truth: truth,
            logprobs: Array(repeating: row, count: 10).flatMap(\.self)
        )
    }

    @Test func temperatureBringsProbabilitiesToTheShareThatIsRight() throws {
        let scores = try tooSure()
        let scaling = try TemperatureScaling(fitting: scores)
        // 9^(1/T) = 0.6 / 0.4.
        #expect((scaling.temperature - log(9) / log(1.5)).magnitude < 1e-9)
        #expect(scaling.rows == 10)
        #expect(!scaling.isAtLimit)
        let scaled = scores.atTemperature(scaling.temperature)
        #expect((exp(scaled.logprobs[0]) - 0.6).magnitude < 1e-12)
        #expect((exp(scaled.logprobs[1]) - 0.4).magnitude < 1e-12)
        let error = Metrics.value(
            of: CalibrationError.self,
            scaled,
            MetricSetting(classes: scaled.classes)
        )
        #expect(try #require(error) < 1e-12)
    }

    @Test func temperatureOfOneChangesNothingButTheSum() {
        let scaled = TemperatureScaling.scaled([log(0.2), log(0.2), 0, -.infinity], 2, by: 1)
        #expect(scaled.map { exp($0) } == [0.5, 0.5, 1, 0])
        #expect(TemperatureScaling.scaled([], 3, by: 2) == [])
    }

    @Test func aModelThatIsAlwaysRightEndsAtTheLimit() throws {
        let scores = try Scores(
            labels: ["a", "b"],
            truth: ["a", "b"],
            logprobs: [-0.1, -2.4, -2.4, -0.1]
        )
        let scaling = try TemperatureScaling(fitting: scores)
        #expect(scaling.temperature == 0.05)
        #expect(scaling.isAtLimit)
    }

    @Test func rowsOfUnknownCompletionsAreLeftOut() throws {
        let known = try tooSure()
        let scores = try Scores(
            labels: ["a", "b"],
            truth: known.truth.map { known.classes[Int($0)] } + ["c"],
            logprobs: known.logprobs + [0, -5]
        )
        let scaling = try TemperatureScaling(fitting: scores)
        #expect(scaling.rows == 10)
        #expect(scaling.temperature == (try TemperatureScaling(fitting: known)).temperature)
    }

    @Test func anImpossibleTruthDoesNotSpoilTheFit() throws {
        let known = try tooSure()
        let scores = try Scores(
            labels: ["a", "b"],
            truth: known.truth.map { known.classes[Int($0)] } + ["b", "a"],
            logprobs: known.logprobs + [0, -.infinity, 0, -.infinity]
        )
        let scaling = try TemperatureScaling(fitting: scores)
        #expect(scaling.temperature.isFinite && scaling.temperature > 1)
    }

    @Test func oneClassIsRefused() throws {
        let scores = try Scores(
            labels: [" a", " b"],
            truth: [" a", " a", "c"],
            logprobs: [0, -9, 0, -9, 0, -9]
        )
        let error = #expect(throws: Diagnostic.self) { try TemperatureScaling(fitting: scores) }
        #expect(error?.code == "one-class")
        #expect(
            error?.message
                == "2 rows with a completion that the model knows, all ' a', expected at least two "
                + "different ones"
        )
        #expect(error?.hints == ["choose rows of more classes, such as a whole validation part"])
    }

    @Test func completionsThatTheModelDoesNotKnowAreRefused() throws {
        let scores = try Scores(labels: ["a"], truth: ["b", "c"], logprobs: [0, 0])
        let error = #expect(throws: Diagnostic.self) { try TemperatureScaling(fitting: scores) }
        #expect(error?.code == "no-rows")
        #expect(error?.message == "the model knows the completion of none of the 2 rows")
        #expect(
            error?.hints == ["choose a dataset whose completions are those that it was tuned on"]
        )
    }
}
