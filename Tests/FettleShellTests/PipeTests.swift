import FettleData
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

struct PipeTests {
    /// A shell with three rows that have quotes, a tab, null, "" and a missing value in them.
    private static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        try folder.write(
            """
            {"title":"one, \\"two\\"","stars":1,"note":null}
            {"title":"a\\tb","stars":2,"note":""}
            {"title":"数据|x","stars":3}

            """,
            to: "d.jsonl"
        )
        var shell = TestShell()
        let result = await shell.run("load \(folder.path)/d.jsonl")
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    @Test func rowsFlowAndNothingIsKept() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run("rows | where stars > 1 | select title stars | rows 1")
        #expect(result.status == .success)
        #expect(
            result.output == """
                #  title  stars
                ─  ─────  ─────
                1  a␉b        2
                1 of 2 rows

                """
        )
        #expect(shell.session.library.names == ["d"])
        #expect(try shell.session.library.dataset("d").version == 1)
        #expect(try shell.session.library.dataset("d").frame.count == 3)
    }

    @Test func tildeIsTheHomeFolderWhereverAFileIsTaken() async throws {
        let folder = try TemporaryFolder()
        try folder.write("a,b\n1,x\n2,y\n", to: "d.csv")
        var shell = TestShell(environment: ["HOME": folder.path])
        for line in [
            "load ~/d.csv", "rows > ~/rows.jsonl", "rows >> ~/rows.jsonl",
            "export to ~/examples.jsonl --no-check", "session save ~/walk.fettle",
            "run ~/walk.fettle",
        ] {
            if line.hasPrefix("export") {
                await shell.run("format prompt='{{a}}' completion='{{b}}'")
            }
            let result = await shell.run(line)
            #expect(result.status == .success, "\(line): \(result.errors)")
        }
        #expect(
            try folder.names == ["d.csv", "examples.jsonl", "rows.jsonl", "walk.fettle"]
        )
        #expect(try Files.text(folder.path + "/walk.fettle").hasPrefix("load ~/d.csv\n"))
    }

    @Test func asKeepsWhatAPipeGives() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run("rows | where stars > 1 as most")
        #expect(result.output == "most: 2 of 3 rows, version 1\n")
        #expect(shell.session.library.names == ["d", "most"])
        #expect(shell.session.library.current == "most")
        #expect(try shell.session.library.dataset("d").version == 1)
    }

    @Test func greaterThanComparesInAnExpressionAndRedirectsAfterBrackets() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        var result = await shell.run("where stars > 2")
        #expect(result.output == "d: 1 of 3 rows, version 2\n")
        result = await shell.run("where (stars > 2) > \(folder.path)/three.jsonl")
        #expect(result.output == "wrote 1 row to \(folder.path)/three.jsonl\n")
        let written = try Files.text(folder.path + "/three.jsonl")
        #expect(written == #"{"title": "数据|x", "stars": 3}"# + "\n")
        #expect(try folder.names == ["d.jsonl", "three.jsonl"])
    }

    @Test(arguments: [
        ("csv", "title,stars,note\n\"one, \"\"two\"\"\",1,\na\tb,2,\"\"\n数据|x,3,\n"),
        ("tsv", "title\tstars\tnote\n\"one, \"\"two\"\"\"\t1\t\n\"a\tb\"\t2\t\"\"\n数据|x\t3\t\n"),
        (
            "json",
            """
            [
            {"title": "one, \\"two\\"", "stars": 1, "note": null},
            {"title": "a\\tb", "stars": 2, "note": ""},
            {"title": "数据|x", "stars": 3}
            ]

            """
        ),
        (
            "jsonl",
            """
            {"title": "one, \\"two\\"", "stars": 1, "note": null}
            {"title": "a\\tb", "stars": 2, "note": ""}
            {"title": "数据|x", "stars": 3}

            """
        ),
        (
            "md",
            """
            | title | stars | note |
            | --- | ---: | --- |
            | one, "two" | 1 | *null* |
            | a\tb | 2 |  |
            | 数据\\|x | 3 | *missing* |

            """
        ),
    ])
    func extensionChoosesTheForm(form: String, text: String) async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let file = folder.path + "/o." + form
        let result = await shell.run("rows > \(file)")
        #expect(result.output == "wrote 3 rows to \(file)\n")
        #expect(try Files.text(file) == text)
    }

    @Test(arguments: [
        ("csv", "title\none\none\n"),
        ("tsv", "title\none\none\n"),
        ("jsonl", "{\"title\": \"one\"}\n{\"title\": \"one\"}\n"),
        ("md", "| title |\n| --- |\n| one |\n| one |\n"),
    ])
    func twoSignsAdd(form: String, text: String) async throws {
        let folder = try TemporaryFolder()
        let data = try folder.write("title\none\n", to: "d.csv")
        let file = folder.path + "/o." + form
        var shell = TestShell()
        let result = await shell.run("load \(data); rows > \(file); rows >> \(file)")
        #expect(result.status == .success, "\(result.errors)")
        #expect(try Files.text(file) == text)
    }

    @Test func rowsGoToTheSystemShellAsJSONL() async throws {
        var shell = try await Self.shell(TemporaryFolder())
        let result = await shell.run("rows 2 | select stars note | !sort -r | head -1")
        #expect(result.status == .success, "\(result.errors)")
        #expect(result.output == "")
        #expect(
            shell.shellLines == [
                .init(
                    line: "sort -r | head -1",
                    input: "{\"stars\": 1, \"note\": null}\n{\"stars\": 2, \"note\": \"\"}\n"
                )
            ]
        )
    }

    @Test func otherOutputGoesToTheSystemShellAsText() async throws {
        var shell = TestShell()
        await shell.run("let seed = 7")
        await shell.run("vars | !cat")
        #expect(shell.shellLines == [.init(line: "cat", input: "seed  7\n")])
    }

    @Test func failureOfTheSystemShellIsAnErrorWithItsStatus() async throws {
        var shell = TestShell()
        await shell.run("!true")
        shell.setShellStatus(3)
        let result = await shell.run("!false; let after = 1")
        #expect(result.status == .failure)
        #expect(
            result.errors == """
                error[shell-failed]: 'false; let after = 1' ended with status 3
                    1 | !false; let after = 1
                      | ^^^^^^^^^^^^^^^^^^^^^

                """
        )
        #expect(shell.shellLines.map(\.line) == ["true", "false; let after = 1"])
    }

    @Test func interruptedLineOfTheSystemShellStopsTheScript() async throws {
        var shell = TestShell()
        shell.setShellStatus(130)
        let result = await shell.run("!sleep 10\nlet after = 1")
        #expect(result.status == .interrupted)
        #expect(shell.session.variables.isEmpty)
    }
}
