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

    @Test func upAndSearchGoOnIntoOlderLines() async throws {
        let terminal = try await PseudoTerminal.probe(environment: ["PROBE_HISTORY": "2000"])
        func line(_ number: Int) -> String {
            "> where column_\(number % 977) == \(number) and text ~ 'value \(number * 7)'"
        }
        try terminal.send(String(repeating: Key.up, count: 5))
        try await terminal.wait(forText: line(1995))
        try terminal.send(Key.control("U") + Key.control("R") + "== 7 ")
        try await terminal.wait(forText: line(7) + "\nbck:== 7")
    }

    @Test func linesOfOthersAreFoundBySearchOnly() async throws {
        let terminal = try await PseudoTerminal.probe(environment: ["PROBE_OTHERS": "1"])
        try terminal.send(Key.control("R") + "other")
        try await terminal.wait(forText: "> first of others\nbck:other")
        try terminal.send(Key.control("R"))
        try await terminal.wait(forText: "> other 数\nbck:other")
        try terminal.send(Key.control("G"))
        try await terminal.wait(forText: ">", cursorColumn: 2)
        try terminal.send("typed" + Key.up)
        try await terminal.wait(forText: "> third", cursorColumn: 7)
        try terminal.send(Key.up + Key.down + Key.down)
        try await terminal.wait(forText: "> typed", cursorColumn: 7)
        // Nor is it a hint.
        try terminal.send(Key.control("U") + "ot")
        try await terminal.wait(forText: "> ot", cursorColumn: 4)
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
