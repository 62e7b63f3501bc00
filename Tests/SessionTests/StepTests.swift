import FettleTestSupport
import Foundation
import Testing

/// `run FILE --step` at a terminal.
struct StepTests {
    private static let script = """
        ## Load the data
        load d.csv
        where a > 1
        let x = one
        vars
        rows

        """
    private static let question = "Enter runs, e edits, s skips, c continues, q quits"

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("a\n1\n2\n3\n", to: "d.csv")
        try folder.write(Self.script, to: "walk.fettle")
        return folder
    }

    /// The program without a prompt, at a terminal.
    private func start(_ arguments: String, in folder: TemporaryFolder) throws -> PseudoTerminal {
        try PseudoTerminal(
            program: "/bin/sh",
            arguments: ["-c", "cd '\(folder.path)' && exec '\(FettleProgram.path)' \(arguments)"],
            environment: ["HOME": folder.path, "NO_COLOR": "1"],
            columns: 80,
            rows: 24
        )
    }

    private func waitForQuestion(_ place: String, _ terminal: PseudoTerminal) async throws {
        try await terminal.wait(for: "the question about \(place)") {
            $0.currentLine == "\(place): \(Self.question)"
        }
    }

    @Test func eachKeyDoesWhatTheQuestionSays() async throws {
        let folder = try folder()
        let prompt = try Prompt(folder, options: "--ephemeral")
        try await prompt.wait(for: "Ctrl-D leaves")
        try prompt.terminal.send("run walk.fettle --step\r")
        try await waitForQuestion("1 of 5", prompt.terminal)
        try prompt.terminal.send("\r")
        try await waitForQuestion("2 of 5", prompt.terminal)
        // An arrow key sends letters, which are no answers.
        try prompt.terminal.send("\u{1B}[Cxe")
        try await prompt.terminal.wait(for: "the command to edit") {
            $0.currentLine == "edit> where a > 1"
        }
        try prompt.terminal.send("\u{7F}2\r")
        try await waitForQuestion("2 of 5", prompt.terminal)
        try prompt.terminal.send("\r")
        try await waitForQuestion("3 of 5", prompt.terminal)
        try prompt.terminal.send("s")
        try await waitForQuestion("4 of 5", prompt.terminal)
        try prompt.terminal.send("c")
        try await prompt.wait(for: "no variable is set")
        try await prompt.wait(for: "1  3")
        #expect(
            prompt.terminal.screen.text.split(separator: "\n").dropFirst().joined(separator: "\n")
                == """
                fettle> run walk.fettle --step
                ## Load the data
                > load d.csv
                d: 3 rows, 1 column (CSV, UTF-8, delimiter ',', with header, 8 B)
                a integer
                > where a > 1
                edit> where a > 2
                > where a > 2
                d: 1 of 3 rows, version 2
                > let x = one
                skipped
                > vars
                no variable is set: let seed = 7
                #  a
                ─  ─
                1  3
                fettle d[1]>
                """
        )
        // Its commands are in the session as if they had been typed.
        try await prompt.run("undo", until: "undone: where a > 2")
        try await prompt.quit()
    }

    @Test func commandThatFailsIsAskedAboutAgain() async throws {
        let folder = try folder()
        try folder.write("load d.csv\nwhere b > 1\nrows\n", to: "walk.fettle")
        let terminal = try start("run --ephemeral --step walk.fettle", in: folder)
        try await waitForQuestion("1 of 3", terminal)
        try terminal.send("\r")
        try await waitForQuestion("2 of 3", terminal)
        try terminal.send("\r")
        try await terminal.wait(for: "the error") { screen in
            screen.text.contains("error[unknown-column]")
                && screen.currentLine == "2 of 3: \(Self.question)"
        }
        try terminal.send("e")
        try await terminal.wait(for: "the command") { $0.currentLine == "edit> where b > 1" }
        try terminal.send("\u{3}")
        try await waitForQuestion("2 of 3", terminal)
        try terminal.send("e")
        try await terminal.wait(for: "the command") { $0.currentLine == "edit> where b > 1" }
        try terminal.send("\u{1}\u{1B}f\u{1B}f\u{7F}a\r")
        try await waitForQuestion("2 of 3", terminal)
        try terminal.send("\r")
        try await waitForQuestion("3 of 3", terminal)
        try terminal.send("q")
        #expect(try await terminal.waitForExit() == 0)
        #expect(terminal.isEchoing)
        #expect(terminal.isCanonical)
        #expect(terminal.screen.text.contains("d: 2 of 3 rows, version 2"))
    }

    @Test func quittingAfterAFailureAndInterruptingHaveTheirStatus() async throws {
        let folder = try folder()
        try folder.write("rows\nvars\n", to: "walk.fettle")
        var terminal = try start("run --ephemeral --step walk.fettle", in: folder)
        try await waitForQuestion("1 of 2", terminal)
        try terminal.send("\r")
        try await terminal.wait(for: "the error") { screen in
            screen.text.contains("error[") && screen.currentLine == "1 of 2: \(Self.question)"
        }
        try terminal.send("q")
        #expect(try await terminal.waitForExit() == 1)
        terminal = try start("run --ephemeral --step walk.fettle", in: folder)
        try await waitForQuestion("1 of 2", terminal)
        try terminal.send("\u{3}")
        #expect(try await terminal.waitForExit() == 130)
        #expect(terminal.isEchoing)
        #expect(terminal.screen.text == "> rows\ninterrupted")
    }

    @Test func questionIsShortInANarrowWindow() async throws {
        let folder = try folder()
        let terminal = try start("run --ephemeral --step walk.fettle", in: folder)
        try await waitForQuestion("1 of 5", terminal)
        terminal.resize(columns: 40, rows: 24)
        try terminal.send("s")
        try await terminal.wait(for: "the short question") {
            $0.currentLine == "Enter, e, s, c, q?"
        }
        try terminal.send("q")
        #expect(try await terminal.waitForExit() == 0)
    }

    @Test(arguments: [
        ["run", "--ephemeral", "--step", "walk.fettle"],
        ["--ephemeral", "-c", "run walk.fettle --step"],
    ])
    func withoutATerminalItIsAnError(arguments: [String]) async throws {
        let folder = try folder()
        let result = try await FettleProgram.run(arguments, in: folder)
        #expect(result.status == 4)
        #expect(result.output == "")
        #expect(
            result.errors == """
                error[no-terminal]: '--step' asks before each command, and there is no terminal to ask at
                  hint: '--echo' shows each command before its output, '--dry-run' runs none

                """
        )
    }
}
