import FettleTestSupport
import Testing

struct ResizeTests {
    @Test func narrowerWindowWrapsTheLine() async throws {
        let terminal = try await PseudoTerminal.probe(columns: 40, rows: 10)
        try terminal.send("first" + Key.enter + "数据 the second one is long")
        let above = "> first\nline: first"
        try await terminal.wait(
            forText: "\(above)\n> 数据 the second one is long",
            cursorColumn: 29
        )
        terminal.resize(columns: 20, rows: 10)
        try terminal.send("!")
        try await terminal.wait(
            forText: "\(above)\n> 数据 the second on\ne is long!",
            cursorColumn: 10
        )
    }

    @Test func widerWindowUnwrapsTheLine() async throws {
        let terminal = try await PseudoTerminal.probe(columns: 20, rows: 10)
        try terminal.send("abcdefghij abcdefghij abcdefghij")
        try await terminal.wait(forText: "> abcdefghij abcdefg\nhij abcdefghij", cursorColumn: 14)
        terminal.resize(columns: 60, rows: 12)
        try terminal.send(Key.left + "!")
        try await terminal.wait(
            forText: "> abcdefghij abcdefghij abcdefghi!j",
            cursorColumn: 34
        )
    }

    @Test func hintFollowsTheWindow() async throws {
        let terminal = try await PseudoTerminal.probe(columns: 30, rows: 10)
        try terminal.send("se")
        try await terminal.wait(forText: "> second 数据", cursorColumn: 4)
        terminal.resize(columns: 10, rows: 10)
        try await terminal.wait(forText: "> second…", cursorColumn: 4)
        terminal.resize(columns: 40, rows: 10)
        try await terminal.wait(forText: "> second 数据", cursorColumn: 4)
        try terminal.send(Key.right + Key.enter)
        try await terminal.wait(for: "the line") { $0.text.hasSuffix("line: second 数据\n>") }
    }

    @Test func searchIsDrawnAnewInAnotherWindow() async throws {
        let terminal = try await PseudoTerminal.probe(columns: 30, rows: 10)
        try terminal.send(Key.control("R") + "数")
        try await terminal.wait(forText: "> second 数据\nbck:数")
        terminal.resize(columns: 10, rows: 10)
        try await terminal.wait(forText: "> second\n数据\nbck:数")
        try terminal.send(Key.enter)
        try await terminal.wait(for: "the line") { $0.text.hasSuffix("line: seco\nnd 数据\n>") }
    }

    @Test func resizeWhileACommandRunsIsSeenByTheNextPrompt() async throws {
        let terminal = try await PseudoTerminal.probe(columns: 60, rows: 10)
        try terminal.send("busy" + Key.enter)
        try await terminal.wait(forText: "> busy\nbusy…", cursorColumn: 0)
        terminal.resize(columns: 12, rows: 10)
        try terminal.send(Key.control("C"))
        try await terminal.wait(forText: "> busy\nbusy…\ncancelled\n>", cursorColumn: 2)
        try terminal.send("数据数据数据")
        try await terminal.wait(
            forText: "> busy\nbusy…\ncancelled\n> 数据数据数\n据",
            cursorColumn: 2
        )
    }
}
