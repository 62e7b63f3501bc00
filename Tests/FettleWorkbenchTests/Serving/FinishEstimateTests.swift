import FettleCore
import Testing

@testable import FettleStore
@testable import FettleWorkbench

struct FinishEstimateTests {
    private static func row(_ step: Int, at: Int64?) -> StoredMetrics {
        StoredMetrics(
            metrics: TrainingMetrics(
                step: step,
                totalSteps: 100,
                elapsedExamples: step,
                elapsedTokens: step,
                trainingLoss: 1,
                trainingAccuracy: 0.5
            ),
            at: at,
            afterEvent: 0
        )
    }

    @Test func jobGoesOnAsFastAsInItsLastRows() {
        // Ten milliseconds a step at first, and a hundred in the last twenty rows.
        let slow = (1...30).map { Self.row($0, at: Int64($0 * 10)) }
        let fast = (31...50).map { Self.row($0, at: Int64(300 + ($0 - 30) * 100)) }
        #expect(ServedJobs.estimatedFinish(slow + fast) == 7300)
        #expect(ServedJobs.estimatedFinish(slow) == 1000)
    }

    @Test func tooFewRowsTellNothing() {
        #expect(ServedJobs.estimatedFinish([]) == nil)
        #expect(ServedJobs.estimatedFinish([Self.row(1, at: 5)]) == nil)
        #expect(ServedJobs.estimatedFinish([Self.row(1, at: nil), Self.row(2, at: 9)]) == nil)
    }
}
