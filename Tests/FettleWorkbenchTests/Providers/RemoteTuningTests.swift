import FettleCore
import FettleProviders
import Testing

@testable import FettleWorkbench

/// What a server's figures become.
struct RemoteTuningTests {
    /// The third step, where the server tells these epochs and this batch for 10 examples.
    private static func row(epochs: Int, batch: Int?) throws -> TrainingMetrics {
        let told = Array("step,train_loss\n3,1.5\n".utf8)
        let metrics = try #require(RemoteMetrics.rows(ofResultFile: told).first)
        return try #require(
            RemoteTuning.row(metrics, epochs: epochs, batch: batch, of: 10)
        )
    }

    @Test(arguments: [
        (3, 4, 9, 10), (1, nil, 3, 10), (-5, 0, 10, 3),
        (.max, .max, 1_000_000_000_000_000, 3), (.max, 1, 1_000_000_000_000_000, 3),
        (1, .max, 3, 10),
    ])
    func stepsAndExamplesFollowFromAnyEpochsAndBatch(
        _ epochs: Int,
        _ batch: Int?,
        _ steps: Int,
        _ examples: Int
    ) throws {
        let row = try Self.row(epochs: epochs, batch: batch)
        #expect(row.step == 3)
        #expect(row.totalSteps == steps)
        #expect(row.elapsedExamples == examples)
        #expect(row.trainingLoss == 1.5)
    }
}
