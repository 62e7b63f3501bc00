import FettleTestSupport
import Foundation

/// Runs the built program in a folder of its own.
struct FettleProgram {
    /// What a run gave.
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The program, which is built beside the tests.
    static let path = PseudoTerminal.builtProgram(named: "fettle")

    /// The root of the repository.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// A program that runs, and a stream that ends with it.
    struct Running {
        let process: Process
        fileprivate let name: String
        fileprivate let ended: AsyncStream<Void>
    }

    /// Starts the program, or another one; what it writes goes to files in `folder` whose names end with `name`,
    /// and no file may grow over `blocks` of 512 bytes.
    static func start(
        _ arguments: [String],
        of path: String = path,
        input: String? = nil,
        environment: [String: String] = [:],
        in folder: TemporaryFolder,
        as name: String = "",
        blocks: Int? = nil
    ) throws -> Running {
        let process = Process()
        process.executableURL = URL(filePath: blocks == nil ? path : "/bin/sh")
        process.arguments =
            (blocks.map { ["-c", "ulimit -f \($0); exec \"$0\" \"$@\"", path] } ?? []) + arguments
        process.currentDirectoryURL = URL(filePath: folder.path)
        process.environment = [
            "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": folder.path,
        ].merging(environment) { $1 }
        process.standardInput = try FileHandle(
            forReadingFrom: URL(
                filePath: input.map { try folder.write($0, to: "standard-input") } ?? "/dev/null"
            )
        )
        for (stream, isOutput) in [("standard-output", true), ("standard-error", false)] {
            let handle = try FileHandle(
                forWritingTo: URL(filePath: folder.write("", to: stream + name))
            )
            if isOutput { process.standardOutput = handle } else { process.standardError = handle }
        }
        let (ended, continuation) = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        return Running(process: process, name: name, ended: ended)
    }

    /// Waits for a started program's end and returns what it gave.
    static func finish(_ running: Running, in folder: TemporaryFolder) async throws -> Result {
        for await _ in running.ended {}
        let status = running.process.terminationStatus
        let wasKilled = running.process.terminationReason == .uncaughtSignal
        return Result(
            status: wasKilled ? 128 + status : status,
            output: try folder.text("standard-output" + running.name),
            errors: try folder.text("standard-error" + running.name)
        )
    }

    /// Runs the program, or another one, to its end.
    static func run(
        _ arguments: [String],
        of path: String = path,
        input: String? = nil,
        environment: [String: String] = [:],
        in folder: TemporaryFolder
    ) async throws -> Result {
        let running = try start(
            arguments,
            of: path,
            input: input,
            environment: environment,
            in: folder,
            as: "-run"
        )
        return try await finish(running, in: folder)
    }
}

/// A folder of its own that goes away with the object.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "fettle-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let file = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
        return file.path
    }

    /// Returns a file's text.
    func text(_ name: String) throws -> String {
        try String(
            decoding: Data(contentsOf: URL(filePath: path).appending(path: name)),
            as: UTF8.self
        )
    }

    /// Makes the repository's folder `name` appear in this one.
    func link(_ name: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: path + "/" + name,
            withDestinationPath: FettleProgram.root + "/" + name
        )
    }
}
