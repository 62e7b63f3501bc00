import Foundation
import Testing

/// What stays on disk between runs.
struct WorkspaceTests {
    @Test func modelsStayAcrossProcesses() async throws {
        let folder = try TemporaryFolder()
        try folder.link("samples")
        let first = try await FettleProgram.run(
            [
                "-c", "load samples/tickets.tsv", "-c",
                #"format prompt="{{body}}" completion=" {{queue}}""#, "-c",
                "tune ngram n_epochs=1 suffix=desk as queues",
            ],
            in: folder
        )
        #expect(first.status == 0, "\(first.errors)")
        let named = first.output.split(separator: "\n").first { $0.hasPrefix("queues: ") }
        let id = try #require(named).dropFirst("queues: ".count)
        #expect(id.hasPrefix("ngram:ft-personal:desk-"))
        let second = try await FettleProgram.run(
            ["-c", "ask queues 'The parcel is late'", "-c", "model show \(id)"],
            in: folder
        )
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.output.contains("Predicted: \" "))
        #expect(second.output.contains("\nid "))
        #expect(second.output.contains(id))
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/.fettle")[
            .posixPermissions
        ]
        #expect(mode as? Int == 0o700)
    }

    @Test func garbageInPlaceOfTheDatabaseIsAClearError() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            String(repeating: "no database at all\n", count: 300),
            to: ".fettle/fettle.sqlite"
        )
        let result = try await FettleProgram.run(["-c", "help"], in: folder)
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("data\n"))
        #expect(
            result.errors == """
                error[bad-workspace]: the workspace database '\(folder.path)/.fettle/fettle.sqlite' cannot be used: file is not a database
                  hint: move the file away to start a new workspace, or name another with --workspace
                commands run, but are not recorded

                """
        )
    }

    @Test func ephemeralRunLeavesNothing() async throws {
        let folder = try TemporaryFolder()
        try folder.link("samples")
        let result = try await FettleProgram.run(
            ["--ephemeral", "-c", "load samples/tickets.tsv"],
            in: folder
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/.fettle"))
    }
}
