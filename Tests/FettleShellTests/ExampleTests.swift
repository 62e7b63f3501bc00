import FettleLanguage
import FettleStore
import FettleTestSupport
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

/// Runs every example of every command on samples, each from the same state.
struct ExampleTests {
    /// Returns a shell with the state that examples speak of.
    ///
    /// It has the dataset `reviews` with its parts, and the models `stars` and `again`; lines that speak of
    /// `tiny` without adding it find the language model of the samples under that name.
    private static func prepared(in folder: TemporaryFolder) async throws -> TestShell {
        var shell = TestShell()
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
        try recordAnswers(of: "stars", in: shell.services.workspace)
        return shell
    }

    /// Keeps served answers of a model, one in three of them judged.
    private static func recordAnswers(of name: String, in workspace: Workspace) throws {
        let model = try ModelLibrary(workspace).model(name)
        let recorder = PredictionRecorder(workspace, clock: .fixed(at: 1_767_225_600_000)) { _ in }
        let labels = (1...5).map { " \($0)" }
        for number in 0..<60 {
            let choice = CompletionPiece.Choice(
                prompt: "Title\n\nbody \(number)\n\n###\n\n",
                label: labels[number % 5],
                labels: labels,
                logprobs: [-1, -2, -3, -4, -5]
            )
            recorder.record("cmpl-\(number)", model: model.id, [choice], perPrompt: 1)
            guard number.isMultiple(of: 3) else { continue }
            _ = try recorder.judge(completion: "cmpl-\(number)", choice: 0, label: "4")
        }
        recorder.flush()
    }

    /// The first reviews of the sample, enough for every example.
    private static let fewReviews = Result {
        try Data(contentsOf: URL(filePath: Files.root + "/samples/reviews.jsonl"))
            .split(separator: UInt8(ascii: "\n")).prefix(2000)
            .reduce(into: Data()) { $0 += $1 + [UInt8(ascii: "\n")] }
    }

    /// Returns a folder with the samples and scripts that a line names, the reviews cut short.
    private static func samples(for line: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        if line.contains("reviews.jsonl") || line.hasPrefix("run ") {
            try folder.write(fewReviews.get(), to: "samples/reviews.jsonl")
        }
        for name in ["samples/tickets.tsv", "samples/bad-rows.jsonl"] where line.contains(name) {
            let bytes = try Data(contentsOf: URL(filePath: Files.root).appending(path: name))
            try folder.write(bytes, to: name)
        }
        for name in ["config.json", "model.safetensors", "tokenizer.json", "chat_template.jinja"]
        where line.contains("tiny") || line.hasPrefix("model pull") {
            let path = "samples/tiny-llama/\(name)"
            let bytes = try Data(contentsOf: URL(filePath: Files.root).appending(path: path))
            try folder.write(bytes, to: path)
        }
        for name in ["01-first-fine-tune", "03-token-probabilities"] where line.contains(name) {
            let text = try Files.text(Files.root + "/sessions/\(name).fettle")
            try folder.write(placed(text, folder), to: "sessions/\(name).fettle")
        }
        return folder
    }

    /// Returns the text with the folders that it names moved into `folder`.
    private static func placed(_ text: String, _ folder: TemporaryFolder) -> String {
        let named = ["samples/", "sessions/"].reduce(text) { text, prefix in
            text.replacing(" " + prefix, with: " \(folder.path)/\(prefix)")
        }
        return named.replacing(
            /\ ([a-z]+\.(?:jsonl|json|csv|tsv|md|txt|fettle|html|ipynb|gguf|model|svg))/
        ) {
            match in
            " \(folder.path)/\(match.1)"
        }
    }

    /// Leaves a cancelled job 'long' with a checkpoint.
    private static func cancelJob(in shell: inout TestShell) async throws {
        await shell.run("tune ngram on reviews.train n_epochs=400 as long &")
        while let job = shell.services.jobs.active.first, job.latest == nil { await Task.yield() }
        let result = await shell.run("cancel")
        #expect(
            result.output.hasSuffix(" goes on from its checkpoint\n"),
            "\(result.output)\(result.errors)"
        )
    }

    @Test(arguments: CommandDeclaration.Group.allCases)
    func everyExampleRuns(group: CommandDeclaration.Group) async throws {
        let home = try Self.samples(for: "reviews.jsonl")
        let prepared = try await Self.prepared(in: home)
        defer { withExtendedLifetime(home) {} }
        for declaration in CommandCatalogue.declarations where declaration.group == group {
            for line in declaration.examples.map(\.line) {
                let folder = try Self.samples(for: line)
                let hub = try LocalServer(hub: folder.path + "/samples/tiny-llama")
                defer { withExtendedLifetime(hub) {} }
                var shell = TestShell(
                    prepared.session,
                    workspace: prepared.services.workspace,
                    environment: ["XDG_CONFIG_HOME": folder.path, "HF_ENDPOINT": hub.address]
                )
                if line.hasPrefix("resume") { try await Self.cancelJob(in: &shell) }
                let add = Self.placed("model add samples/tiny-llama as tiny", folder)
                let speaksOfTiny = line.contains(" tiny ") || line.contains("=tiny")
                if speaksOfTiny, !line.contains(" as tiny") { await shell.run(add) }
                let result = await shell.run(Self.placed(line, folder))
                #expect(result.status == .success, "\(line): \(result.errors)")
                #expect(result.errors == "", "\(line)")
                // The next one begins without it; where another model was tuned from it, it stays.
                await shell.run("model delete tiny")
            }
        }
    }
}
