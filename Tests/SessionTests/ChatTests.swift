import FettleTestSupport
import Foundation
import Testing

/// A conversation at a terminal, with the model of random weights.
struct ChatTests {
    private static let tiny = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../samples/tiny-llama").standardizedFileURL.path

    /// Returns a prompt at which a model was added as `tiny` that can write for very long.
    private static func start(_ folder: TemporaryFolder) async throws -> Prompt {
        let copy = folder.path + "/model"
        try FileManager.default.copyItem(atPath: tiny, toPath: copy)
        let configuration = try String(contentsOfFile: copy + "/config.json", encoding: .utf8)
        try configuration
            .replacing(
                "\"max_position_embeddings\": 512",
                with: "\"max_position_embeddings\": 200000"
            )
            .write(toFile: copy + "/config.json", atomically: true, encoding: .utf8)
        let prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        try await prompt.run("model add model as tiny > added.json", until: "added.json")
        return prompt
    }

    /// Returns a prompt at which a conversation has begun.
    private static func chat(_ folder: TemporaryFolder, _ line: String) async throws -> Prompt {
        let prompt = try await start(folder)
        try prompt.terminal.send(line + "\r")
        try await prompt.terminal.wait(for: "the conversation") {
            $0.text.contains("'/quit' or Ctrl-D leaves") && $0.currentLine == "you>"
        }
        return prompt
    }

    private static func say(
        _ text: String,
        _ prompt: Prompt,
        until expectation: String
    ) async throws {
        try prompt.terminal.send(text + "\r")
        try await prompt.terminal.wait(for: "'\(expectation)' and another turn") {
            $0.text.contains(expectation) && $0.currentLine == "you>"
        }
    }

    @Test func linesAreMessagesAndSlashesAreCommands() async throws {
        let folder = try TemporaryFolder()
        let prompt = try await Self.chat(folder, "chat tiny max_tokens=3")
        // A quote that is not closed is a text like any other.
        try await Self.say("it's me", prompt, until: "length: 3 tokens")
        try await Self.say("/let a = 7", prompt, until: "/let a = 7")
        try await Self.say("/vars", prompt, until: "a  7")
        try await Self.say("/nonsense", prompt, until: "no command 'nonsense'")
        try await Self.say("//slash", prompt, until: "//slash")
        // Ctrl-C drops what is typed, and the conversation goes on.
        try prompt.terminal.send("half\u{3}")
        try await prompt.terminal.wait(for: "an empty line") { $0.currentLine == "you>" }
        try prompt.terminal.send("/quit\r")
        try await prompt.wait(for: "/quit")
        try await prompt.run("history", until: "chat tiny max_tokens=3 \"it's me\" '/slash'")
        try await prompt.quit()
    }

    @Test func interruptEndsAnAnswerAndKeepsItsPart() async throws {
        let folder = try TemporaryFolder()
        let prompt = try await Self.chat(folder, "chat tiny max_tokens=100000")
        let before = prompt.terminal.output.count
        try prompt.terminal.send("hello\r")
        try await prompt.terminal.wait(for: "some of the answer") { _ in
            prompt.terminal.output.count > before + 20
        }
        try prompt.terminal.send("\u{3}")
        try await prompt.terminal.wait(for: "another turn") {
            $0.text.contains("stopped: this part stays in the conversation")
                && $0.currentLine == "you>"
        }
        // Ctrl-D leaves the conversation and not the shell.
        try prompt.terminal.send("\u{4}")
        try await prompt.wait(for: "stopped: this part stays")
        try await prompt.run("let alive = 1; vars", until: "alive  1")
        try await prompt.quit()
    }

    @Test func interruptEndsAnAnswerOfAskAndKeepsItsPart() async throws {
        let folder = try TemporaryFolder()
        let prompt = try await Self.start(folder)
        try prompt.terminal.send("ask tiny 'hello' max_tokens=100000\r")
        try await prompt.terminal.wait(for: "some of the answer") {
            $0.lines.contains("Answer:") && $0.lines.last { !$0.isEmpty } != "Answer:"
        }
        try prompt.terminal.send("\u{3}")
        try await prompt.wait(for: "stopped: this is the part that was written")
        try await prompt.run("let status = $?; vars", until: "status  130")
        try await prompt.quit()
    }
}
