import FettleCore
import FettleData
import FettleStore
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

struct SessionStateTests {
    private static let small = Files.root + "/samples/reviews-small.json"

    @Test(arguments: [
        ("help", FettleShell.ExitStatus.success),
        ("rows", .failure),
        ("nonsense", .usage),
        ("shuffle seed=x", .usage),
        ("shuffle speed=1", .usage),
        ("load", .usage),
        ("load 'a.csv", .usage),
        ("let x = \"\\q\"", .usage),
        ("| rows", .usage),
        ("rows |", .usage),
        ("where (stars", .usage),
        ("use a b", .usage),
        ("load no-such-file.csv", .failure),
        ("run no-such-script.fettle", .failure),
    ])
    func statusSaysWhatKindOfErrorItWas(line: String, status: FettleShell.ExitStatus) async {
        var shell = TestShell()
        let result = await shell.run(line)
        #expect(result.status == status, "\(result.errors)")
        #expect((result.errors == "") == (status == .success))
    }

    @Test func statusesAreThoseOfTheExitCodes() {
        #expect(FettleShell.ExitStatus(Diagnostic("no-dataset", "")) == .failure)
        #expect(FettleShell.ExitStatus(Diagnostic("syntax", "")) == .usage)
        #expect(FettleShell.ExitStatus(Diagnostic("output-differs", "")) == .mismatch)
        #expect(FettleShell.ExitStatus(Diagnostic("needs-confirmation", "")) == .refused)
        #expect(FettleShell.ExitStatus(CancellationError()) == .interrupted)
        #expect(FettleShell.ExitStatus.terminated.rawValue == 143)
    }

    @Test func failingCommandLeavesTheSessionAsItWas() async throws {
        let folder = try TemporaryFolder()
        let script = try folder.write(
            "sample 5 as few\nlet x = 1\nwhere star > 3\n",
            to: "a.fettle"
        )
        var shell = TestShell()
        await shell.run("load \(Self.small)")
        let result = await shell.run("run \(script)")
        #expect(result.status == .failure)
        #expect(
            result.errors == """
                error[unknown-column]: no column 'star'
                  \(script):3:7
                    3 | where star > 3
                      |       ^^^^
                  hint: did you mean 'stars'?
                  hint: columns: review_id, product_id, reviewer_id, stars, review_body, review_title, language, product_category

                """
        )
        #expect(shell.session.library.names == ["reviews-small"])
        #expect(shell.session.variables.isEmpty)
        #expect(shell.session.lastStatus == 1)
        await shell.run("let status = $?")
        #expect(shell.session.variables["status"] == .text("1", isBare: true))
    }

    @Test func laterStatementsOfALineDoNotRunAfterAnError() async {
        var shell = TestShell()
        let result = await shell.run("let a = 1; nonsense; let b = 2")
        #expect(result.status == .usage)
        #expect(shell.session.variables.keys.sorted() == ["a"])
    }

    @Test func variablesStandInWordsAndExpressions() async throws {
        var shell = TestShell(environment: ["SIZE": "4"])
        var result = await shell.run(
            """
            load \(Self.small)
            let least = 4
            let tongue = en
            where stars >= $least and language == $tongue
            sample ${env:SIZE} as few
            rows ${count:-2} | select stars | rows
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        #expect(try shell.session.library.dataset("few").frame.count == 4)
        #expect(
            result.output.hasSuffix("stars\n─  ─────\n1      5\n2      5\n"),
            "\(result.output)"
        )
        result = await shell.run("where stars >= $lest")
        #expect(
            result.errors == """
                error[unknown-variable]: no variable 'lest'
                    1 | where stars >= $lest
                      |                ^^^^^
                  hint: did you mean 'least'?
                  hint: set it with 'let lest = VALUE'

                """
        )
    }

    @Test(arguments: [
        ("let a = b", "b"),
        ("let a=b", "b"),
        ("let a = \"b = c\"", "b = c"),
        ("let a=\"b = c\"", "b = c"),
        ("let a = 'x=1=2'", "x=1=2"),
        ("let a = \"=\"", "="),
        ("let a = \"\"", ""),
    ])
    func valueOfAVariableMayHaveAnySign(line: String, value: String) async {
        var shell = TestShell()
        let result = await shell.run(line)
        #expect(result.errors == "")
        guard case .text(let text, isBare: false)? = shell.session.variables["a"] else {
            Issue.record("no text")
            return
        }
        #expect(text == value)
    }

    @Test func quotedVariableIsATextOfItsOwnInAnExpression() async throws {
        var shell = TestShell()
        let result = await shell.run(
            """
            load \(Self.small)
            let name = "en\\" or true or language == \\""
            where language == $name
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        #expect(try shell.session.library.dataset(nil).frame.count == 0)
    }

    @Test func runFindsScriptsBesideTheScriptThatNamesThem() async throws {
        let folder = try TemporaryFolder()
        let outer = try folder.write(
            "let a = 1\nrun parts/inner.fettle\nlet c = 3\n",
            to: "outer.fettle"
        )
        try folder.write("let b = 2\nquit\nlet never = 1\n", to: "parts/inner.fettle")
        var shell = TestShell()
        let result = await shell.run("run \(outer)\nlet d = 4")
        #expect(result.status == .success, "\(result.errors)")
        #expect(shell.session.variables.keys.sorted() == ["a", "b", "c", "d"])
        #expect(!shell.session.wantsToQuit)
    }

    @Test func quitEndsTheShell() async {
        var shell = TestShell()
        let result = await shell.run("let a = 1; quit; let b = 2")
        #expect(result.status == .success)
        #expect(shell.session.wantsToQuit)
        #expect(shell.session.variables.keys.sorted() == ["a"])
    }

    @Test func scriptThatRunsItselfIsAnError() async throws {
        let folder = try TemporaryFolder()
        let a = try folder.write("run b.fettle\n", to: "a.fettle")
        try folder.write("run a.fettle\n", to: "b.fettle")
        var shell = TestShell()
        let result = await shell.run("run \(a)")
        #expect(result.status == .failure)
        #expect(
            result.errors == """
                error[script-cycle]: '\(a)' is run from within itself
                  \(folder.path)/b.fettle:1:5
                    1 | run a.fettle
                      |     ^^^^^^^^
                  hint: scripts that run each other would never end

                """
        )
    }

    @Test func cellsFromBeforeTheWorkspaceAreWrittenWithIt() async throws {
        let folder = try TemporaryFolder()
        let place = folder.path + "/.fettle"
        var shell = TestShell(workspace: Workspace(.folder(place), session: "test"))
        await shell.run("let a = 1")
        await shell.run("rows")
        #expect(!FileManager.default.fileExists(atPath: place))
        await shell.run("load \(Self.small)")
        await shell.run("quit")
        let store = try Store(path: place + "/fettle.sqlite")
        #expect(
            try store.recentSources(limit: 10) == [
                "let a = 1", "rows", "load \(Self.small)", "quit",
            ]
        )
    }
}
