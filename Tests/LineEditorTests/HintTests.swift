import FettleTestSupport
import Testing

struct HintTests {
    private func terminal(_ environment: [String: String] = [:]) async throws -> PseudoTerminal {
        try await PseudoTerminal.probe(environment: environment)
    }

    @Test func newestLineThatGoesOnIsShownDim() async throws {
        let terminal = try await terminal()
        try terminal.send("se")
        try await terminal.wait(forText: "> second 数据", cursorColumn: 4)
        #expect(terminal.screen.colouredLine(0) == "> se‹2›cond 数据")
        try terminal.send("x")
        try await terminal.wait(forText: "> sex", cursorColumn: 5)
    }

    @Test(arguments: [Key.right, Key.end, Key.control("E"), Key.control("F")])
    func keysThatGoRightTakeItOver(key: String) async throws {
        let terminal = try await terminal()
        try terminal.send("se")
        try await terminal.wait(forText: "> second 数据", cursorColumn: 4)
        try terminal.send(key)
        try await terminal.wait(forText: "> second 数据", cursorColumn: 13)
        try terminal.send(Key.enter)
        try await terminal.wait(forText: "> second 数据\nline: second 数据\n>")
    }

    @Test(arguments: ["\u{1B}f", "\u{1B}[1;5C"])
    func keysThatGoAWordRightTakeAWord(key: String) async throws {
        let terminal = try await terminal()
        try terminal.send("se")
        try await terminal.wait(forText: "> second 数据", cursorColumn: 4)
        try terminal.send(key)
        try await terminal.wait(forText: "> second 数据", cursorColumn: 8)
        try terminal.send(Key.control("U"))
        try await terminal.wait(forText: ">", cursorColumn: 2)
        try terminal.send("a bc" + Key.home + key)
        try await terminal.wait(forText: "> a bc", cursorColumn: 3)
    }

    @Test func enterSubmitsWhatWasTypedOnly() async throws {
        let terminal = try await terminal()
        try terminal.send("se")
        try await terminal.wait(forText: "> second 数据", cursorColumn: 4)
        try terminal.send(Key.enter)
        try await terminal.wait(forText: "> se\nline: se\n>", cursorColumn: 2)
    }

    @Test func nothingIsShownWhereTheCursorIsNotAtTheEnd() async throws {
        let terminal = try await terminal()
        try terminal.send("se" + Key.left)
        try await terminal.wait(forText: "> se", cursorColumn: 3)
        try terminal.send(Key.right)
        try await terminal.wait(forText: "> second 数据", cursorColumn: 4)
    }

    @Test func hintIsTheLatestLineAndEndsWithItsFirstRow() async throws {
        let terminal = try await terminal()
        try terminal.send("{ one\rtwo }\r")
        try await terminal.wait(for: "the next prompt") { $0.text.hasSuffix("two }\n>") }
        try terminal.send("{ o")
        try await terminal.wait(for: "the hint") { $0.currentLine == "> { one…" }
        try terminal.send(Key.right + Key.enter)
        try await terminal.wait(for: "the whole block") {
            $0.text.hasSuffix("line: { one⏎two }\n>")
        }
    }

    @Test(arguments: [["NO_COLOR": "1"], ["TERM": "dumb"]])
    func withoutColoursThereIsNone(environment: [String: String]) async throws {
        let terminal = try await terminal(environment)
        try terminal.send("se")
        try await terminal.wait(forText: "> se", cursorColumn: 4)
        try terminal.send(Key.enter)
        try await terminal.wait(forText: "> se\nline: se\n>", cursorColumn: 2)
        #expect(!terminal.rawOutput.contains("cond"))
        #expect(!terminal.rawOutput.contains("\u{1B}[0"))
    }
}
