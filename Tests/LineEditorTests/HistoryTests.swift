import FettleTestSupport
import Testing

struct HistoryTests {
    @Test func upRecallsAndDownComesBack() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("typed" + Key.up)
        try await terminal.wait(forText: "> third", cursorColumn: 7)
        try terminal.send(Key.up)
        try await terminal.wait(forText: "> second 数据", cursorColumn: 13)
        try terminal.send(Key.down + Key.down)
        try await terminal.wait(forText: "> typed", cursorColumn: 7)
    }

    @Test func searchFindsWideText() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send(Key.control("R") + "数")
        try await terminal.wait(forText: "> second 数据\nbck:数")
        try terminal.send(Key.enter)
        try await terminal.wait(forText: "> second 数据\nline: second 数据\n>", cursorColumn: 2)
    }

    @Test func recalledBlockIsOneEntry() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("a {\r  b\r}\r")
        try await terminal.wait(forText: "> a {\n  b\n}\nline: a {⏎  b⏎}\n>", cursorColumn: 2)
        try terminal.send(Key.up)
        try await terminal.wait(
            forText: "> a {\n  b\n}\nline: a {⏎  b⏎}\n> a {\n  b\n}",
            cursorColumn: 1
        )
        try terminal.send(Key.up)
        try await terminal.wait(for: "the cursor on the line above") {
            $0.cursorRow == 5 && $0.cursorColumn == 1
        }
    }

    @Test func interruptedLineIsKeptForUp() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("half" + Key.control("C"))
        try await terminal.wait(forText: "> half^C\ninterrupted\n>", cursorColumn: 2)
        try terminal.send(Key.up)
        try await terminal.wait(forText: "> half^C\ninterrupted\n> half", cursorColumn: 6)
    }
}
