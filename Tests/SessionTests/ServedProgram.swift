import FettleTestSupport
import Foundation
import Testing

/// The built program as a server on a free port, over a workspace in a folder of its own.
final class ServedProgram {
    let folder: TemporaryFolder
    /// What clients are told, such as `http://127.0.0.1:8080/v1`.
    let baseURL: String
    private let running: FettleProgram.Running

    /// Starts one, at any port that is free unless one is named; `name` tells it apart from others in the folder.
    init(
        _ folder: TemporaryFolder,
        _ name: String = "-serve",
        port: String = "0",
        arguments: [String] = []
    ) async throws {
        self.folder = folder
        running = try FettleProgram.start(
            ["serve", "port=\(port)"] + arguments,
            in: folder,
            as: name
        )
        var text = ""
        while running.process.isRunning {
            text = try folder.text("standard-output" + name)
            if text.contains("OPENAI_API_KEY") { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        guard let url = text.firstMatch(of: #/serving (http:[^ ]+): /#)?.1 else {
            throw Failure(text: text + (try folder.text("standard-error" + name)))
        }
        baseURL = String(url)
    }

    deinit {
        if running.process.isRunning { running.process.terminate() }
    }

    /// The server did not start.
    struct Failure: Error {
        let text: String
    }

    /// Asks it to end, as SIGTERM does, and returns what it gave.
    func stop() async throws -> FettleProgram.Result {
        running.process.terminate()
        return try await FettleProgram.finish(running, in: folder)
    }

    /// Ends it at once.
    func kill() async throws {
        Foundation.kill(running.process.processIdentifier, SIGKILL)
        _ = try await FettleProgram.finish(running, in: folder)
    }

    /// Writes what the book's first listing makes of reviews: lines to learn from and lines to measure on.
    ///
    /// A third file, `long.jsonl`, repeats those to learn from, for jobs that must still run when another program has
    /// started and asks to stop them.
    static func reviews(
        _ file: String = FettleProgram.root + "/samples/reviews.jsonl",
        into folder: TemporaryFolder
    ) async throws {
        let script = """
            load '\(file)' as reviews
            where language == "en"
            format prompt="{{review_title}}\\n\\n{{review_body}}\\n\\n###\\n\\n" completion=" {{stars}}"
            dedupe on=prompt
            split 80/20 seed=1
            export reviews.train to learn.jsonl
            export reviews.test to measure.jsonl

            """
        let result = try await FettleProgram.run(["--ephemeral"], input: script, in: folder)
        try #require(result.status == 0, "\(result.errors)")
        // Each row to measure on is a request of its own.
        let rows = try folder.text("measure.jsonl").split(separator: "\n").prefix(900)
        try folder.write(rows.joined(separator: "\n") + "\n", to: "measure.jsonl")
        let text = try folder.text("learn.jsonl")
        let count = 25_000 / text.split(separator: "\n").count + 1
        try folder.write(String(repeating: text, count: count), to: "long.jsonl")
    }

    /// Whether curl is there, with which tests ask it.
    static let hasCurl = FileManager.default.isExecutableFile(atPath: "/usr/bin/curl")

    /// Runs a script of the shell in which `$URL` is the base of all paths, and returns its output.
    func shell(_ script: String) async throws -> String {
        let result = try await run("/bin/sh", ["-c", "URL=\(baseURL)\n\(script)"])
        try #require(result.status == 0, "\(script): \(result.output)\(result.errors)")
        return result.output
    }

    /// Runs another program with what clients of both generations must know.
    func run(_ program: String, _ arguments: [String]) async throws -> FettleProgram.Result {
        try await FettleProgram.run(
            arguments,
            of: program,
            environment: [
                "OPENAI_API_BASE": baseURL, "OPENAI_BASE_URL": baseURL, "OPENAI_API_KEY": "sk-any",
                // The client's own messages have signs beyond ASCII.
                "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1",
            ],
            in: folder
        )
    }
}
