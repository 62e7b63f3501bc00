import FettleTestSupport
import Foundation
import Testing

/// A search over settings after `kill -9`.
struct SweepKillTests {
    private static let script = [
        "-c", "load samples/reviews.jsonl as reviews",
        "-c", #"format prompt="{{review_body}} ->" completion=" {{stars}}""#,
        "-c", "split 80/20 seed=1",
        "-c",
        "sweep ngram on reviews.train validate=reviews.test n_epochs=1,2,3,4 "
            + "learning_rate_multiplier=0.3,1 as best --no-check",
    ]

    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.link("samples")
        return folder
    }

    /// The bytes of the only model in a workspace.
    private static func weights(_ folder: TemporaryFolder) throws -> Data {
        let models = folder.path + "/.fettle/models"
        let names = try FileManager.default.contentsOfDirectory(atPath: models)
        #expect(names.count == 1)
        return try Data(contentsOf: URL(filePath: models + "/" + (try #require(names.first))))
    }

    /// The lines of trials, without seconds and job numbers.
    private static func table(_ output: String) -> [String] {
        let lines = output.split(separator: "\n").map(String.init)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("trial ") }) else { return [] }
        return lines[(start + 2)..<min(start + 10, lines.count)].map { line in
            line.split(separator: " ").prefix(6).joined(separator: " ")
        }
    }

    private static func jobs(_ folder: TemporaryFolder) -> Int {
        let path = folder.path + "/.fettle/models"
        return (try? FileManager.default.contentsOfDirectory(atPath: path).count) ?? 0
    }

    @Test func killedSweepGoesOnToTheSameModel() async throws {
        let whole = try Self.folder()
        let expected = try await FettleProgram.run(Self.script, in: whole)
        #expect(expected.status == 0, "\(expected.errors)")
        #expect(Self.table(expected.output).count == 8)

        let folder = try Self.folder()
        let training = try FettleProgram.start(Self.script, in: folder)
        while Self.jobs(folder) == 0, training.process.isRunning { await Task.yield() }
        kill(training.process.processIdentifier, SIGKILL)
        #expect(try await FettleProgram.finish(training, in: folder).status == 128 + SIGKILL)

        let rest = try await FettleProgram.run(Self.script, in: folder)
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(Self.table(rest.output) == Self.table(expected.output))
        #expect(try Self.weights(folder) == Self.weights(whole))
        let list = try await FettleProgram.run(["-c", "sweeps"], in: folder)
        #expect(list.output.contains("1  finished  ngram  reviews.train       8  accuracy  best"))
    }
}
