import FettleCore
import Foundation
import Testing

@testable import FettleEngine

/// A run that is stopped and resumed ends as one that never stopped.
struct NgramResumeTests {
    private static let training = reviews(60, seed: 21)
    private static let validation = reviews(9, seed: 22)

    /// A run's settings and inputs.
    struct Setup: CustomTestStringConvertible {
        var epochs = 2
        var batchSize: Int?
        var shuffle = ShuffleMode.epoch
        var validates = true
        var continues = false
        var threads = 1
        var classWeights: ClassWeights?

        var testDescription: String {
            "\(epochs) epochs, batches of \(batchSize ?? 1), shuffle \(shuffle), "
                + "validation \(validates), base \(continues), \(threads) threads"
                + (classWeights.map { ", weights \($0.text)" } ?? "")
        }

        static let all = [
            Setup(), Setup(epochs: 3, batchSize: 7, threads: 2),
            Setup(epochs: 1, batchSize: 60, shuffle: .none),
            Setup(shuffle: .once, validates: false, continues: true),
            Setup(batchSize: 64, validates: false, threads: 2),
            Setup(epochs: 3, batchSize: 4, shuffle: .none, continues: true, threads: 2),
            Setup(epochs: 1, shuffle: .once, continues: true),
            Setup(batchSize: 4, threads: 2, classWeights: .balanced),
            Setup(continues: true, classWeights: .given([.init(label: "2", weight: 3.5)])),
        ]

        func run(
            checkpoints: NgramCheckpointing? = nil,
            resuming checkpoint: NgramCheckpoint? = nil,
            onMetrics: (TrainingMetrics) throws -> Void = { _ in }
        ) throws -> NgramModel {
            let base = continues ? try trained(on: reviews(25, seed: 23)) : nil
            return try NgramTrainer(
                Hyperparameters(
                    epochs: epochs,
                    batchSize: batchSize,
                    shuffle: shuffle,
                    seed: 3,
                    classWeights: classWeights
                ),
                threads: threads
            ).train(
                NgramResumeTests.training,
                validation: validates ? NgramResumeTests.validation : [],
                from: base,
                checkpoints: checkpoints,
                resuming: checkpoint,
                onMetrics: onMetrics
            ).model
        }
    }

    private struct Stop: Error {}

    private func file(_ model: NgramModel, _ folder: String) throws -> Data {
        try model.write(to: "\(folder)/model")
        return try Data(contentsOf: URL(filePath: "\(folder)/model"))
    }

    @Test(arguments: Setup.all)
    func killedRunResumesToTheSameFileAndMetrics(_ setup: Setup) throws {
        try withFolder { folder in
            var whole: [TrainingMetrics] = []
            let expected = try file(setup.run { whole.append($0) }, folder)
            let total = try #require(whole.last).step
            let path = "\(folder)/run.checkpoint"
            let stops = Set([1, 2, total / 3, total / 2, total - 1, total])
                .filter { (1...total).contains($0) }
            // A process that is killed leaves the file as it is at that moment.
            func copyIfKilled(at step: Int) throws {
                guard stops.contains(step) else { return }
                try FileManager.default.copyItem(atPath: path, toPath: "\(folder)/\(step)")
            }
            var written = 0
            let keeping = NgramCheckpointing(path: path, interval: .zero) {
                try copyIfKilled(at: written)
                written += 1
            }
            #expect(try file(setup.run(checkpoints: keeping), folder) == expected)
            try copyIfKilled(at: written)
            for stop in stops {
                let checkpoint = try NgramCheckpoint(contentsOf: "\(folder)/\(stop)")
                #expect(checkpoint.step == stop)
                #expect(checkpoint.totalSteps == total)
                var rest: [TrainingMetrics] = []
                let resumed = try setup.run(resuming: checkpoint) { rest.append($0) }
                #expect(try file(resumed, folder) == expected, "stopped at \(stop)")
                #expect(rest == whole.filter { $0.step > stop })
            }
        }
    }

