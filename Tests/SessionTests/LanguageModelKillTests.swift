import FettleTestSupport
import Foundation
import Testing

/// A tuning of a language model after `kill -9`.
struct LanguageModelKillTests {
    private static let prepare = [
        "-c", "load samples/tickets.tsv",
        "-c", #"format prompt="{{subject}} ->" completion=" {{queue}}""#,
    ]
    private static let tune = ["-c", "tune tiny on tickets n_epochs=12 as queues --no-check"]

    /// A folder with a workspace in which the model of the samples is `tiny`.
    private static func folder() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.link("samples")
        let result = try await FettleProgram.run(
            ["-c", "model add samples/tiny-llama as tiny"],
            in: folder
        )
        #expect(result.status == 0, "\(result.errors)")
        return folder
    }

    private static func files(_ folder: TemporaryFolder, _ kind: String) -> [String] {
        (FileManager.default.subpaths(atPath: folder.path + "/.fettle/" + kind) ?? []).sorted()
    }

    /// The bytes of the only model in a workspace.
    private static func weights(_ folder: TemporaryFolder) throws -> Data {
        let names = files(folder, "models")
        let name = try #require(names.first)
        #expect(names.count == 1)
        return try Data(contentsOf: URL(filePath: "\(folder.path)/.fettle/models/\(name)"))
    }

    @Test func killedTuningGoesOnToTheSameWeights() async throws {
        let whole = try await Self.folder()
        let expected = try await FettleProgram.run(Self.prepare + Self.tune, in: whole)
        #expect(expected.status == 0, "\(expected.errors)")

        let folder = try await Self.folder()
        let training = try FettleProgram.start(Self.prepare + Self.tune, in: folder)
        while !Self.files(folder, "jobs").contains(where: { $0.hasSuffix("/checkpoint") }),
            training.process.isRunning
        { await Task.yield() }
        kill(training.process.processIdentifier, SIGKILL)
        #expect(try await FettleProgram.finish(training, in: folder).status == 128 + SIGKILL)
        #expect(Self.files(folder, "models") == [])

        let resumed = try await FettleProgram.run(["-c", "resume 1"], in: folder)
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try Self.weights(folder) == Self.weights(whole))
        #expect(Self.files(folder, "jobs") == [])
        let evaluated = try await FettleProgram.run(
            Self.prepare + ["-c", "evaluate queues on tickets"],
            in: folder
        )
        #expect(evaluated.output.contains("queues on tickets: 300 rows\n"), "\(evaluated.errors)")
    }
}
