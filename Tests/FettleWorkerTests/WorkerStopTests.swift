import FettleCore
import Foundation
import Testing

@testable import FettleWorker

/// A worker that is killed or stopped, and started again.
@Suite(.serialized) struct WorkerStopTests {
    private static let settings = Hyperparameters(epochs: 30, batchSize: 32, seed: 3)

    private static func order(
        _ program: WorkerProgram,
        _ training: [Example],
        _ validation: [Example]
    ) throws -> WorkOrder {
        WorkOrder(
            run: "job-1",
            kind: .tune,
            hyperparameters: settings,
            files: [
                .train: try program.write(lines: training, as: "train.jsonl"),
                .validation: try program.write(lines: validation, as: "validation.jsonl"),
            ],
            checkpoints: .init(folder: program.folder + "/kept", seconds: 0),
            scoresEpochs: true
        )
    }

    /// Stops a run in its middle by a signal, starts it again, and compares all that it gives.
    private static func stopAndGoOn(_ signal: Int32) async throws -> WorkerProgram.Result {
        let program = try WorkerProgram()
        let training = Samples.examples(1000)
        let validation = Samples.examples(100, seed: 2)
        let name = try program.write(try order(program, training, validation))
        let first = try await program.run(name, until: 90, signal: signal)
        #expect(program.has("kept/job-1.checkpoint"))
        var log = WorkLog(run: "job-1")
        _ = log.read(first.output)
        let known = try #require(log.metrics.last?.step)
        #expect(known >= 90 && known < 960)

        let second = try await program.run([name])
        #expect(second.status == 0)
        _ = log.read(second.output)
        let start = try #require(second.output.split(separator: "\n").first)
        let step = try #require(start.firstMatch(of: #/"step": (\d+)}$/#).flatMap { Int($0.1) })
        #expect(step >= known - 4 && step < 960)
        let expected = try Samples.train(training, validation: validation, settings)
        #expect(log.metrics == expected.metrics)
        guard case .succeeded(let files)? = log.end, let model = files.first else {
            throw Diagnostic("x", "it ended with \(String(describing: log.end))")
        }
        #expect(try log.content(of: model) == expected.model)
        let scores = try log.epochs.compactMap(\.scores).map {
            try ScoreFile(log.content(of: $0), name: $0.name).logprobs
        }
        #expect(scores == expected.epochScores)
        #expect(log.problems.count == 0)
        #expect(!program.has("kept/job-1.checkpoint"))
        return first
    }

    @Test func killedRunGoesOnToTheSameBytes() async throws {
        let first = try await Self.stopAndGoOn(SIGKILL)
        #expect(first.status == 128 + 9)
        #expect(!first.output.contains("stopped"))
    }

    @Test func terminatedRunSaysSoAndGoesOnToTheSameBytes() async throws {
        let first = try await Self.stopAndGoOn(SIGTERM)
        #expect(first.status == 128 + 15)
        #expect(first.output.hasSuffix(WorkEvent.stopped("signal 15").line(run: "job-1")))
        #expect(!first.output.contains("\"failed\""))
        #expect(first.errors == "")
    }

    @Test func terminatedRunEndsAtOnce() async throws {
        let program = try WorkerProgram()
        var order = WorkOrder(run: "job-1", kind: .tune)
        order.hyperparameters.epochs = 1_000_000
        order.files[.train] = try program.write(lines: Samples.examples(500), as: "train.jsonl")
        let running = try program.start([try program.write(order)])
        for _ in 0..<1000 where !(try program.output).contains("\"start\"") {
            try await Task.sleep(for: .milliseconds(10))
        }
        try await Task.sleep(for: .milliseconds(100))
        let begin = ContinuousClock.now
        kill(running.process.processIdentifier, SIGTERM)
        let result = try await program.finish(running)
        // 200 ms on a machine that does nothing else.
        #expect(ContinuousClock.now - begin < .seconds(2))
        #expect(result.status == 143)
        var log = WorkLog(run: "job-1")
        _ = log.read(result.output)
        #expect(log.end == .stopped("signal 15"))
    }

    @Test func checkpointThatIsOfNoUseIsToldAndTheRunBeginsAnew() async throws {
        for isDamaged in [true, false] {
            let program = try WorkerProgram()
            let training = Samples.examples(200)
            let order = try Self.order(program, training, [])
            try FileManager.default.createDirectory(
                atPath: program.folder + "/kept",
                withIntermediateDirectories: true
            )
            let path = "kept/job-1.checkpoint"
            if isDamaged {
                try program.write(Array("FETTLCKP, and no more".utf8), as: path)
            } else {
                let other = try Self.order(program, Samples.examples(1000, seed: 9), [])
                let name = try program.write(other)
                _ = try await program.run(name, until: 20, signal: SIGKILL)
                #expect(program.has(path))
                _ = try program.write(lines: training, as: "train.jsonl")
            }
            let result = try await program.run(order)
            var log = WorkLog(run: "job-1")
            _ = log.read(result.output)
            #expect(log.messages.count == 1)
            #expect(log.messages.first?.level == .warn)
            let message = log.messages.first?.text ?? ""
            let reason =
                isDamaged
                ? "' is a damaged 'ngram' checkpoint: it has 21 bytes, and the header alone has 224"
                : "' is a checkpoint of another run: the number of training examples is 1000 there and 200 here"
            #expect(message == "the run begins anew: '\(program.folder)/\(path)\(reason)")
            guard case .succeeded(let files)? = log.end else {
                Issue.record("it ended with \(String(describing: log.end))")
                continue
            }
            let expected = try Samples.train(training, Self.settings)
            #expect(try files.map { try log.content(of: $0) } == [expected.model])
        }
    }

    @Test func checkpointThatCannotBeWrittenIsAWarning() async throws {
        let program = try WorkerProgram()
        let training = Samples.examples(60)
        let order = try Self.order(program, training, [])
        // A folder stands where the checkpoint's next file would.
        try FileManager.default.createDirectory(
            atPath: program.folder + "/kept/job-1.checkpoint.new",
            withIntermediateDirectories: true
        )
        let result = try await program.run(order)
        #expect(result.status == 0)
        var log = WorkLog(run: "job-1")
        _ = log.read(result.output)
        let path = program.folder + "/kept/job-1.checkpoint"
        #expect(
            log.messages.map(\.text) == [
                "training goes on without a checkpoint: cannot write the checkpoint '\(path)': Is a directory"
            ]
        )
    }
}
