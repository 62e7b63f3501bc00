import FettleTestSupport
import Foundation
import Testing

/// What the prompt keeps, and what it does with odd streams.
struct PromptTests {
    @Test func historyIsSharedPrivateAndSkipsLinesAfterABlank() async throws {
        let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
        let state = try TemporaryFolder()
        try first.write("a\n1\n", to: "d.csv")
        var prompt = try Prompt(first, state: state)
        try await prompt.wait(for: "Ctrl-D leaves")
        try await prompt.run("load d.csv", until: "d: 1 row")
        try await prompt.run("let api_key = hunter2", until: "fettle d[1]>")
        try await prompt.run(" let hidden = 7", until: "hidden")
        try await prompt.run("history", until: "1    load d.csv")
        #expect(!prompt.terminal.screen.text.contains("3    let hidden"))
        try await prompt.quit()
        let path = state.path + "/state/fettle/history"
        let rights = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(rights as? Int == 0o600)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == "\"load d.csv\"\n\"let api_key = ‹secret›\"\n\"history\"\n\"quit\"\n")
        prompt = try Prompt(second, state: state)
        try await prompt.wait(for: "Ctrl-D leaves")
        try prompt.terminal.send("\u{1B}[A\u{1B}[A\u{1B}[A")
        try await prompt.terminal.wait(for: "a line of the other folder") {
            $0.currentLine == "fettle> let api_key = ‹secret›"
        }
        try prompt.terminal.send("\u{3}")
        try await prompt.quit()
    }

    @Test func severalShellsLoseAndTearNoLineOfTheHistory() async throws {
        let folder = try TemporaryFolder()
        let prompts = try (0..<4).map { _ in try Prompt(folder, options: "--ephemeral") }
        for prompt in prompts { try await prompt.wait(for: "Ctrl-D leaves") }
        let lines = prompts.indices.map { shell in
            (0..<25).map { "let a = '\(shell) \($0) \(String(repeating: "é", count: 40))'" }
        }
        for (prompt, lines) in zip(prompts, lines) {
            try prompt.terminal.send(lines.map { $0 + "\r" }.joined() + "quit\r")
        }
        for prompt in prompts { _ = try await prompt.terminal.waitForExit() }
        let text = try folder.text("state/fettle/history")
        let found = try text.split(separator: "\n").map {
            try JSONDecoder().decode(String.self, from: Data($0.utf8))
        }
        #expect(found.count == 4 * 26)
        for (shell, lines) in lines.enumerated() {
            #expect(found.filter { $0.hasPrefix("let a = '\(shell) ") } == lines)
        }
    }

    @Test func terminationDuringACommandGivesTheTerminalBack() async throws {
        let folder = try TemporaryFolder()
        let prompt = try Prompt(folder, options: "--ephemeral")
        try await prompt.wait(for: "Ctrl-D leaves")
        try prompt.terminal.send("!echo started; sleep 100\r")
        try await prompt.terminal.wait(for: "the child") { $0.text.contains("\nstarted") }
        Foundation.kill(prompt.terminal.process, SIGTERM)
        #expect(try await prompt.terminal.waitForExit() == 128 + SIGTERM)
        #expect(prompt.terminal.isEchoing)
        #expect(prompt.terminal.isCanonical)
    }

    @Test(
        arguments: [
            ("<&-", 1, "error[no-input]: standard input cannot be read"),
            ("-c help > /dev/full", 1, ""),
            ("-c help >&-", 1, ""),
            ("-c help 2>/dev/full", 0, ""),
            ("-c rows 2>&-", 1, ""),
            ("< /dev/null", 0, ""),
        ] as [(String, Int32, String)]
    )
    func oddStreamsEndItWithoutACrash(line: String, status: Int32, errors: String) async throws {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.currentDirectoryURL = URL(filePath: folder.path)
        let command = "'\(FettleProgram.path)' --ephemeral \(line)"
        process.arguments = ["-c", "{ \(command); } > out 2> err; echo $? > status"]
        let (ended, continuation) = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        for await _ in ended {}
        let shown = try folder.text("err")
        #expect(try folder.text("status") == "\(status)\n", "\(shown)")
        #expect(shown.hasPrefix(errors))
    }

    @Test func unknownNameGivenWithSetIsWrongUse() async throws {
        let folder = try TemporaryFolder()
        try folder.write("param epochs = 2 \"passes\"\nvars\n#> epochs  5\n", to: "a.fettle")
        for mode in [["--check"], []] {
            var result = try await FettleProgram.run(
                ["run"] + mode + ["--set", "epochs=5", "a.fettle"],
                in: folder
            )
            #expect(result.status == 0, "\(result.errors)")
            result = try await FettleProgram.run(
                ["run"] + mode + ["--set", "epoch=5", "a.fettle"],
                in: folder
            )
            #expect(result.status == 2)
            #expect(
                result.errors == """
                    error[unknown-parameter]: --set names 'epoch', which no 'param' of the scripts declares
                      hint: did you mean 'epochs'?

                    """
            )
        }
    }
}
