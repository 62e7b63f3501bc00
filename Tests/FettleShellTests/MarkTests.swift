import FettleCore
import Foundation
import Testing

@testable import FettleShell

/// `mark`, and what takes marks; saving as a walkthrough.
struct MarkTests {
    @Test func marksAreInTheHistoryAndBoundWhatIsSaved() async throws {
        let folder = try TemporaryFolder()
        var shell = TestShell()
        await shell.run(
            "set width 100 --save\nlet a = 1\nmark start\nlet b = 2\nmark middle\nlet c = 3\nvars"
        )
        var result = await shell.run("history --grep=mark")
        #expect(
            result.output == """
                #    command
                ─    ───────────
                3    mark start
                5    mark middle

                """
        )
        let path = folder.path + "/saved.fettle"
        result = await shell.run("session save '\(path)' from=start")
        #expect(try Files.text(path) == "let b = 2\n## middle\nlet c = 3\n")
        // The heading is a place of the script.
        var other = TestShell()
        result = await other.run("run '\(path)' from=middle")
        #expect(other.session.variables.keys.sorted() == ["c"], "\(result.errors)")
        await shell.run("snippet save part start..middle")
        result = await shell.run("snippet show part")
        #expect(result.output == "let b = 2\n")
        result = await shell.run("snippet save part 2..start; snippet show part")
        #expect(result.output.hasSuffix("\nlet a = 1\n"))
    }

    @Test func unknownMarksAreSaid() async throws {
        var shell = TestShell()
        await shell.run("mark start")
        var result = await shell.run("session save x.fettle from=strat")
        #expect(
            result.errors == """
                error[unknown-mark]: no point is marked 'strat'
                    1 | session save x.fettle from=strat
                      |                            ^^^^^
                  hint: did you mean 'start'?
                  hint: 'mark strat' gives this point of the session the name

                """
        )
        result = await shell.run("snippet save x start..finish")
        #expect(result.errors.hasPrefix("error[unknown-mark]: no point is marked 'finish'\n"))
        result = await shell.run("snippet save x start")
        #expect(
            result.errors.hasPrefix("error[bad-value]: 'commands' is 'start', expected numbers")
        )
        result = await shell.run("mark 数据")
        #expect(result.errors.hasPrefix("error[bad-name]: '数据' cannot be a mark's name\n"))
    }

    @Test func walkthroughIsSavedWithItsOutput() async throws {
        let folder = try TemporaryFolder()
        var shell = TestShell()
        await shell.run("let a = 1; mark then; let b = '```'; vars | as plain")
        await shell.run("stats | as json")
        let path = folder.path + "/walk.md"
        let result = await shell.run("session save '\(path)' --with-output")
        #expect(result.output.hasSuffix("walk.md\n"), "\(result.errors)")
        #expect(
            try Files.text(path) == """
                ```fettle
                let a = 1
                #>
                ```

                ## then

                ````fettle
                let b = '```'
                #>
                ````

                """
        )
        var other = TestShell()
        #expect(await other.run("run '\(path)'").status == .success)
        #expect(other.session.variables.keys.sorted() == ["a", "b"])
    }

    @Test func longTableOfLastIsOneTable() async throws {
        let folder = try TemporaryFolder()
        let rows = (1...5001).map { "\($0),\($0 == 5001 ? "the widest of all" : "x"),1\n" }
        let path = try folder.write("id,text,one\n" + rows.joined(), to: "long.csv")
        var shell = TestShell()
        await shell.run("load '\(path)'; rows")
        let lines = await shell.run("last").output.split(separator: "\n")
        #expect(lines.count == 5003)
        #expect(lines[0] == "   #    id  text               one")
        #expect(lines[2] == "   1     1  x                    1")
        #expect(lines[5001] == "5000  5000  x                    1")
        #expect(lines[5002] == "5001  5001  the widest of all    1")
        let narrow = await shell.run("set width 20; last").output.split(separator: "\n")
        #expect(narrow.suffix(6).first == "─── 5001")
    }
}
