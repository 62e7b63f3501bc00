import FettleCore
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

/// `run FILE --resume` at the prompt.
struct InnerResumeTests {
    private static let script = """
        load 'DATA' as d
        !echo once
        where a > 1
        let x = 5
        where nope > 1
        !echo after
        let end = 1

        """

    private static func text(_ folder: TemporaryFolder) throws -> String {
        let data = try folder.write("a\n1\n2\n3\n", to: "data.csv")
        return script.replacingOccurrences(of: "DATA", with: data)
    }

    @Test func runOfTheShellGoesOnWhereItFailed() async throws {
        let folder = try TemporaryFolder()
        let text = try Self.text(folder)
        let path = try folder.write(text, to: "walk.fettle")
        var shell = TestShell()
        let failed = await shell.run("run '\(path)'")
        #expect(failed.status == .failure)
        #expect(shell.session.library.names == [])

        try folder.write(text.replacingOccurrences(of: "nope", with: "a"), to: "walk.fettle")
        let resumed = await shell.run("run '\(path)' --resume")
        #expect(resumed.errors == "")
        #expect(
            resumed.output == """
                going on with line 5
                d: 2 rows, version 3

                """
        )
        #expect(shell.shellLines.map(\.line) == ["echo once", "echo after"])
        #expect(shell.session.variables.keys.sorted() == ["end", "x"])
        #expect(shell.session.scripts == [])

        let nothing = await shell.run("run '\(path)' --resume")
        #expect(
            nothing.errors.hasPrefix("error[nothing-to-resume]: the last run of '\(path)' came")
        )
        // To 'undo' it is one change, and a script of the session runs it from the start.
        let undone = await shell.run("undo")
        #expect(
            undone.output.replacing("'\n--resume", with: "' --resume") == """
                undone: run '\(path)' --resume
                end is not set
                x is not set
                no dataset is loaded

                """
        )
        await shell.run("redo")
        let saved = folder.path + "/saved.fettle"
        #expect(await shell.run("session save '\(saved)'").status == .success)
        #expect(try Files.text(saved) == "run '\(path)'\n")
    }

    @Test func runOfTheProgramIsGoneOnWith() async throws {
        let folder = try TemporaryFolder()
        let text = try Self.text(folder)
        let path = try folder.write(text, to: "walk.fettle")
        let place = folder.path + "/.fettle"
        var options = ScriptOptions()
        options.isWhole = true
        var first = TestShell(workspace: Workspace(.folder(place), session: "1"))
        #expect(await first.run(text, file: path, options: options).status == .failure)
        var second = TestShell(workspace: Workspace(.folder(place), session: "2"))
        let changed = text.replacingOccurrences(of: "x = 5", with: "x = 6")
        try folder.write(changed, to: "walk.fettle")
        let refused = await second.run("run '\(path)' --resume")
        #expect(
            refused.errors.hasPrefix(
                "error[script-changed]: line 4 of '\(path)' is not what was run: 'let x = 5'\n"
            )
        )
        #expect(second.session.variables.isEmpty)
        try folder.write(text.replacingOccurrences(of: "nope", with: "a"), to: "walk.fettle")
        let resumed = await second.run("run '\(path)' --resume")
        #expect(resumed.status == .success, "\(resumed.errors)")
        #expect(second.shellLines.map(\.line) == ["echo after"])
        #expect(second.session.variables["x"] == .text("5", isBare: true))
    }

    @Test func whatCannotGoTogetherIsSaid() async throws {
        var shell = TestShell()
        let result = await shell.run("run walk.fettle --resume to=3")
        #expect(
            result.errors == """
                error[unexpected-word]: '--resume' takes no --step, --from, --to or values
                    1 | run walk.fettle --resume to=3
                      | ^^^
                  hint: run walk.fettle --resume

                """
        )
    }

    @Test func stepWithinAScriptIsAnError() async throws {
        let folder = try TemporaryFolder()
        let inner = try folder.write("let x = 1\n", to: "inner.fettle")
        let outer = try folder.write("run '\(inner)' --step\n", to: "outer.fettle")
        var shell = TestShell()
        let result = await shell.run("run '\(outer)'")
        #expect(
            result.errors.hasPrefix(
                "error[not-here]: '--step' asks at a prompt or for 'fettle run', not within a script"
            )
        )
        #expect(shell.session.variables.isEmpty)
    }
}
