import FettleCore
import FettleEngine
import FettleTestSupport
import Foundation

@testable import FettleWorker

/// A folder with an order and its files, and the built program in it.
final class WorkerProgram {
    /// What a run gave.
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    static let path = PseudoTerminal.builtProgram(named: "fettle-worker")

    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "fettle-worker-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Writes a file and returns what an order says of it.
    @discardableResult
    func write(_ bytes: [UInt8], as name: String) throws -> WorkOrder.File {
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
        return WorkOrder.File(name, of: bytes)
    }

    func write(lines examples: [Example], as name: String) throws -> WorkOrder.File {
        try write(Array(Samples.lines(examples).utf8), as: name)
    }

    func bytes(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }

    func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(folder)/\(name)")
    }

    /// Runs the program with arguments to its end.
    func run(_ arguments: [String]) async throws -> Result {
        try await finish(try start(arguments))
    }

    /// Runs an order to its end.
    func run(_ order: WorkOrder) async throws -> Result {
        try await run([try write(order)])
    }

    /// Writes an order and returns its name.
    func write(_ order: WorkOrder) throws -> String {
        try write(Array(order.json.text(pretty: true).utf8), as: "order.json").name
    }

    /// A program that runs, and a stream that ends with it.
    struct Running {
        let process: Process
        fileprivate let ended: AsyncStream<Void>
    }

    func start(_ arguments: [String]) throws -> Running {
        let process = Process()
        process.executableURL = URL(filePath: Self.path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        for (name, isOutput) in [("output", true), ("errors", false)] {
            try write([], as: name)
            let handle = try FileHandle(forWritingTo: URL(filePath: "\(folder)/\(name)"))
            if isOutput { process.standardOutput = handle } else { process.standardError = handle }
        }
        let (ended, continuation) = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        return Running(process: process, ended: ended)
    }

    func finish(_ running: Running) async throws -> Result {
        for await _ in running.ended {}
        let status = running.process.terminationStatus
        let wasKilled = running.process.terminationReason == .uncaughtSignal
        return Result(
            status: wasKilled ? 128 + status : status,
            output: try output,
            errors: String(decoding: try bytes("errors"), as: UTF8.self)
        )
    }

    /// What the program has written so far.
    var output: String {
        get throws { String(decoding: try bytes("output"), as: UTF8.self) }
    }

    /// Runs an order, and sends a signal once its log has a row of metrics of this step.
    ///
    /// The log is a pipe that holds a few rows, so that the run cannot get far ahead of who reads it.
    func run(_ order: String, until step: Int, signal: Int32) async throws -> Result {
        try await withCheckedThrowingContinuation { done in
            let folder = folder
            Thread.detachNewThread {
                done.resume(
                    with: .init { try Self.run(order, in: folder, until: step, signal: signal) }
                )
            }
        }
    }

    private static func run(
        _ order: String,
        in folder: String,
        until step: Int,
        signal: Int32
    ) throws -> Result {
        let (output, errors) = (Pipe(), Pipe())
        let reader = output.fileHandleForReading.fileDescriptor
        // F_SETPIPE_SZ of Linux, which Swift does not see.
        _ = fcntl(reader, 1031, 4096)
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = [order]
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        try? output.fileHandleForWriting.close()
        try? errors.fileHandleForWriting.close()
        var log = WorkLog(run: "job-1")
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1024)
        var isSent = false
        while true {
            let count = read(reader, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
            _ = log.append(String(decoding: buffer[..<count], as: UTF8.self))
            guard !isSent, let last = log.metrics.last, last.step >= step else { continue }
            kill(process.processIdentifier, signal)
            isSent = true
        }
        let said = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let wasKilled = process.terminationReason == .uncaughtSignal
        return Result(
            status: process.terminationStatus + (wasKilled ? 128 : 0),
            output: String(decoding: bytes, as: UTF8.self),
            errors: String(decoding: said, as: UTF8.self)
        )
    }
}

/// Examples to train on, and what the main program makes of them.
enum Samples {
    private static let words: [[String]] = [
        ["invoice", "refund", "card", "paid", "price"],
        ["parcel", "late", "courier", "address", "tracking"],
        ["password", "login", "error", "screen", "update"],
    ]
    private static let others = ["the", "a", "my", "was", "and", "please", "today", "again"]

    /// Returns examples of three classes whose prompts have some words of their class.
    static func examples(_ count: Int, seed: UInt64 = 1) -> [Example] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            let label = generator.below(3)
            let text = (0..<12).map { _ in
                let pool = generator.below(4) == 0 ? words[label] : others
                return pool[generator.below(pool.count)]
            }
            return Example(
                prompt: text.joined(separator: " ") + " \u{e9}\n\(generator.below(1000))",
                completion: [" billing", " delivery", " \"access\""][label]
            )
        }
    }

    static func lines(_ examples: [Example]) -> String {
        examples.map { example in
            JSONValue.object([
                .init("prompt", .string(example.prompt)),
                .init("completion", .string(example.completion)),
            ]).text() + "\n"
        }.joined()
    }

    /// What a training in this process gives.
    struct Trained {
        var model: [UInt8]
        var metrics: [TrainingMetrics]
        var epochScores: [[Double]]
        var settings: [ChosenSetting]
        var trained: NgramModel
    }

    static func train(
        _ examples: [Example],
        validation: [Example] = [],
        _ hyperparameters: Hyperparameters,
        from base: NgramModel? = nil,
        threads: Int = 2
    ) throws -> Trained {
        var metrics: [TrainingMetrics] = []
        var scores: [[Double]] = []
        let result = try NgramTrainer(hyperparameters, threads: threads).train(
            examples,
            validation: validation,
            from: base,
            onEpoch: { scores.append(try $0.validationLogprobs()) },
            onMetrics: { metrics.append($0) }
        )
        return Trained(
            model: try bytes(of: result.model),
            metrics: metrics,
            epochScores: scores,
            settings: result.settings,
            trained: result.model
        )
    }

    static func bytes(of model: NgramModel) throws -> [UInt8] {
        let path = NSTemporaryDirectory() + "fettle-worker-model-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try model.write(to: path)
        return try Array(Data(contentsOf: URL(filePath: path)))
    }
}
