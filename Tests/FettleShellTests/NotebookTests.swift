import FettleData
import FettleNotebook
import FettleStore
import FettleWorkbench
import Foundation
import Testing

@testable import FettleShell

/// `export notebook`.
struct NotebookTests {
    /// Runs a session and returns the walkthrough of it.
    private static func walkthrough(_ script: String, options: String = "") async throws -> String {
        let folder = try TemporaryFolder()
        try folder.write("n,label\n1,a\n2,b\n3,a\n", to: "d.csv")
        var shell = TestShell()
        for line in script.split(separator: "\n", omittingEmptySubsequences: false) {
            await shell.run(String(line).replacing("d.csv", with: folder.path + "/d.csv"))
        }
        let file = folder.path + "/walk.md"
        let result = await shell.run("export notebook \(file) \(options)")
        #expect(result.status == .success, "\(result.errors)")
        return try Files.text(file).replacing(folder.path + "/", with: "")
    }

    private static let script = """
        load d.csv
        help
        where n > 9
        undo
        rows nonsense
        where n > 1
        undo
        where n > 1
        stats by=label
        """

    @Test func notebookHasWhatSessionSaveWouldKeep() async throws {
        #expect(
            try await Self.walkthrough(Self.script) == """
                # Fettle session

                2026-01-01 (UTC), 3 commands

                ```fettle
                load d.csv
                ```

                ```text
                d: 3 rows, 2 columns (CSV, UTF-8, delimiter ',', with header, 20 B)
                n integer, label text
                ```

                ```fettle
                where n > 1
                ```

                ```text
                d: 2 of 3 rows, version 2
                ```

                ```fettle
                stats by=label
                ```

                ```text
                d: 2 rows
                label: 2 values
                b  ████████████████████████████████████████████████████████████ 1 (50.0 %)
                a  ████████████████████████████████████████████████████████████ 1 (50.0 %)
                ```

                """
        )
    }

    @Test func failuresAreShownWhenAskedForAndDoNotRunAgain() async throws {
        let text = try await Self.walkthrough(Self.script, options: "--failed")
        #expect(
            text.contains(
                """
                ```console
                rows nonsense
                error[unknown-dataset]: no dataset 'nonsense'

                """
            ),
            "\(text)"
        )
        var shell = TestShell()
        let folder = try TemporaryFolder()
        try folder.write("n,label\n1,a\n2,b\n3,a\n", to: "d.csv")
        let result = await shell.run(
            text.replacing("d.csv", with: folder.path + "/d.csv"),
            file: "w.md"
        )
        #expect(result.status == .success, "\(result.errors)")
        #expect(try shell.session.library.dataset("d").frame.count == 2)
    }

    @Test func proseOfAScriptIsMarkdown() async throws {
        let folder = try TemporaryFolder()
        try folder.write("n\n1\n", to: "d.csv")
        let file = folder.path + "/o.md"
        var shell = TestShell()
        let result = await shell.run(
            """
            ## # Title
            ##
            ## First.
            ## Same paragraph.

            ## Second.
            load \(folder.path)/d.csv
            ## Not about what fails.
            columns > /dev/null
            ## The end.
            """,
            file: "a.fettle"
        )
        #expect(result.status == .success, "\(result.errors)")
        await shell.run("export notebook \(file)")
        let text = try Files.text(file)
        #expect(text.hasPrefix("# Title\n\nFirst.\nSame paragraph.\n\nSecond.\n\n```fettle\nload "))
        #expect(text.contains("\n\nNot about what fails.\n\n```fettle\ncolumns > /dev/null\n```\n"))
        #expect(text.hasSuffix("\n\nThe end.\n"))
    }

    @Test func everyFormIsWrittenWhole() async throws {
        let folder = try TemporaryFolder()
        var shell = TestShell()
        await shell.run("let a = 1")
        for ending in TranscriptExports.endings {
            let file = "\(folder.path)/o.\(ending)"
            let result = await shell.run("export notebook \(file)")
            #expect(result.output.hasPrefix("wrote 1 command to"), "\(result.errors)")
            #expect(try Files.bytes(file).count > 40)
        }
        #expect(try folder.names.count == TranscriptExports.endings.count)
    }

    @Test func otherSessionsAreFoundByTheirIds() async throws {
        let folder = try TemporaryFolder()
        for session in ["one-1", "one-2"] {
            var shell = TestShell(workspace: Workspace(.folder(folder.path), session: session))
            _ = try shell.services.workspace.store()
            await shell.run("let name = \(session)")
        }
        var shell = TestShell(workspace: Workspace(.folder(folder.path), session: "now"))
        let file = folder.path + "/o.md"
        for (options, found) in [
            ("session=one-1", ["one-1"]), ("session=last", ["one-2"]),
            ("--all", ["one-1", "one-2"]),
        ] {
            let result = await shell.run("export notebook \(file) \(options)")
            #expect(result.status == .success, "\(result.errors)")
            let text = try Files.text(file)
            #expect(text.matches(of: /let name = (.*)/).map { String($0.output.1) } == found)
        }
        var result = await shell.run("export notebook \(file) session=one")
        #expect(
            result.errors.hasPrefix("error[unknown-session]: 'one' begins the ids of 2 sessions\n")
        )
        result = await shell.run("export notebook \(file) session=two")
        #expect(
            result.errors.hasPrefix(
                "error[unknown-session]: no session 'two' has commands in this workspace\n"
            )
        )
        #expect(
            result.errors.hasSuffix("  hint: sessions: one-2 (1 command), one-1 (1 command)\n")
        )
        result = await shell.run("export notebook \(file)")
        #expect(result.errors.hasPrefix("error[nothing-to-export]"))
    }

    @Test(arguments: [
        ("export notebook", "missing-argument"), ("export x.jsonl", "missing-argument"),
        ("export notebook a.pdf", "unknown-form"), ("export a b.html", "unexpected-word"),
        ("export notebook a.html to b.html", "unexpected-word"),
        ("export notebook a.html session=x --all", "unexpected-word"),
        ("export d to x.jsonl --all", "missing-argument"),
    ])
    func misuseIsAnError(line: String, code: String) async {
        var shell = TestShell()
        let result = await shell.run(line)
        #expect(result.errors.hasPrefix("error[\(code)]"), "\(result.errors)")
    }

    @Test func recordIsWithoutSecretsAndSmall() async throws {
        let folder = try TemporaryFolder()
        let rows = (1...2000).map { "row \($0) with some text" }.joined(separator: "\n")
        try folder.write("text\n\(rows)\n", to: "d.csv")
        var shell = TestShell()
        await shell.run(
            "load \(folder.path)/d.csv; rows 2000; let note = \"Bearer abcdefgh12345678\"; vars"
        )
        let store = try shell.services.workspace.store()
        let cells = try store.notebookCells(session: nil)
        #expect(cells.count == 4)
        let content = cells.compactMap(\.content).joined()
        #expect(content.contains("row 200 with"))
        #expect(!content.contains("row 201 with"))
        #expect(content.contains("200 of the 2,000 rows shown are kept in the record"))
        #expect(!content.contains("abcdefgh12345678"))
        #expect(!cells.map(\.output).joined().contains("abcdefgh12345678"))
        #expect(content.utf8.count < 10_000)
    }
}
