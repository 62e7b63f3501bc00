import Foundation
import Testing

/// The scripts of `sessions/` and what `run --check` says of them.
struct ReplayTests {
    /// One folder of them: all are replayed by 'make test' itself.
    @Test func scriptsOfAFolderAreNamedWithWhatTheyShow() async throws {
        let folder = try TemporaryFolder()
        try folder.link("samples")
        try folder.link("sessions")
        let result = try await FettleProgram.run(
            ["run", "--check", "sessions/language/"],
            in: folder
        )
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.errors == "")
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines.allSatisfy { $0.hasPrefix("ok       sessions/language/") })
    }

    private static let script = """
        load samples/tickets.tsv
        #> tickets: 300 rows, 5 columns (TSV, UTF-8, delimiter tab, with header, 47.7 kB)
        #> ticket_id text, received text, subject text, body text, queue text
        where queue == "sales"
        #> tickets: 17 of 300 rows, version 2

        """

    @Test func changedNumberIsShownAndGivesStatusThree() async throws {
        let folder = try TemporaryFolder()
        try folder.link("samples")
        let wrong = Self.script.replacing("#> tickets: 17", with: "#> tickets: 18")
        try folder.write(wrong, to: "a.fettle")
        let result = try await FettleProgram.run(["run", "--check", "a.fettle"], in: folder)
        #expect(result.status == 3)
        #expect(result.output == "differs  a.fettle\n")
        #expect(
            result.errors == """
                a.fettle:4: where queue == "sales"
                - tickets: 18 of 300 rows, version 2
                + tickets: 17 of 300 rows, version 2
                (- expected, + shown; 'fettle run --update a.fettle' rewrites)

                """
        )
        #expect(try folder.text("a.fettle") == wrong)
    }

    @Test func updateWritesWhatIsShown() async throws {
        let folder = try TemporaryFolder()
        try folder.link("samples")
        try folder.write(
            Self.script.replacing("#> tickets: 17", with: "#> tickets: 18"),
            to: "a.fettle"
        )
        let result = try await FettleProgram.run(["run", "--update", "a.fettle"], in: folder)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == "updated  a.fettle\n")
        #expect(try folder.text("a.fettle") == Self.script)
    }

    @Test func updateWritesLineNumbersThatHoldAfterwards() async throws {
        let folder = try TemporaryFolder()
        try folder.write("rows\n#! ?\nstats\n#! ?\ncolumns\n#! ?\n", to: "a.fettle")
        let updated = try await FettleProgram.run(["run", "--update", "a.fettle"], in: folder)
        #expect(updated.status == 0, "\(updated.errors)")
        #expect(try folder.text("a.fettle").contains("\n#!   a.fettle:13:1\n"))
        let checked = try await FettleProgram.run(["run", "--check", "a.fettle"], in: folder)
        #expect(checked.output == "ok       a.fettle (3 outputs as expected)\n")
    }

    @Test func unexpectedErrorFailsTheCheckWithItsPlace() async throws {
        let folder = try TemporaryFolder()
        try folder.write("let a = 1\nrows\n", to: "a.fettle")
        let result = try await FettleProgram.run(["run", "--check", "a.fettle"], in: folder)
        #expect(result.status == 3)
        #expect(
            result.errors == """
                a.fettle:2: rows
                + error[no-dataset]: no dataset is loaded
                +   a.fettle:2:1
                +     2 | rows
                +       | ^^^^
                +   hint: load one: load samples/reviews.jsonl
                (- expected, + shown; 'fettle run --update a.fettle' rewrites)

                """
        )
    }
}
