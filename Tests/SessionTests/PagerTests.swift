import FettleTestSupport
import Foundation
import Testing

/// The pager at a terminal, and that nothing else has one.
struct PagerTests {
    private func start(_ folder: TemporaryFolder, pager: String) throws -> PseudoTerminal {
        try PseudoTerminal(
            program: "/bin/sh",
            arguments: ["-c", "cd '\(folder.path)' && exec '\(FettleProgram.path)' --ephemeral"],
            environment: [
                "HOME": folder.path, "NO_COLOR": "1", "XDG_STATE_HOME": folder.path + "/state",
                "FETTLE_PAGER": pager,
            ],
            columns: 80,
            rows: 24
        )
    }

    private func wait(_ terminal: PseudoTerminal, for text: String) async throws {
        try await terminal.wait(for: "'\(text)' and a prompt") { screen in
            screen.text.contains(text) && screen.currentLine == "fettle>"
        }
    }

    @Test func longOutputGoesToThePagerAndShortOutputDoesNot() async throws {
        let folder = try TemporaryFolder()
        let terminal = try start(
            folder,
            pager: "cat > paged; echo \"paged $(wc -l < paged) lines\""
        )
        try await wait(terminal, for: "Ctrl-D leaves")
        try terminal.send("help\r")
        try await wait(terminal, for: "paged ")
        #expect(try folder.text("paged").hasPrefix("data\n  load "))
        #expect(!terminal.screen.text.contains("'help COMMAND' explains one"))
        try terminal.send("help quit\r")
        try await wait(terminal, for: "leave the shell")
        try terminal.send("set pager off\r")
        try await wait(terminal, for: "set pager off")
        try terminal.send("help\r")
        try await wait(terminal, for: "'help COMMAND' explains one")
        try terminal.send("quit\r")
        #expect(try await terminal.waitForExit() == 0)
    }

    @Test func whatIsTypedAheadGoesToThePromptAndNotToThePager() async throws {
        let folder = try TemporaryFolder()
        let terminal = try start(folder, pager: "tee -a paged")
        try await wait(terminal, for: "Ctrl-D leaves")
        try terminal.send("!sleep 0.3; touch slept\rhelp\rlet ahead = 7\r")
        try await wait(terminal, for: "'help COMMAND' explains one")
        try terminal.send("vars\r")
        try await wait(terminal, for: "ahead")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/paged"))
        try terminal.send("quit\r")
        #expect(try await terminal.waitForExit() == 0)
    }

    @Test func promptStartsALineAfterAProgramThatEndedInsideOne() async throws {
        let folder = try TemporaryFolder()
        let terminal = try start(folder, pager: "cat")
        try await wait(terminal, for: "Ctrl-D leaves")
        try terminal.send("!printf abc\r")
        try await wait(terminal, for: "abc⏎")
        try terminal.send("!printf %080d 1\r")
        try await wait(terminal, for: String(repeating: "0", count: 79) + "1")
        try terminal.send("!echo whole\r")
        try await wait(terminal, for: "\nwhole")
        let zeros = String(repeating: "0", count: 79)
        let shown = [
            "fettle> !printf abc", "abc⏎", "fettle> !printf %080d 1", zeros + "1",
            "fettle> !echo whole", "whole", "fettle>",
        ]
        #expect(terminal.screen.text.contains(shown.joined(separator: "\n")))
        try terminal.send("quit\r")
        #expect(try await terminal.waitForExit() == 0)
    }

    @Test func outputIsShownWhereThePagerIsMissing() async throws {
        let folder = try TemporaryFolder()
        let terminal = try start(folder, pager: "no-such-pager 2>/dev/null")
        try await wait(terminal, for: "Ctrl-D leaves")
        try terminal.send("help\r")
        try await wait(terminal, for: "'help COMMAND' explains one")
        try terminal.send("quit\r")
        #expect(try await terminal.waitForExit() == 0)
    }

    @Test func wideOutputOfAWalkthroughIsPlainOnAPipe() async throws {
        let folder = try TemporaryFolder()
        try folder.write("# W\n\n```fettle\nlet a = 1\nvars | as json\n```\n", to: "w.md")
        let result = try await FettleProgram.run(["--ephemeral", "w.md"], in: folder)
        #expect(
            result.output == "[\n  {\"name\": \"a\", \"value\": \"1\"}\n]\n",
            "\(result.errors)"
        )
    }
}
