import FettleCore
import Foundation
import Testing

@testable import FettleShell

/// `last`, `| as MODE`, and how null, the empty text and a missing value are told apart.
struct OutputModeTests {
    /// A shell with twelve rows of which the first three have null, `""` and no value.
    private static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        let rows = (4...12).map { "{\"n\":\($0),\"note\":\"row \($0)\"}\n" }.joined()
        try folder.write(
            "{\"n\":1,\"note\":null}\n{\"n\":2,\"note\":\"\"}\n{\"n\":3}\n" + rows,
            to: "d.jsonl"
        )
        var shell = TestShell()
        let result = await shell.run("load \(folder.path)/d.jsonl")
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    @Test(arguments: [
        (
            "table",
            """
            #  n  note
            ─  ─  ────────
            1  1  null
            2  2  ""
            3  3  ·missing

            """
        ),
        (
            "wide",
            """
            #  n  note
            ─  ─  ────────
            1  1  null
            2  2  ""
            3  3  ·missing

            """
        ),
        ("plain", "1\tnull\n2\t\"\"\n3\t·missing\n"),
        ("md", "| n | note |\n| ---: | --- |\n| 1 | *null* |\n| 2 |  |\n| 3 | *missing* |\n"),
        ("csv", "n,note\n1,\n2,\"\"\n3,\n"),
        ("tsv", "n\tnote\n1\t\n2\t\"\"\n3\t\n"),
        ("jsonl", "{\"n\": 1, \"note\": null}\n{\"n\": 2, \"note\": \"\"}\n{\"n\": 3}\n"),
        ("json", "[\n{\"n\": 1, \"note\": null},\n{\"n\": 2, \"note\": \"\"},\n{\"n\": 3}\n]\n"),
    ])
    func everyModeShowsWhatIsAbsent(mode: String, text: String) async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        var result = await shell.run("rows 3 | as \(mode)")
        #expect(result.output == text, "\(result.errors)")
        result = await shell.run("rows 3; last as \(mode)")
        #expect(result.output.hasSuffix(text))
        result = await shell.run("rows 3 | as \(mode) > \(folder.path)/o.txt")
        #expect(try Files.text(folder.path + "/o.txt") == text)
    }

    @Test func cutTableSaysSoAndLastShowsAll() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        var result = await shell.run("rows")
        #expect(result.output.hasSuffix("10  10  row 10\n10 of 12 rows: 'last' shows all\n"))
        result = await shell.run("last")
        #expect(result.output.hasSuffix("11  11  row 11\n12  12  row 12\n"))
        #expect(result.output.split(separator: "\n").count == 14)
        result = await shell.run("last > \(folder.path)/all.csv")
        #expect(result.output == "wrote 12 rows to \(folder.path)/all.csv\n")
        result = await shell.run("rows 3")
        #expect(result.output.hasSuffix("\n3 of 12 rows\n"))
    }

    @Test func lastShowsEveryColumnAndTheWholeOfACell() async throws {
        let folder = try TemporaryFolder()
        let long = String(repeating: "word ", count: 150) + "end"
        let columns = (1...20).map { "column_\($0)" }
        try folder.write(
            columns.joined(separator: ",") + "\n" + columns.map { _ in long }.joined(separator: ",")
                + "\n",
            to: "d.csv"
        )
        var shell = TestShell()
        var result = await shell.run("load \(folder.path)/d.csv; rows")
        #expect(result.output.hasSuffix("columns hidden: 'last' shows all\n"))
        result = await shell.run("last")
        #expect(result.output.count(of: "end\n") == 20)
        #expect(result.output.count(of: "column_20") == 1)
        result = await shell.run("last as wide")
        #expect(result.output.split(separator: "\n").count == 3)
        #expect(result.output.count(of: "end") == 20)
    }

    @Test func lastIsNotWhatLastShowed() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run("rows 1; last as csv; last as jsonl")
        #expect(result.output.hasSuffix("n,note\n1,\n{\"n\": 1, \"note\": null}\n"))
    }

    @Test func outputThatIsNoRowsHasItsForms() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        var result = await shell.run("rows | where n > 10 | stats by=n | as csv")
        #expect(result.output == "label,value,text\n11,1,1 (50.0 %)\n12,1,1 (50.0 %)\n")
        result = await shell.run("let a = x; vars | as json")
        #expect(result.output == "[\n  {\"name\": \"a\", \"value\": \"\\\"x\\\"\"}\n]\n")
        result = await shell.run("rows | where n > 11 | stats by=n,note | as json")
        #expect(
            result.output == """
                [
                [{"label": "12", "value": 1, "text": "1 (100.0 %)"}],
                [{"label": "row 12", "value": 1, "text": "1 (100.0 %)"}]
                ]

                """
        )
        result = await shell.run("help | as csv")
        #expect(
            result.errors == """
                error[not-a-table]: the output is text, which has no form 'csv'
                    1 | help | as csv
                      |        ^^
                  hint: forms of text: table, wide, md, plain

                """
        )
    }

    @Test(arguments: [
        ("last", "nothing-to-repeat"), ("as csv", "missing-argument"),
        ("rows | as cvs", "bad-value"), ("last as x", "bad-value"), ("time", "missing-argument"),
        ("set width 5", "bad-value"), ("set timing maybe", "bad-value"), ("set x 1", "bad-value"),
        ("set timing on off", "unexpected-word"),
    ])
    func misuseIsAnError(line: String, code: String) async throws {
        var shell = TestShell()
        let result = await shell.run(line)
        #expect(result.errors.hasPrefix("error[\(code)]"), "\(result.errors)")
    }
}

extension String {
    fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}
