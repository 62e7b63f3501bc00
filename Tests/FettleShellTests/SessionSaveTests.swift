import FettleCore
import FettleStore
import FettleWorkbench
import Testing

@testable import FettleShell

/// `session save`, and what is left of a session.
struct SessionSaveTests {
    private static let tune = "tune ngram on d n_epochs=1 as m"

    @Test(arguments: [
        (["load a", "help", "rows 3", "history", "let x = 1"], ["load a", "rows 3", "let x = 1"]),
        (["load a", "where b", "undo"], ["load a"]),
        (["load a", "where b", "undo", "redo"], ["load a", "where b"]),
        (["load a", "where b", "drop c", "undo", "undo", "redo"], ["load a", "where b"]),
        (["load a", "where b", "undo", "drop c", "undo"], ["load a"]),
        (["load a", "check", "undo", "load b"], ["load a", "check", "undo", "load b"]),
        (["load a", "where b", "use a", "undo", "redo"], ["load a", "where b", "use a"]),
        (
            ["load a", "rows | where b as c", "use a", "undo", "rows | where b > f.csv"],
            ["load a", "rows | where b > f.csv"]
        ),
        (
            ["load a", "where b", tune, "undo", "drop c", "undo"],
            ["load a", "where b", tune, "undo"]
        ),
        (
            ["load a", "where b", tune, "undo", "redo", "session save x.fettle"],
            ["load a", "where b", tune]
        ),
        (["param n = 1", "run x.fettle", "quit"], ["param n = 1", "run x.fettle"]),
        (["format", "check --fix", "undo", "tune a &"], ["format", "tune a"]),
    ])
    func scriptHasWhatMattered(sources: [String], kept: [String]) {
        #expect(SessionScript.kept(sources.map { .init(source: $0) }) == kept)
    }

