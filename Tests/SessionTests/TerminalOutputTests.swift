import FettleTestSupport
import Foundation
import Testing

/// What only a terminal gets: the clipboard, and help that is fitted to the window.
struct TerminalOutputTests {
    @Test func copyReachesTheClipboardOfATerminalOnly() async throws {
        let folder = try TemporaryFolder()
        let prompt = try Prompt(folder, options: "--ephemeral")
        try await prompt.wait(for: "Ctrl-D leaves")
        try await prompt.run("let a = 数据; vars; copy", until: "copied 12 B")
        let base64 = Data("a  \"数据\"\n".utf8).base64EncodedString()
        let output = String(decoding: prompt.terminal.output, as: UTF8.self)
        #expect(output.contains("\u{1B}]52;c;\(base64)\u{7}"))
        #expect(!prompt.terminal.screen.text.contains("52;c"))
        try await prompt.quit()
        let piped = try await FettleProgram.run(
            ["--ephemeral", "-c", "vars; copy"],
            in: folder
        )
        #expect(piped.status == 4)
        #expect(!piped.output.utf8.contains(0x1B))
        #expect(piped.errors.hasPrefix("error[no-terminal]: the clipboard is the terminal's"))
    }

    @Test func helpIsBrokenAtBlanksToFitTheWindow() async throws {
        let folder = try TemporaryFolder()
        let terminal = try PseudoTerminal(
            program: "/bin/sh",
            arguments: ["-c", "cd '\(folder.path)' && exec '\(FettleProgram.path)' --ephemeral"],
            environment: ["HOME": folder.path, "NO_COLOR": "1"],
            columns: 44,
            rows: 60
        )
        try await terminal.wait(for: "the prompt") { $0.currentLine == "fettle>" }
        try terminal.send("help use\r")
        try await terminal.wait(for: "the help") { screen in
            screen.text.contains("work on the whole again") && screen.currentLine == "fettle>"
        }
        let shown = terminal.screen.text.components(separatedBy: "fettle> help use\n").last
        #expect(
            shown == """
                use: make a dataset the current one, which
                commands take when none is named

                  use DATASET

                  DATASET  the dataset to work on

                examples:
                  use reviews.train
                      work on the training part
                  use reviews
                      work on the whole again
                fettle>
                """
        )
        try terminal.send("quit\r")
        #expect(try await terminal.waitForExit() == 0)
        let piped = try await FettleProgram.run(["--ephemeral", "-c", "help use"], in: folder)
        #expect(
            piped.output.hasPrefix(
                "use: make a dataset the current one, which commands take when none is named\n"
            )
        )
    }
}
