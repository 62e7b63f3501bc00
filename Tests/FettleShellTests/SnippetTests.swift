import FettleWorkbench
import Testing

@testable import FettleShell

/// `snippet` and `@NAME`.
struct SnippetTests {
    @Test func commandsAreKeptShownRunAndForgotten() async throws {
        var shell = TestShell()
        _ = try shell.services.workspace.store()
        for line in ["let a = 1", "vars", "let b = 2"] { await shell.run(line) }
        #expect(
            await shell.run("snippet save both 1..3").output
                == "3 commands kept: @both runs them\n"
        )
        #expect(await shell.run("snippet save one 3").output == "1 command kept: @one runs them\n")
        #expect(await shell.run("snippet list").output == "both\none\n")
        #expect(await shell.run("snippet show both").output == "let a = 1\nvars\nlet b = 2\n")
        await shell.run("undo; undo")
        #expect(shell.session.variables.isEmpty)
        #expect(await shell.run(" @both ").output == "a  1\n")
        #expect(shell.session.variables.keys.sorted() == ["a", "b"])
        #expect(
            await shell.run("snippet show ../x").errors.hasPrefix("error[bad-name]: '../x' cannot ")
        )
        #expect(await shell.run("snippet delete one; snippet list").output.hasSuffix("\nboth\n"))
    }

    @Test func unknownNameIsAnErrorAtItsPlace() async throws {
        var shell = TestShell()
        _ = try shell.services.workspace.store()
        await shell.run("let a = 1; snippet save first 1")
        #expect(
            await shell.run("@frist").errors == """
                error[unknown-snippet]: no snippet 'frist'
                    1 | @frist
                      | ^^^^^^
                  hint: did you mean 'first'?
                  hint: 'snippet save frist 12..15' keeps commands of the history

                """
        )
    }

    @Test(
        arguments: [
            ("snippet save", "error[missing-argument]: 'snippet save' needs a name"),
            (
                "snippet save a",
                "error[missing-argument]: 'snippet save' needs the commands' numbers"
            ),
            (
                "snippet save a 3..1",
                "error[bad-value]: 'commands' is '3..1', expected numbers of 'history' such as 12 or"
            ),
            (
                "snippet save a 70..90",
                "error[no-such-command]: the history has no command 70 to 90"
            ),
            ("snippet save ../a 1", "error[bad-name]: '../a' cannot be a snippet's name"),
            ("snippet list a", "error[unexpected-word]: 'a' is not expected here"),
        ] as [(String, String)]
    )
    func wrongUseIsAnError(line: String, error: String) async throws {
        var shell = TestShell()
        let result = await shell.run(line)
        #expect(result.errors.hasPrefix(error), "\(result)")
    }
}
