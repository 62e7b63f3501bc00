import FettleWorkbench
import Testing

@testable import FettleShell

/// `edit`, whose text the prompt takes.
struct EditCommandTests {
    @Test func lastLineOrACommandOfTheHistoryIsTaken() async throws {
        var shell = TestShell()
        _ = try shell.services.workspace.store()
        await shell.run("let a = 1")
        #expect(await shell.run("edit").output == "")
        #expect(shell.session.lineToEdit == .last)
        #expect(await shell.run("edit 1").output == "")
        #expect(shell.session.lineToEdit == .text("let a = 1"))
        #expect(
            await shell.run("edit 70").errors == """
                error[no-such-command]: the history has no command 70
                    1 | edit 70
                      |      ^^
                  hint: 'history' lists the commands with their numbers

                """
        )
    }

    @Test func scriptHasNoPrompt() async throws {
        var shell = TestShell()
        let folder = try TemporaryFolder()
        let path = try folder.write("edit\n", to: "a.fettle")
        let result = await shell.run("run \(path)")
        #expect(
            result.errors == """
                error[no-prompt]: 'edit' puts a text at the prompt, and there is none
                  \(path):1:1
                    1 | edit
                      | ^^^^
                  hint: start 'fettle' without arguments, and type 'edit' there

                """
        )
        #expect(shell.session.lineToEdit == nil)
    }
}
