import FettleTestSupport
import Testing

struct ColourTests {
    @Test func partsOfTheLineAreColoured() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("a 12 bad 数据 x")
        try await terminal.wait(forText: "> a 12 bad 数据 x", cursorColumn: 17)
        #expect(terminal.screen.colouredLine(0) == "> a ‹36›12‹› ‹4;31›bad‹› ‹35›数据‹› x")
        try terminal.send(Key.home + "b ")
        try await terminal.wait(forText: "> b a 12 bad 数据 x", cursorColumn: 4)
        #expect(terminal.screen.colouredLine(0) == "> b a ‹36›12‹› ‹4;31›bad‹› ‹35›数据‹› x")
    }

    @Test func coloursFollowTheTextAsItChanges() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("12")
        try await terminal.wait(for: "the number") { $0.colouredLine(0) == "> ‹36›12" }
        try terminal.send("x")
        try await terminal.wait(for: "the word") { $0.colouredLine(0) == "> 12x" }
        try terminal.send(Key.backspace + Key.enter)
        try await terminal.wait(forText: "> 12\nline: 12\n>")
        #expect(terminal.screen.colouredLine(0) == "> ‹36›12")
        #expect(terminal.screen.colouredLine(1) == "line: 12")
    }

    @Test func wrappedAndFurtherLinesAreColouredToo() async throws {
        let terminal = try await PseudoTerminal.probe(columns: 10)
        try terminal.send("abc 1234567 {\rbad 数据数据 数据")
        try await terminal.wait(forText: "> abc 1234\n567 {\nbad 数据数\n据 数据", cursorColumn: 7)
        #expect(terminal.screen.colouredLine(0) == "> abc ‹36›1234")
        #expect(terminal.screen.colouredLine(1) == "‹36›567‹› {")
        #expect(terminal.screen.colouredLine(2) == "‹4;31›bad‹› 数据数")
        #expect(terminal.screen.colouredLine(3) == "据 ‹35›数据")
    }

    @Test func withoutColoursNoSequenceIsWritten() async throws {
        let terminal = try await PseudoTerminal.probe(environment: ["NO_COLOR": "1"])
        try terminal.send("12 bad" + Key.enter)
        try await terminal.wait(forText: "> 12 bad\nline: 12 bad\n>")
        #expect(!terminal.rawOutput.contains("m"))
    }

    @Test func furtherLinesHaveTheirMark() async throws {
        let terminal = try await PseudoTerminal.probe(
            environment: ["PROBE_CONTINUATION": "\u{1B}[2m· \u{1B}[0m"]
        )
        try terminal.send("{" + Key.enter + "12")
        try await terminal.wait(forText: "> {\n· 12", cursorColumn: 4)
        #expect(terminal.screen.colouredLine(1) == "‹2›· ‹36›12")
        try terminal.send("}" + Key.home + "x" + Key.up + Key.enter)
        try await terminal.wait(forText: "> {\n· x12}\nline: {⏎x12}\n>", cursorColumn: 2)
    }
}
