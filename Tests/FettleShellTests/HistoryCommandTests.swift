import FettleWorkbench
import Testing

@testable import FettleShell

/// `history` with its filters.
struct HistoryCommandTests {
    /// A table's rows, blanks made one.
    private static func rows(_ text: String) -> [String] {
        text.split(separator: "\n").dropFirst(2).map {
            $0.split(separator: " ").joined(separator: " ")
        }
    }

    @Test(
        arguments: [
            ("history", ["1 vars", "2 failed rows", "3 let a = 1"]),
            ("history --last=2", ["2 failed rows", "3 let a = 1"]),
            ("history 1", ["3 let a = 1"]),
            ("history --failed", ["2 failed rows"]),
            ("history --grep=VAR --session", ["1 vars"]),
            ("history grep=' = '", ["3 let a = 1"]),
        ] as [(String, [String])]
    )
    func commandsAreFiltered(line: String, expected: [String]) async throws {
        var shell = TestShell()
        _ = try shell.services.workspace.store()
        for line in ["vars", "rows", "let a = 1"] { await shell.run(line) }
        let output = await shell.run(line).output
        #expect(Self.rows(output) == expected, "\(output)")
    }

    @Test func longShowsTimeAndDuration() async throws {
        var shell = TestShell()
        _ = try shell.services.workspace.store()
        await shell.run("vars")
        let rows = Self.rows(await shell.run("history --long").output)
        #expect(rows.count == 1)
        #expect(
            rows[0].wholeMatch(of: /1 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d 0 ms vars/) != nil,
            "\(rows)"
        )
    }
}
