import FettleCore
import FettleModelFiles
import Foundation
import Testing

@testable import FettleTransformer

struct TunerCheckpointTests {
    private struct Run {
        let adapter: LowRankAdapter
        let tuner: Tuner
    }

    private func run(
        threads: Int = 2,
        dropout: Float = 0.1,
        precision: Precision = .float32,
        seed: UInt64 = 3
    ) throws -> Run {
        let fixture = try Fixture("llama-tied")
        let network = try TransformerNetwork(
            configuration: fixture.configuration,
            weights: fixture.weights,
            precision: precision,
            purpose: .adapters
        )
        let shape = AdapterShape(rank: 4, dropout: dropout, projections: Set(network.projections))
        let adapter = try LowRankAdapter(shape, for: network, seed: 1)
        var options = TuningOptions()
        options.epochs = 2
        options.batchSize = 3
        options.learningRate = 1e-2
        options.warmupSteps = 2
        options.groupsByLength = true
        options.passTokens = 32
        options.threads = threads
        options.seed = seed
        let examples = (0..<14).map { number in
            let prompt = (0...number).map { Int32(3 + ($0 * 7 + number) % 90) }
            return TuningExample(prompt: prompt, completion: [Int32(5 + number % 3), 2])
        }
        let tuner = try Tuner(network, adapter: adapter, examples: examples, options: options)
        return Run(adapter: adapter, tuner: tuner)
    }

    private func path() -> String {
        FileManager.default.temporaryDirectory.appending(path: "fettle-\(UUID()).tuner").path
    }

    @Test(arguments: [1, 2])
    func stoppedRunEndsWithTheVeryNumbersOfAnUnstoppedOne(threads: Int) throws {
        let whole = try run(threads: threads)
        var losses: [Double] = []
        try whole.tuner.run { losses.append($0.loss) }
        #expect(losses.count == 10)

        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        struct Stop: Error {}
        let first = try run(threads: threads)
        #expect(throws: Stop.self) {
            try first.tuner.run { _ in
            } next: {
                try first.tuner.writeCheckpoint(to: path)
                if first.tuner.step == 7 { throw Stop() }
            }
        }
        let second = try run(threads: threads)
        try second.tuner.resume(from: path)
        var rest: [Double] = []
        try second.tuner.run { rest.append($0.loss) }
        #expect(rest == Array(losses[7...]))
        #expect(second.adapter.parameters.values.array == whole.adapter.parameters.values.array)
        #expect(second.tuner.secondMoments.array == whole.tuner.secondMoments.array)
    }

    @Test func cancelledRunKeepsItsLastWholeStep() async throws {
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let task = Task {
            let run = try run()
            var count = 0
            do {
                try run.tuner.run { _ in
                    count += 1
                    if count == 3 { withUnsafeCurrentTask { $0?.cancel() } }
                }
            } catch is CancellationError {
                try run.tuner.writeCheckpoint(to: path)
                return run.tuner.step
            }
            return -1
        }
        #expect(try await task.value == 3)
        let resumed = try run()
        try resumed.tuner.resume(from: path)
        try resumed.tuner.run { _ in }
        let whole = try run()
        try whole.tuner.run { _ in }
        #expect(resumed.adapter.parameters.values.array == whole.adapter.parameters.values.array)
    }

    @Test func checkpointOfAnotherRunIsRefused() throws {
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try run().tuner.writeCheckpoint(to: path)
        let other = try run(seed: 4)
        #expect {
            try other.tuner.resume(from: path)
        } throws: { error in
            (error as? Diagnostic)?.code == "checkpoint-differs"
        }
    }

    @Test func everyDamagedByteOfACheckpointIsFound() throws {
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let run = try run()
        try run.tuner.writeCheckpoint(to: path)
        let bytes = try Data(contentsOf: URL(filePath: path))
        for place in Array(0..<136) + [bytes.count / 2, bytes.count - 1] {
            var damaged = bytes
            damaged[place] ^= 0x40
            try damaged.write(to: URL(filePath: path))
            #expect(throws: Diagnostic.self, "byte \(place)") {
                try run.tuner.resume(from: path)
            }
        }
        for length in [0, 7, 8, 40, 127, 128, bytes.count - 1] {
            try bytes.prefix(length).write(to: URL(filePath: path))
            #expect(throws: Diagnostic.self, "\(length) bytes") {
                try run.tuner.resume(from: path)
            }
        }
        try (bytes + [0]).write(to: URL(filePath: path))
        #expect {
            try run.tuner.resume(from: path)
        } throws: { error in
            (error as? Diagnostic)?.message
                == "the checkpoint '\(path)' is damaged: it has \(bytes.count + 1) bytes, "
                + "\(bytes.count) were expected"
        }
        try bytes.write(to: URL(filePath: path))
        try run.tuner.resume(from: path)
    }
}
