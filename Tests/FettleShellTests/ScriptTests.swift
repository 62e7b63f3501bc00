import FettleCore
import FettleData
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

/// Scripts as documents: their help, their parts, and what is done when a command fails.
struct ScriptTests {
    private static let script = """
        #!fettle 1
        ## A walk
        ## through small numbers
        param count = 2 type=integer "how many"
        param part = train type="train|test"
        let name = "a b"

        ## Look
        !echo $count
        vars > /dev/null
        ## Break
        nope
        !echo after
        """

    private static func options(_ change: (inout ScriptOptions) -> Void) -> ScriptOptions {
        var options = ScriptOptions()
        change(&options)
        return options
    }

    private static func set(_ values: [String: String]) -> Session {
        var session = Session()
        session.overrides = values
        return session
    }

    @Test func helpListsProseHeadingsAndParams() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.script, to: "walk.fettle")
        var shell = TestShell()
        let result = await shell.run("run '\(path)' --help")
        #expect(
            result.output == """
                \(path): 7 commands
                A walk
                through small numbers
                parts, for --from and --to:
                line 8   Look
                line 11  Break
                param  type        default  meaning
                ─────  ──────────  ───────  ────────
                count  integer     2        how many
                part   train|test  train
                'fettle run --set count=VALUE FILE' sets one

                """
        )
        #expect(result.status == .success)
    }

    @Test func dryRunPutsVariablesInAndRunsNothing() async throws {
        var shell = TestShell(Self.set(["count": "7"]))
        let script = """
            param count = 2 type=integer
            let name = "a b"
            load ${name}.csv as d
            load $name as e
            where (text == $name and n > $count) > "out ${count}.csv"
            let best = $_
            rows $best
            """
        let result = await shell.run(script, options: Self.options { $0.isDryRun = true })
        #expect(
            result.output == """
                param count = 2 type=integer  # set to 7
                let name = "a b"
                load a b.csv as d
                load 'a b' as e
                where (text == "a b" and n > 7) > "out 7.csv"
                let best = $_
                rows $best
                7 commands, none of which was run

                """
        )
        #expect(result.status == .success)
        #expect(shell.session.variables.isEmpty)
    }

    @Test func dryRunNamesEveryCommandThatCannotRun() async throws {
        var shell = TestShell()
        let script = "lod x.csv\nrows 3 4 5\nrows $none\nlet a = 1\nrows $a"
        let result = await shell.run(
            script,
            file: "a.fettle",
            options: Self.options { $0.isDryRun = true }
        )
        let heads = result.errors.split(separator: "\n").filter { $0.hasPrefix("error") }
        #expect(
            heads == [
                "error[unknown-command]: no command 'lod'",
                "error[unexpected-word]: '4' is not expected here",
                "error[unknown-variable]: no variable 'none'",
            ]
        )
        #expect(result.status == .usage)
        #expect(result.output.isEmpty)
    }

    @Test(arguments: [
        ("count", "x", "--set gives 'count' the value 'x', expected a whole number"),
        ("count", "1.5", "--set gives 'count' the value '1.5', expected a whole number"),
        ("part", "tain", "--set gives 'part' the value 'tain', expected one of train, test"),
        ("cuont", "1", "--set names 'cuont', which no 'param' of the scripts declares"),
    ])
    func wrongValuesAreSaidBeforeAnythingRuns(name: String, value: String, message: String) {
        let source = SourceText(text: Self.script)
        let error = #expect(throws: Diagnostic.self) {
            try ScriptParameters.check([name: value], in: [source])
        }
        #expect(error?.message == message)
    }

    @Test(arguments: [
        ("param a = 1", "2.5", "number"), ("param a = true", "false", "boolean"),
        ("param a = \"1\"", "x", "text"), ("param a = x", "7", "text"),
        ("param a=1 type=integer", "-3", "integer"),
    ])
    func typeComesFromTheDefaultWhereNoneIsGiven(line: String, value: String, type: String) throws {
        let source = SourceText(text: line)
        #expect(ScriptParameters.declared(in: source).map(\.kind.text) == [type])
        try ScriptParameters.check(["a": value], in: [source])
    }

    @Test func defaultMustBeOfItsType() async {
        var shell = TestShell()
        let result = await shell.run("param n = few type=integer")
        #expect(
            result.errors == """
                error[bad-value]: 'n' is 'few', expected a whole number
                    1 | param n = few type=integer
                      |           ^^^

                """
        )
    }

    @Test func partsAreChosenByLineAndHeading() async {
        var shell = TestShell()
        let byHeading = await shell.run(
            Self.script,
            options: Self.options { ($0.from, $0.to) = ("look", "Loo") }
        )
        #expect(byHeading.status == .success)
        #expect(shell.shellLines.map(\.line) == ["echo $count"])
        #expect(shell.session.variables.keys.sorted() == ["count", "part"])

        var other = TestShell()
        let byLine = await other.run(Self.script, options: Self.options { $0.from = "13" })
        #expect(byLine.status == .success)
        #expect(other.shellLines.map(\.line) == ["echo after"])

        let wrong = await other.run(Self.script, options: Self.options { $0.from = "Beak" })
        #expect(
            wrong.errors == """
                error[unknown-place]: --from names 'Beak', which is no line and no '##' heading of the script
                  hint: did you mean 'Break'?
                  hint: it has 'A walk', 'Look', 'Break'

                """
        )
        #expect(wrong.status == .usage)
    }

    @Test func keepGoingRunsTheRestAndGivesTheWorstStatus() async {
        var shell = TestShell()
        let script = "rows\nnope\n!echo after\nlet done = 1"
        let stopped = await shell.run(script, file: "a.fettle")
        #expect(stopped.status == .failure)
        #expect(shell.shellLines.isEmpty)
        let all = await shell.run(
            script,
            file: "a.fettle",
            options: Self.options { ($0.keepsGoing, $0.echoes) = (true, true) }
        )
        #expect(all.status == .usage)
        #expect(all.output == "> rows\n> nope\n> !echo after\n> let done = 1\n")
        #expect(shell.shellLines.map(\.line) == ["echo after"])
        #expect(shell.session.variables.keys.sorted() == ["done"])
    }

    @Test func errorOfSyntaxAtTheEndComesBeforeAnythingRuns() async {
        var shell = TestShell()
        let result = await shell.run("!echo first\nlet x = 'open", file: "a.fettle")
        #expect(result.status == .usage)
        #expect(shell.shellLines.isEmpty)
    }

    @Test func scriptsFindEachOtherAndTheirFolder() async throws {
        let folder = try TemporaryFolder()
        try folder.write("a,b\n1,2\n", to: "inner/data.csv")
        try folder.write("load \"${script.dir}/data.csv\" as d\n", to: "inner/b.fettle")
        let path = try folder.write("run inner/b.fettle\n", to: "a.fettle")
        var shell = TestShell()
        let result = await shell.run(try Files.text(path), file: path)
        #expect(result.status == .success, "\(result.errors)")
        #expect(shell.session.library.current == "d")
        let outside = await shell.run("rows ${script.dir}")
        #expect(outside.errors.hasPrefix("error[unknown-variable]: no variable 'script.dir'\n"))
    }

    @Test func scriptsThatRunEachOtherAreAnError() async throws {
        let folder = try TemporaryFolder()
        try folder.write("run a.fettle\n", to: "b.fettle")
        let path = try folder.write("run b.fettle\n", to: "a.fettle")
        var shell = TestShell()
        let result = await shell.run(try Files.text(path), file: path)
        #expect(
            result.errors.hasPrefix(
                "error[script-cycle]: '\(path)' is run from within itself\n"
            )
        )
        var deep = TestShell()
        for depth in 1...17 {
            try folder.write("run d\(depth + 1).fettle\n", to: "d\(depth).fettle")
        }
        try folder.write("let deep = 1\n", to: "d18.fettle")
        let tooDeep = await deep.run("run '\(folder.path)/d1.fettle'")
        #expect(
            tooDeep.errors.hasPrefix(
                "error[script-cycle]: '\(folder.path)/d17.fettle' is 17 scripts deep, limit 16\n"
            )
        )
    }

    @Test func runInASessionTakesValuesPartsAndKeepGoing() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.script, to: "walk.fettle")
        var shell = TestShell()
        let wrong = await shell.run("run '\(path)' cuont=3")
        #expect(
            wrong.errors.hasPrefix(
                "error[unknown-parameter]: --set names 'cuont', which no 'param' of the scripts declares\n"
            )
        )
        let result = await shell.run("run '\(path)' count=5 from=Break --keep-going --echo")
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(
            lines.prefix(6) == [
                "## A walk", "## through small numbers",
                "> param count = 2 type=integer \"how many\"",
                "> param part = train type=\"train|test\"", "## Break", "> nope",
            ]
        )
        #expect(lines.dropFirst(6).first?.hasPrefix("warning: \(path):12:") == true)
        #expect(lines.suffix(2) == ["> !echo after", "warning: 1 of 4 commands failed"])
        #expect(result.status == .success)
        #expect(shell.session.variables["count"] == .text("5", isBare: true))
        #expect(shell.session.overrides.isEmpty)
    }

    @Test func resumeGoesOnAfterTheCommandThatFailed() async throws {
        let folder = try TemporaryFolder()
        try folder.write("a,b\n1,2\n3,4\n", to: "data.csv")
        let place = folder.path + "/.fettle"
        func shell(_ name: String, _ values: [String: String] = [:]) -> TestShell {
            TestShell(
                Self.set(values),
                workspace: Workspace(.folder(place), session: name)
            )
        }
        let script = """
            param least = 9 type=integer
            load '\(folder.path)/data.csv' as d
            !echo once
            where a > $least as big
            where nope > 1
            !echo after
            where wrong
            let end = 1
            """
        let path = try folder.write(script, to: "walk.fettle")
        let whole = Self.options { $0.isWhole = true }
        let again = Self.options { ($0.isWhole, $0.resumes) = (true, true) }

        var first = shell("1", ["least": "2"])
        #expect(await first.run(script, file: path, options: whole).status == .failure)

        let mended = script.replacingOccurrences(of: "nope > 1", with: "b > 1")
        var second = shell("2")
        let failed = await second.run(mended, file: path, options: again)
        #expect(failed.status == .failure, "\(failed)")
        #expect(failed.errors.hasPrefix("going on with line 5\nerror[unknown-column]: "))
        // What went outside is not done again.
        #expect(second.shellLines.map(\.line) == ["echo after"])
        #expect(second.session.variables["least"] == .text("2", isBare: true))

        var third = shell("3")
        let finished = await third.run(
            mended.replacingOccurrences(of: "wrong", with: "a > 0"),
            file: path,
            options: again
        )
        #expect(finished.status == .success, "\(finished)")
        #expect(finished.errors == "going on with line 7\n")
        #expect(third.shellLines.isEmpty)
        #expect(third.session.variables.keys.sorted() == ["end", "least"])
        #expect(third.session.library.current == "big")
        #expect(try third.session.library.dataset("big").frame.count == 1)

        var fourth = shell("4")
        let nothing = await fourth.run(mended, file: path, options: again)
        #expect(
            nothing.errors.hasPrefix("error[nothing-to-resume]: the last run of '\(path)' came")
        )
    }

    @Test func resumeSaysWhenWhatWasRunHasChanged() async throws {
        let folder = try TemporaryFolder()
        try folder.write("a,b\n1,2\n", to: "data.csv")
        let place = folder.path + "/.fettle"
        let script = "load '\(folder.path)/data.csv' as d\nlet x = 1\nnope\n"
        let path = try folder.write(script, to: "walk.fettle")
        let again = Self.options { ($0.isWhole, $0.resumes) = (true, true) }
        var other = TestShell(workspace: Workspace(.folder(place), session: "0"))
        let none = await other.run(script, file: path, options: again)
        #expect(
            none.errors == """
                error[nothing-to-resume]: no run of '\(path)' is recorded in this workspace
                  hint: run it without --resume

                """
        )
        var first = TestShell(workspace: Workspace(.folder(place), session: "1"))
        _ = await first.run(script, file: path, options: Self.options { $0.isWhole = true })
        var second = TestShell(workspace: Workspace(.folder(place), session: "2"))
        let changed = await second.run(
            script.replacingOccurrences(of: "x = 1", with: "x = 2"),
            file: path,
            options: again
        )
        #expect(
            changed.errors == """
                error[script-changed]: line 2 of '\(path)' is not what was run: 'let x = 1'
                  hint: what was run stands before the command that failed, and must be as it was
                  hint: run it without --resume, or with --from 2

                """
        )
        #expect(second.session.variables.isEmpty)
    }
}
