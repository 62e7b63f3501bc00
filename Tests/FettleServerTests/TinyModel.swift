import FettleCore
import FettleModelFiles
import FettleServer
import FettleStore
import FettleTransformer
import FettleWorkbench
import Foundation
import Testing

/// The language model of random weights, and the engine beside the server to compare its answers with.
enum TinyModel {
    static let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../samples/tiny-llama").standardizedFileURL.path

    /// Returns a workspace that has the model as `tiny`.
    static func workspace() throws -> Workspace {
        let workspace = Workspace(.ephemeral, session: "test")
        _ = try ModelLibrary(workspace).add(path, as: "tiny", at: 1) { _, _ in }
        return workspace
    }

    /// Returns what the shell writes with.
    static func writer(_ workspace: Workspace) throws -> Writer {
        try Playground(workspace).writer(ModelLibrary(workspace).model("tiny", on: nil))
    }

    /// Returns the engine's own model.
    static func engine(_ precision: Precision = .fastest) throws -> LanguageModel {
        let files = try ModelFiles.open(path)
        return LanguageModel(
            try TransformerNetwork(
                configuration: files.configuration,
                weights: files.weights,
                precision: precision
            )
        )
    }

    /// Returns what the shell writes after a prompt.
    static func written(
        _ workspace: Workspace,
        _ prompt: Writer.Prompt,
        number: Int = 0,
        _ change: (inout CompletionOptions) -> Void = { _ in }
    ) throws -> Completion {
        var options = CompletionOptions()
        options.temperature = 0
        change(&options)
        return try writer(workspace).write(prompt, options, number) { _ in }
    }
}

extension TestServer {
    /// Asks for completions, and returns the answer's JSON.
    func completions(_ members: String, model: String = "tiny") async throws -> JSONValue {
        let answer = try await ask(
            "POST",
            "/v1/completions",
            body: #"{"model": "\#(model)", \#(members)}"#
        )
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.json
    }

    /// Asks for an answer in a conversation, and returns its JSON.
    func chat(_ members: String, model: String = "tiny") async throws -> JSONValue {
        let answer = try await ask(
            "POST",
            "/v1/chat/completions",
            body: #"{"model": "\#(model)", \#(members)}"#
        )
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.json
    }
}

extension JSONValue {
    var number: Double? {
        switch self {
        case .number(let number): number
        case .integer(let number): Double(number)
        default: nil
        }
    }

    /// The choices of an answer.
    var choices: [JSONValue] { self["choices"]?.items ?? [] }

    /// The texts of the choices.
    var texts: [String] { choices.compactMap { $0["text"]?.string } }

    /// What the choices of a conversation say.
    var contents: [String] { choices.compactMap { $0["message"]?["content"]?.string } }
}
