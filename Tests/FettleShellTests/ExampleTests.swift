import FettleLanguage
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

/// Runs every example of every command on samples, each from the same state.
struct ExampleTests {
    struct Example: CustomTestStringConvertible {
        var command: String
        var line: String
        var testDescription: String { line }
    }

    static let all = CommandCatalogue.declarations.flatMap { declaration in
        declaration.examples.map { Example(command: declaration.name, line: $0.line) }
    }

    /// The state that examples speak of: the dataset `reviews` with its parts, the models `stars` and
    /// `again`. Made once; each example starts from a copy.
    private struct Prepared {
        let session: Session
        let workspace: Workspace
    }

    private static let prepared = Task {
        let folder = try samples()
        let workspace = Workspace(.ephemeral, session: "test")
        var shell = TestShell(workspace: workspace)
        let result = await shell.run(
            """
            load \(folder.path)/samples/reviews.jsonl
            where language == "en"
            format prompt="{{review_title}}\\n\\n{{review_body}}\\n\\n###\\n\\n" completion=" {{stars}}"
            sample 600 seed=7
            split 80/10/10 by=stars seed=7
            tune ngram on reviews.train n_epochs=1 as stars
            tune ngram on reviews.train n_epochs=2 as again
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        return Prepared(session: shell.session, workspace: workspace)
    }

    /// Returns a folder with the samples, the reviews cut short, and the session scripts on them.
    private static func samples() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let reviews = try Files.text(Files.root + "/samples/reviews.jsonl")
        let few = reviews.split(separator: "\n").prefix(2000).joined(separator: "\n")
        try folder.write(few + "\n", to: "samples/reviews.jsonl")
        for name in ["tickets.tsv", "bad-rows.jsonl"] {
            try FileManager.default.copyItem(
                atPath: Files.root + "/samples/" + name, toPath: folder.path + "/samples/" + name
            )
        }
        for name in ["01-first-fine-tune", "03-token-probabilities"] {
            let text = try Files.text(Files.root + "/sessions/\(name).fettle")
            try folder.write(placed(text, folder), to: "sessions/\(name).fettle")
        }
        return folder
    }

    /// Returns the text with the folders that it names moved into `folder`.
    private static func placed(_ text: String, _ folder: TemporaryFolder) -> String {
        ["samples/", "sessions/", "/tmp/"].reduce(text) { text, prefix in
            text.replacing(" " + prefix, with: " \(folder.path)/" + (prefix == "/tmp/" ? "" : prefix))
        }
    }

    @Test(arguments: all)
    func exampleRuns(example: Example) async throws {
        let prepared = try await Self.prepared.value
        let folder = try Self.samples()
        var shell = TestShell(prepared.session, workspace: prepared.workspace)
        let result = await shell.run(Self.placed(example.line, folder))
        #expect(result.status == .success, "\(result.errors)")
        #expect(result.errors == "")
    }
}
