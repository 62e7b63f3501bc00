import FettleTestSupport
import Foundation
import Testing

/// The user's rc file, and where it is not read.
struct StartFileTests {
    private static let place = ".config/fettle/rc.fettle"

    @Test func promptRunsTheFileAndComesInSpiteOfAnError() async throws {
        let folder = try TemporaryFolder()
        let lines = [
            "## prose of nobody", "let mine = 7", "", "lett yours = 8", "set bell bell",
            "set timing on", "!touch ran", "quit", "set pager off",
        ]
        try folder.write(lines.joined(separator: "\n"), to: Self.place)
        for stray in ["rc.fettle", ".fettlerc", ".fettle/rc.fettle"] {
            try folder.write("let stray = 1\n", to: stray)
        }
        _ = try await FettleProgram.run(["-c", "set timing off; set bell osc9 --save"], in: folder)
        let prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        #expect(
            prompt.terminal.screen.text.contains(
                """
                error[unknown-command]: no command 'lett'
                  \(folder.path)/\(Self.place):4:1
                """
            ),
            "\(prompt.terminal.screen.text)"
        )
        #expect(FileManager.default.fileExists(atPath: folder.path + "/ran"))
        try await prompt.run("vars", until: "\nmine")
        #expect(!prompt.terminal.screen.text.contains("stray"))
        try await prompt.run("set", until: "timing   on     rc file")
        #expect(prompt.terminal.screen.text.contains("bell     osc9   workspace"))
        try await prompt.run("undo", until: "nothing-to-undo")
        try await prompt.run("history", until: "5  failed  undo\n")
        #expect(!prompt.terminal.screen.text.contains("touch"))
        try await prompt.quit()
    }

    @Test func fileIsLeftOutWhereItIsNotAskedFor() async throws {
        let folder = try TemporaryFolder()
        try folder.write("let mine = 7\n", to: Self.place)
        let none = "no variable is set: let seed = 7\n"
        try folder.write("vars\n", to: "a.fettle")
        for arguments in [["-c", "vars"], ["a.fettle"], ["run", "a.fettle"]] {
            let result = try await FettleProgram.run(arguments, in: folder)
            #expect(result.output == none, "\(arguments)")
        }
        let piped = try await FettleProgram.run([], input: "vars\n", in: folder)
        #expect(piped.output == none)
        let prompt = try Prompt(folder, options: "--no-rc")
        try await prompt.wait(for: "Ctrl-D leaves")
        try await prompt.run("vars", until: "no variable is set")
        try await prompt.quit()
    }

    @Test func fileThatIsNamedIsRunBeforeCommandsAndStopsThemByItsErrors() async throws {
        let folder = try TemporaryFolder()
        try folder.write("let theirs = 8\n", to: "own.fettle")
        try folder.write("let mine = 7\n", to: Self.place)
        let rc = ["--rc", "own.fettle"]
        var result = try await FettleProgram.run(rc + ["-c", "vars | as plain"], in: folder)
        #expect(result.output.contains("theirs\t8"), "\(result.errors)")
        #expect(!result.output.contains("mine"))
        result = try await FettleProgram.run(rc, input: "vars | as plain\n", in: folder)
        #expect(result.output.contains("theirs\t8"), "\(result.errors)")
        try folder.write("lett\nlet theirs = 9\n", to: "own.fettle")
        result = try await FettleProgram.run(rc + ["-c", "vars"], in: folder)
        #expect(result.output == "")
        #expect(result.errors.contains("own.fettle:1:1"))
        #expect(result.status == 2)
        result = try await FettleProgram.run(["--rc", "none", "-c", "vars"], in: folder)
        #expect(
            result.errors == """
                error[no-file]: 'none' cannot be read
                  hint: check that the file is there and may be read

                """
        )
        #expect(result.output == "")
        result = try await FettleProgram.run(["--rc", "own.fettle", "--no-rc"], in: folder)
        #expect(result.errors.contains("give --rc or --no-rc, not both"))
        #expect(result.status == 2)
    }

    // MARK: - History

    @Test func firstPromptSaysWhereLinesAreKept() async throws {
        let folder = try TemporaryFolder()
        var prompt = try Prompt(folder, isFirst: true)
        try await prompt.wait(for: "Ctrl-D leaves")
        let shown = prompt.terminal.screen.text.replacing("\n", with: " ")
        #expect(shown.contains("lines are kept in \(folder.path)"), "\(shown)")
        #expect(shown.contains("fettle --no-history keeps none"), "\(shown)")
        try await prompt.quit()
        prompt = try Prompt(folder)
        try await prompt.wait(for: "Ctrl-D leaves")
        #expect(!prompt.terminal.screen.text.contains("lines are kept"))
        try await prompt.quit()
    }

    @Test(arguments: [("--no-history", [:]), ("", ["FETTLE_NO_HISTORY": "1"])])
    func nothingTypedIsKeptWhereThatIsWanted(
        options: String,
        environment: [String: String]
    ) async throws {
        let folder = try TemporaryFolder()
        let prompt = try Prompt(folder, isFirst: true, options: options, environment: environment)
        try await prompt.wait(for: "Ctrl-D leaves")
        #expect(!prompt.terminal.screen.text.contains("lines are kept"))
        try await prompt.run("let a = 7", until: "let a = 7")
        try await prompt.run("set timing off --save", until: "kept for this workspace")
        // Up goes through this session's lines all the same.
        try prompt.terminal.send("\u{1B}[A\u{1B}[A")
        try await prompt.terminal.wait(for: "the first line") {
            $0.currentLine == "fettle> let a = 7"
        }
        try prompt.terminal.send("\u{3}")
        try await prompt.quit()
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/state"))
        let result = try await FettleProgram.run(["-c", "history | as plain"], in: folder)
        #expect(result.output.contains("let a = 7"))
    }
}