    @Test(arguments: Setup.all)
    func errorFromTheMetricsLeavesACheckpointThatRepeatsTheirRow(_ setup: Setup) throws {
        try withFolder { folder in
            var whole: [TrainingMetrics] = []
            let expected = try file(setup.run { whole.append($0) }, folder)
            let path = "\(folder)/run.checkpoint"
            for stop in Set([0, whole.count / 2, whole.count - 1]) {
                var rows: [TrainingMetrics] = []
                let keeping = NgramCheckpointing(path: path)
                #expect(throws: Stop.self) {
                    _ = try setup.run(checkpoints: keeping) { row in
                        if rows.count == stop { throw Stop() }
                        rows.append(row)
                    }
                }
                let checkpoint = try NgramCheckpoint(contentsOf: path)
                #expect(checkpoint.elapsedExamples == whole[stop].elapsedExamples)
                #expect(checkpoint.elapsedTokens == whole[stop].elapsedTokens)
                let resumed = try setup.run(resuming: checkpoint) { rows.append($0) }
                #expect(rows == whole)
                #expect(try file(resumed, folder) == expected)
            }
        }
    }

    @Test(arguments: [nil, 100, 37])
    func cancelledRunResumesFromWithinItsBatch(_ batchSize: Int?) async throws {
        // Long prompts, so that looks at whether to stop fall within a batch.
        let examples = reviews(100, seed: 24).enumerated().map { number, example in
            let words = (0..<1_000).map { "w\((number * 97 + $0) % 5_000)" }
            return Example(
                prompt: example.prompt + words.joined(separator: " "),
                completion: example.completion
            )
        }
        let trainer = NgramTrainer(
            Hyperparameters(epochs: 2, batchSize: batchSize, seed: 5),
            threads: 2
        )
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("fettle-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/run.checkpoint"
        let whole = try trainer.train(examples, validation: [], from: nil) { _ in }
        let task = Task {
            _ = try trainer.train(
                examples,
                validation: [],
                from: nil,
                checkpoints: NgramCheckpointing(path: path)
            ) { row in
                if row.elapsedExamples >= 90 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        let checkpoint = try NgramCheckpoint(contentsOf: path)
        #expect((90..<200).contains(checkpoint.elapsedExamples))
        let resumed = try trainer.train(
            examples,
            validation: [],
            from: nil,
            resuming: checkpoint
        ) { _ in }
        #expect(try file(resumed.model, folder) == file(whole.model, folder))
        #expect(resumed.elapsedTokens == whole.elapsedTokens)
    }

    @Test func resumedRunCanBeStoppedAndResumedAgain() throws {
        try withFolder { folder in
            let setup = Setup(epochs: 3, batchSize: 7, continues: true)
            let expected = try file(setup.run(), folder)
            let path = "\(folder)/run.checkpoint"
            var checkpoint: NgramCheckpoint?
            var stops = 0
            while stops < 6 {
                var left = 4
                do {
                    let model = try setup.run(
                        checkpoints: NgramCheckpointing(path: path),
                        resuming: checkpoint
                    ) { _ in
                        left -= 1
                        if left == 0 { throw Stop() }
                    }
                    #expect(try file(model, folder) == expected)
                    break
                } catch is Stop {
                    stops += 1
                    checkpoint = try NgramCheckpoint(contentsOf: path)
                }
            }
            #expect(stops > 3)
        }
    }

    @Test func oneCheckpointServesTwice() throws {
        try withFolder { folder in
            let path = "\(folder)/run.checkpoint"
            #expect(throws: Stop.self) {
                _ = try Setup().run(checkpoints: NgramCheckpointing(path: path)) { row in
                    if row.step > 50 { throw Stop() }
                }
            }
            let checkpoint = try NgramCheckpoint(contentsOf: path)
            let first = try Setup().run(resuming: checkpoint)
            #expect(bits(try Setup().run(resuming: checkpoint)) == bits(first))
        }
    }

    @Test func checkpointsChangeNoWeight() throws {
        try withFolder { folder in
            let path = "\(folder)/run.checkpoint"
            let model = try Setup().run(
                checkpoints: NgramCheckpointing(path: path, interval: .zero)
            )
            #expect(bits(model) == bits(try Setup().run()))
            // The last one is of the finished run, and ends at once.
            let last = try NgramCheckpoint(contentsOf: path)
            #expect(last.step == last.totalSteps)
            #expect(bits(try Setup().run(resuming: last)) == bits(model))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
        }
    }

    @Test func scheduleWaitsForItsIntervalAndItsCost() {
        #expect(CheckpointSchedule(.zero).isDue(epochEnds: false))
        #expect(!CheckpointSchedule(.seconds(60)).isDue(epochEnds: false))
        #expect(!CheckpointSchedule(.seconds(60)).isDue(epochEnds: true))
        var costly = CheckpointSchedule(.nanoseconds(1))
        #expect(costly.isDue(epochEnds: false))
        costly.tried(since: .now - .seconds(100))
        #expect(!costly.isDue(epochEnds: true))
    }
}
