import FettleTestSupport
import Foundation
import Testing

/// What the prompt does with the line beyond typing: `edit`, `VERB ?`, snippets, marks and lists.
struct LineTests {
    private static let greeting =
        "Fettle 0.1.0: 'help' lists the commands, 'tutorial' teaches them, Ctrl-D leaves\n"

    private static func prompt(
        in folder: TemporaryFolder,
        environment: [String: String] = [:]
    ) async throws -> PseudoTerminal {
        let prompt = try Prompt(folder, options: "--ephemeral", environment: environment)
        try await prompt.wait(for: "Ctrl-D leaves")
        return prompt.terminal
    }

    /// Waits until the screen below the greeting is as expected and the cursor at its end.
    private static func wait(_ terminal: PseudoTerminal, for text: String) async throws {
        try await terminal.wait(forText: greeting + text)
    }

    @Test func editPutsTheChangedLineAtThePrompt() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("#!/bin/sh\necho 'let b = 2' >> \"$1\"\n", to: "editor")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        let terminal = try await Self.prompt(in: folder, environment: ["EDITOR": path])
        try terminal.send("let a = 1\redit\r")
        let screen = "fettle> let a = 1\nfettle> edit\nfettle> let a = 1\n   ...> let b = 2"
        try await Self.wait(terminal, for: screen)
        try terminal.send("0\rvars\r")
        try await Self.wait(
            terminal,
            for: screen + "0\nfettle> vars\na  1\nb  20\nfettle>"
        )
        // 'edit' itself is not what is edited next, nor is a line that was dropped.
        try terminal.send("edit\r")
        try await terminal.wait(for: "the line before") {
            $0.text.hasSuffix("\nfettle> edit\nfettle> vars\n   ...> let b = 2")
        }
        try terminal.send("\u{3}edit\r")
        try await terminal.wait(for: "the line again") {
            $0.text.hasSuffix("let b = 2^C\nfettle> edit\nfettle> vars\n   ...> let b = 2")
        }
    }

    @Test func editorThatIsNotThereIsSaid() async throws {
        let folder = try TemporaryFolder()
        let terminal = try await Self.prompt(in: folder, environment: ["VISUAL": "/no/such"])
        try terminal.send("let a = 1\redit\r")
        try await terminal.wait(for: "the reason and the line") {
            $0.text.hasSuffix(
                """
                there is no such editor; $VISUAL or $EDITOR names yours: the line is as before
                fettle> let a = 1
                """
            )
        }
    }

    @Test func questionMarkShowsHelpAndKeepsTheLine() async throws {
        let folder = try TemporaryFolder()
        let terminal = try await Self.prompt(in: folder)
        try terminal.send("use reviews ?\r")
        try await Self.wait(
            terminal,
            for: """
                fettle> use reviews ?
                use: make a dataset the current one, which commands take when none is named

                  use DATASET

                  DATASET  the dataset to work on

                examples:
                  use reviews.train
                      work on the training part
                  use reviews
                      work on the whole again
                fettle> use reviews
                """
        )
        #expect(terminal.screen.cursorColumn == 20)
        try terminal.send("\r")
        try await terminal.wait(for: "the line's own error") {
            $0.text.contains("fettle> use reviews\nerror[unknown-dataset]: no dataset 'reviews'\n")
        }
        // Help is no command of the record, and Up finds the line, not the question.
        try terminal.send("\u{1B}[A")
        try await terminal.wait(for: "the line") { $0.currentLine == "fettle> use reviews" }
    }

    @Test func tabExpandsASnippet() async throws {
        let folder = try TemporaryFolder()
        let terminal = try await Self.prompt(in: folder)
        try terminal.send("let a = 1\rlet b = 2\rsnippet save both 1..2\r@b\t")
        let above = """
            fettle> let a = 1
            fettle> let b = 2
            fettle> snippet save both 1..2
            2 commands kept: @both runs them

            """
        try await Self.wait(terminal, for: above + "fettle> @both")
        try terminal.send("\t")
        let expanded = above + "fettle> let a = 1\n   ...> let b = 2"
        try await Self.wait(terminal, for: expanded)
        try terminal.send("0\rvars\r")
        try await Self.wait(terminal, for: expanded + "0\nfettle> vars\na  1\nb  20\nfettle>")
    }

    @Test func furtherLinesBeginWhereTheFirstDoes() async throws {
        let folder = try TemporaryFolder()
        try folder.write("a\n1\n", to: "数据.csv")
        let terminal = try await Self.prompt(in: folder, environment: ["NO_COLOR": ""])
        try terminal.send("load 数据.csv\r")
        try await terminal.wait(for: "the prompt") { $0.currentLine == "fettle 数据[1]>" }
        try terminal.send("where (a > 0\rand a < 2")
        try await terminal.wait(for: "the mark") {
            $0.currentLine == "           ...> and a < 2" && $0.cursorColumn == 25
        }
        let row = terminal.screen.cursorRow
        #expect(terminal.screen.colouredLine(row).hasPrefix("           ‹2›...>‹› and a"))
    }

    @Test func candidatesOfSeveralKindsStandUnderHeadings() async throws {
        let folder = try TemporaryFolder()
        try folder.write("a\n1\n", to: "d.csv")
        let terminal = try await Self.prompt(in: folder)
        try terminal.send("load d.csv\r")
        try await terminal.wait(for: "the prompt") { $0.currentLine == "fettle d[1]>" }
        try terminal.send("sample \t")
        try await terminal.wait(for: "the list") {
            $0.text.contains("\nsettings:\n") && $0.currentLine == "fettle d[1]> sample"
        }
        let list = terminal.screen.text.split(separator: "\n").drop { $0 != "fettle d[1]> sample" }
        #expect(
            list.joined(separator: "\n") == """
                fettle d[1]> sample
                keywords:
                as     keep the result as this dataset
                settings:
                by=    take each value of this column in its share
                seed=  seed of the draw
                fettle d[1]> sample
                """
        )
    }

    @Test func upIsThisShellsAndSearchIsEverybodys() async throws {
        let folder = try TemporaryFolder()
        try folder.write("\"let old = 1\"\n", to: "state/fettle/history")
        let first = try await Self.prompt(in: folder)
        let second = try await Self.prompt(in: folder)
        try first.send("let mine = 1\r")
        try await Self.wait(first, for: "fettle> let mine = 1\nfettle>")
        try second.send("let theirs = 2\r")
        try await Self.wait(second, for: "fettle> let theirs = 2\nfettle>")
        let screen = "fettle> let mine = 1\nfettle> "
        try first.send("\u{1B}[A")
        try await Self.wait(first, for: screen + "let mine = 1")
        try first.send("\u{1B}[A")
        try await Self.wait(first, for: screen + "let old = 1")
        try first.send("\u{15}\u{12}the")
        try await Self.wait(first, for: screen + "let theirs = 2\nbck:the")
        try first.send("\u{7}")
        try await first.wait(for: "the line without the search") { $0.currentLine == "fettle>" }
        // What was found is not among what Up and Down go through.
        try first.send("\u{1B}[B")
        try await Self.wait(first, for: screen + "let mine = 1")
        try first.send("\u{1B}[Bx")
        try await Self.wait(first, for: screen + "x")
    }
}