    @Test func savingWithOutputSaysWhichCommandDoesNotRunAgain() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("text,label\na,1\n", to: "d.csv")
        var shell = TestShell()
        await shell.run("let a = 1\nload \(file)")
        _ = try folder.write("text,label\n\"a,1\n", to: "d.csv")
        let result = await shell.run("session save \(folder.path)/x.fettle --with-output")
        #expect(
            result.errors.hasPrefix(
                "error[not-repeatable]: the session does not run again from the start: line 3, "
                    + "'load \(file)': error[bad-csv]: expected '\"' at the end of the quoted cell, "
            ),
            "\(result.errors)"
        )
    }

    @Test func unfinishedSessionComesBackWithoutTraining() {
        let sources = [
            "load a", "where b", Self.tune, "undo", "let x = 1", "evaluate m", "use a",
            "export to f",
            "rows | where b as c", "!ls", "format prompt=a completion=b",
        ]
        #expect(
            SessionScript.stateOnly(sources.map { .init(source: $0) }) == [
                "load a", "let x = 1", "use a", "rows | where b as c",
                "format prompt=a completion=b",
            ]
        )
    }

    @Test func savedSessionReplaysCleanInAFreshWorkspace() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        let file = folder.path + "/walk.fettle"
        var result = await shell.run(
            """
            help
            where extra < 5
            nonsense
            """
        )
        result = await shell.run(
            """
            drop extra
            undo
            split 80/20 by=label seed=3
            tune ngram on d.train validate=d.test n_epochs=2 as m
            where label == "good"
            undo
            evaluate m on d.test
            history
            session save \(file) --with-output
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        let text = try Files.text(file)
        for gone in ["help", "nonsense", "drop extra", "undo", "history"] {
            #expect(!text.contains("\n\(gone)\n"), "\(gone)")
        }
        #expect(text.contains("\n#> m: ngram:ft-personal-2026-01-01-00-00-00\n"))
        let finding = try await Self.checker.check(file)
        #expect(finding.difference == nil)
        #expect(finding.compared == 6)
    }

    private static let checker = ScriptChecker(environment: [:]) { _, _ in 0 }

    @Test func whatReachesOutsideIsNotDoneAgain() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        let (file, log) = (folder.path + "/walk.fettle", folder.path + "/log.csv")
        let inner = try folder.write("!echo in\nwhere extra < 6\n", to: "inner.fettle")
        var result = await shell.run(
            """
            !echo one
            rows | !wc
            rows 1 | select extra >> \(log)
            sample 100 seed=1 as few > \(folder.path)/few.csv
            stats few > \(folder.path)/stats.txt
            export few to \(folder.path)/out
            run \(inner)
            rows 1 | select extra
            """
        )
        #expect(result.status == .success, "\(result.errors)")
        let names = try folder.names
        for name in ["few.csv", "stats.txt"] { try folder.write("mine", to: name) }
        result = await shell.run("session save \(file) --with-output")
        #expect(result.status == .success, "\(result.errors)")
        #expect(shell.shellLines.map(\.line) == ["echo one", "wc", "echo in"])
        #expect(try Files.text(log) == "extra\n0\n")
        #expect(try Files.text(folder.path + "/few.csv") == "mine")
        #expect(try Files.text(folder.path + "/stats.txt") == "mine")
        #expect(try folder.names == (names + ["walk.fettle"]).sorted())
        let text = try Files.text(file)
        #expect(
            text.hasSuffix(
                """
                !echo one
                rows | !wc
                rows 1 | select extra >> \(log)
                sample 100 seed=1 as few > \(folder.path)/few.csv
                stats few > \(folder.path)/stats.txt
                export few to \(folder.path)/out
                run \(inner)
                rows 1 | select extra
                #> #  extra
                #> ─  ─────
                #> 1      2

                """
            ),
            "\(text)"
        )
        let finding = try await Self.checker.check(file)
        #expect(finding.difference == nil)
        #expect(finding.compared == 3)
    }

    @Test func savedWithoutOutputIsOnlyTheCommands() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        let file = folder.path + "/walk.fettle"
        let result = await shell.run("where extra == 3; let token = abc; session save \(file)")
        #expect(result.status == .success, "\(result.errors)")
        #expect(
            try Files.text(file) == """
                load \(folder.path)/d.csv
                \(SmallData.format)
                where extra == 3
                # let token = ‹secret›

                """
        )
    }

    @Test func historyIsNarrowedDown() async throws {
        var shell = try await SmallData.shell(TemporaryFolder())
        await shell.run("where nonsense == 1")
        await shell.run("let api_key = abc; rows 1")
        var result = await shell.run("history 3")
        #expect(
            result.output == """
                #          command
                ─  ──────  ──────────────────────
                3  failed  where nonsense == 1
                4          let api_key = ‹secret›
                5          rows 1

                """
        )
        result = await shell.run("history --failed")
        #expect(
            result.output == """
                #          command
                ─  ──────  ───────────────────
                3  failed  where nonsense == 1

                """
        )
        result = await shell.run("history grep=LET --session")
        #expect(result.output.contains("\n4    let api_key = ‹secret›"), "\(result.output)")
        result = await shell.run("history grep=unheard-of")
        #expect(result.output == "no command is stored\n")
    }

    @Test(arguments: [
        ("param epochs = 3", "3"), ("param epochs=3", "3"),
        ("param epochs = 3 \"passes over the data\"", "3"),
    ])
    func paramIsAVariableThatCanBeSetFromOutside(line: String, value: String) async {
        var shell = TestShell()
        var result = await shell.run(line)
        #expect(result.errors == "")
        #expect(shell.session.variables["epochs"] == .text(value, isBare: true))
        var session = Session()
        session.overrides = ["epochs": "9"]
        shell = TestShell(session)
        result = await shell.run(line)
        #expect(shell.session.variables["epochs"] == .text("9", isBare: true))
    }

    @Test func settingWhatNoScriptDeclaresIsWrongUse() throws {
        let folder = try TemporaryFolder()
        let outer = try folder.write("param epochs = 1\nrun inner.fettle\n", to: "a.fettle")
        try folder.write("param seed=7 'of all'\nrun a.fettle\n", to: "inner.fettle")
        let source = try SourceText(contentsOf: outer)
        try ScriptParameters.check(["epochs": "1", "seed": "1"], in: [source])
        let error = #expect(throws: Diagnostic.self) {
            try ScriptParameters.check(["epoch": "1"], in: [source])
        }
        #expect(error?.code == "unknown-parameter")
        #expect(error?.message == "--set names 'epoch', which no 'param' of the scripts declares")
        #expect(error?.hints == ["did you mean 'epochs'?"])
        #expect(error.map { FettleShell.ExitStatus($0) } == .usage)
    }
}
