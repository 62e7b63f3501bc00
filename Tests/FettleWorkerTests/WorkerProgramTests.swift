import FettleCore
import FettleEngine
import Foundation
import Testing

@testable import FettleWorker

/// The worker as a program: what it tells, and that its results are those of the main program.
struct WorkerProgramTests {
    private static let settings = Hyperparameters(
        epochs: 3,
        batchSize: 4,
        learningRateMultiplier: 0.8,
        seed: 7,
        classWeights: .balanced
    )

    private static func log(_ result: WorkerProgram.Result, folder: String? = nil) -> WorkLog {
        var log = WorkLog(run: "job-1", folder: folder)
        _ = log.read(result.output)
        return log
    }

    private static func files(_ log: WorkLog) throws -> [String: [UInt8]] {
        guard case .succeeded(let files)? = log.end else {
            throw Diagnostic("x", "it ended with \(String(describing: log.end))")
        }
        return try Dictionary(
            uniqueKeysWithValues: files.map { ($0.name, try log.content(of: $0)) }
        )
    }

    @Test(arguments: [1, 2])
    func tuningGivesTheBytesOfTheMainProgram(threads: Int) async throws {
        let program = try WorkerProgram()
        let training = Samples.examples(300)
        let validation = Samples.examples(60, seed: 2)
        let unseen = Samples.examples(70, seed: 3)
        let order = WorkOrder(
            run: "job-1",
            kind: .tune,
            hyperparameters: Self.settings,
            files: [
                .train: try program.write(lines: training, as: "train.jsonl"),
                .validation: try program.write(lines: validation, as: "validation.jsonl"),
                .score: try program.write(lines: unseen, as: "score.jsonl"),
            ],
            scoresEpochs: true,
            threads: threads
        )
        let result = try await program.run(order)
        #expect(result.status == 0)
        #expect(result.errors == "")
        let log = Self.log(result)
        #expect(log.problems.count == 0)
        let expected = try Samples.train(training, validation: validation, Self.settings)
        #expect(log.metrics == expected.metrics)
        #expect(log.metrics.count > 20)
        #expect(log.settings == expected.settings)
        #expect(log.epochs.map(\.number) == [1, 2, 3])
        let scores = try log.epochs.compactMap(\.scores).map {
            try ScoreFile(log.content(of: $0), name: $0.name)
        }
        #expect(scores.map(\.logprobs) == expected.epochScores)
        #expect(scores.first?.labels == expected.trained.labels)
        let files = try Self.files(log)
        #expect(files.keys.sorted() == ["model", "scores"])
        #expect(files["model"] == expected.model)
        let unseenScores = try ScoreFile(files["scores"] ?? [], name: "scores")
        #expect(unseenScores.labels == expected.trained.labels)
        #expect(
            unseenScores.logprobs == unseen.flatMap { expected.trained.logprobs(of: $0.prompt) }
        )
        #expect(log.node == .current)
        // Nothing is left but what was there.
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: program.folder).sorted() == [
                "errors", "order.json", "output", "score.jsonl", "train.jsonl",
                "validation.jsonl",
            ]
        )
    }

    @Test func tuningGoesOnFromWeightsAndWritesToASharedFolder() async throws {
        let program = try WorkerProgram()
        let base = try Samples.train(Samples.examples(200), Self.settings)
        let training = Samples.examples(150, seed: 5)
        let shared = program.folder + "/shared/results"
        let order = WorkOrder(
            run: "job-1",
            kind: .tune,
            hyperparameters: Hyperparameters(epochs: 2, seed: 1),
            files: [
                .train: try program.write(lines: training, as: "train.jsonl"),
                .weights: try program.write(base.model, as: "base.model"),
            ],
            results: shared
        )
        let result = try await program.run(order)
        let log = Self.log(result, folder: shared)
        let expected = try Samples.train(
            training,
            Hyperparameters(epochs: 2, seed: 1),
            from: base.trained
        )
        let file = WorkEvent.File("model", of: expected.model, folder: shared)
        #expect(log.end == .succeeded([file]))
        #expect(try log.content(of: file) == expected.model)
        #expect(try program.bytes("shared/results/model") == expected.model)
        #expect(!result.output.contains("base64"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: shared) == ["model"])
    }

    @Test(arguments: [1, 3])
    func scoringGivesTheFiguresOfTheModel(threads: Int) async throws {
        let program = try WorkerProgram()
        let trained = try Samples.train(Samples.examples(200), Self.settings)
        let prompts = Samples.examples(1100, seed: 9).map(\.prompt) + [""]
        let lines = prompts.map { JSONValue.object([.init("prompt", .string($0))]).text() }
        let order = WorkOrder(
            run: "job-1",
            kind: .score,
            files: [
                .weights: try program.write(trained.model, as: "mine.model"),
                .score: try program.write(
                    Array(lines.joined(separator: "\r\n\n").utf8),
                    as: "prompts.jsonl"
                ),
            ],
            threads: threads
        )
        let log = Self.log(try await program.run(order))
        let files = try Self.files(log)
        #expect(files.keys.sorted() == ["scores"])
        let scores = try ScoreFile(files["scores"] ?? [], name: "scores")
        #expect(scores.labels == trained.trained.labels)
        #expect(scores.logprobs == prompts.flatMap { trained.trained.logprobs(of: $0) })
        #expect(scores.rowCount == 1101)
    }

    // MARK: - What cannot be done

    private static func failure(_ code: String, _ message: String, _ hints: [String] = []) -> String
    {
        WorkEvent.failed(Diagnostic(code, message, hints: hints)).line(run: "job-1")
    }

    /// Runs an order on two examples' lines and returns its last line.
    private static func failing(
        _ lines: String =
            "{\"prompt\": \"a\", \"completion\": \" x\"}\n{\"prompt\": \"b\", \"completion\": \" y\"}\n",
        _ change: (inout WorkOrder, WorkerProgram) throws -> Void = { _, _ in }
    ) async throws -> String {
        let program = try WorkerProgram()
        var order = WorkOrder(run: "job-1", kind: .tune)
        order.files[.train] = try program.write(Array(lines.utf8), as: "train.jsonl")
        try change(&order, program)
        let result = try await program.run(order)
        #expect(result.status == 1)
        let last = result.output.split(separator: "\n").last.map { $0 + "\n" } ?? ""
        #expect(result.errors.hasPrefix("fettle-worker: "))
        return last
    }

    @Test func filesThatAreNotTheOrdersAreRefused() async throws {
        let missing = try await Self.failing { order, _ in order.files[.train]?.name = "other" }
        #expect(
            missing == Self.failure("cannot-read", "cannot read 'other': No such file or directory")
        )
        let shorter = try await Self.failing { _, program in
            try program.write(Array("{}".utf8), as: "train.jsonl")
        }
        let hint = "send the order and its files again"
        #expect(
            shorter
                == Self.failure(
                    "file-differs",
                    "'train.jsonl' is not the file that the order was written for: it has 2 bytes, and the order says 72",
                    [hint]
                )
        )
        let changed = try await Self.failing { _, program in
            var bytes = try program.bytes("train.jsonl")
            bytes[12] = UInt8(ascii: "c")
            try program.write(bytes, as: "train.jsonl")
        }
        #expect(
            changed
                == Self.failure(
                    "file-differs",
                    "'train.jsonl' is not the file that the order was written for: its SHA-256 is not that of the order",
                    [hint]
                )
        )
        let model = try await Self.failing { order, program in
            order.files[.weights] = try program.write(Array("FETTLE--".utf8), as: "base")
        }
        #expect(model.contains(#""code": "model-foreign""#), "\(model)")
    }

    @Test func examplesThatTeachNothingAreRefused() async throws {
        let same = "{\"prompt\": \"a\", \"completion\": \" x\"}\n"
        #expect(
            try await Self.failing(same + same)
                == Self.failure(
                    "one-class",
                    "all 2 examples have the same completion ' x', and a model needs at least two to choose from",
                    ["check the completion template, and the filters of the dataset"]
                )
        )
        #expect(
            try await Self.failing("\n")
                == Self.failure(
                    "no-examples",
                    "there are no examples to train on",
                    ["look at the dataset with 'rows': a filter may have left nothing"]
                )
        )
        #expect(
            try await Self.failing(same + "{\"prompt\": \"a\"}\n")
                == Self.failure(
                    "bad-training-file",
                    "train.jsonl:2:1: expected a line of JSON with the text 'completion'"
                )
        )
        #expect(
            try await Self.failing(same + "\n{\"prompt\"}")
                == Self.failure(
                    "bad-json",
                    "train.jsonl:3:10: expected ':' after the name, found '}'"
                )
        )
    }

    @Test func ordersOfOtherEnginesAreRefused() async throws {
        #expect(
            try await Self.failing { order, _ in order.base = "llama" }
                == Self.failure(
                    "unknown-base",
                    "this worker has no base model 'llama'",
                    ["it trains 'ngram'"]
                )
        )
        #expect(
            try await Self.failing { order, _ in order.hyperparameters.language.rank = 8 }
                == Self.failure(
                    "bad-order",
                    "'hyperparameters.rank' of the order is for language models, and 'ngram' does not take it"
                )
        )
        #expect(
            try await Self.failing { order, program in
                try program.write([], as: "blocked")
                order.results = program.folder + "/blocked/results"
            }.contains(#"/blocked/results': Not a directory", "hints": []}"#)
        )
    }

    @Test func orderThatCannotBeReadIsTold() async throws {
        let program = try WorkerProgram()
        try program.write(Array("{\"format\": 1, \"run\": 7}".utf8), as: "order.json")
        let result = try await program.run(["order.json"])
        #expect(result.status == 1)
        let message = "'run' of the order is 7, expected " + WorkNames.expectedName
        #expect(
            result.output == WorkEvent.failed(Diagnostic("bad-order", message)).line(run: "")
        )
        #expect(result.errors == "fettle-worker: \(message)\n")
    }

    @Test(arguments: [
        ([], "expected one order: fettle-worker ORDER.json, or fettle-worker --check"),
        (["a", "b"], "expected one order: fettle-worker ORDER.json, or fettle-worker --check"),
        ([""], "expected one order: fettle-worker ORDER.json, or fettle-worker --check"),
        (["--help"], "unknown option '--help': fettle-worker ORDER.json, or fettle-worker --check"),
    ])
    func wrongUseIsASentence(arguments: [String], sentence: String) async throws {
        let result = try await WorkerProgram().run(arguments)
        #expect(result.status == 2)
        #expect(result.output == "")
        #expect(result.errors == "fettle-worker: \(sentence)\n")
    }

    @Test func checkTellsTheMachine() async throws {
        let result = try await WorkerProgram().run(["--check"])
        #expect(result.status == 0)
        let node = WorkEvent.Node.current
        #expect(result.output == WorkEvent.node(node).line(run: ""))
        #expect(node.cores >= 1 && node.cores <= ProcessInfo.processInfo.processorCount)
        #expect(node.memory > 1 << 28)
        #expect(node.memory <= Int(ProcessInfo.processInfo.physicalMemory))
        #expect(node.glibc.wholeMatch(of: #/2\.\d+/#) != nil, "\(node.glibc)")
    }

    @Test(arguments: [("0-3", 4), ("0", 1), ("\t0-1,8,10-11\n", 5), ("", 0), ("x", 0), ("3-1", 0)])
    func processorsAreCounted(list: String, count: Int) {
        #expect(WorkEvent.Node.count(ofList: list) == count)
    }
}
