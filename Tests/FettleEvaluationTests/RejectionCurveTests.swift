import FettleCore
import FettleEvaluation
import Foundation
import Testing

struct RejectionCurveTests {
    private func scores() throws -> Scores {
        // Sure of 0.96 and right, of 0.96 and wrong, of 0.75 and right, of 0.55 and wrong.
        let sure = [0.96, 0.96, 0.75, 0.55]
        return try Scores(
            labels: ["a", "b"],
            truth: ["a", "b", "a", "b"],
            logprobs: sure.flatMap { [log($0), log(1 - $0)] }
        )
    }

    @Test func eachBoundHasWhatIsAnsweredAndRight() throws {
        let points = RejectionCurve(try scores()).points
        #expect(points.map(\.surerThan) == [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99])
        #expect(points.map(\.answered) == [4, 4, 3, 3, 2, 2, 2, 0])
        #expect(points[0].share.value == 1)
        #expect(points[5].share.value == 0.5)
        #expect(
            points.map { $0.accuracy?.value }
                == [0.5, 0.5, 2.0 / 3, 2.0 / 3, 0.5, 0.5, 0.5, nil]
        )
        #expect(points[5].accuracy?.interval == wilsonInterval(successes: 1, trials: 2))
    }

    @Test func jsonHasEveryPoint() throws {
        let text = RejectionCurve(try scores()).json.text()
        #expect(
            text.hasPrefix(
                """
                [{"surer_than": 0, "rows": 4, "answered": 1, "right": 0.5, \
                "right_low": 0.15003898915214947, "right_high": 0.8499610108478506}, 
                """
            )
        )
        #expect(
            text.hasSuffix(
                """
                {"surer_than": 0.99, "rows": 0, "answered": 0, "right": null, "right_low": null, \
                "right_high": null}]
                """
            )
        )
    }

    @Test func boundsOfBinsBelongToTheBinBelow() {
        let bins = Reliability(
            [0, 0.1, 0.1000001, 0.3, 0.30000000000000004, 0.9, 1].map {
                Confidence(probability: $0, isRight: true)
            }
        ).bins
        #expect(bins.map(\.low) == [0, 0.1, 0.2, 0.8, 0.9])
        #expect(bins.map(\.rows) == [2, 1, 2, 1, 1])
        #expect(Reliability([Confidence]()).error == nil)
    }
}
