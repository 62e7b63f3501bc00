import FettleTestSupport
import Testing

struct TypingTests {
    @Test func asciiLineIsSubmitted() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("hello world")
        try await terminal.wait(forText: "> hello world", cursorColumn: 13)
        try terminal.send(Key.enter)
        try await terminal.wait(forText: "> hello world\nline: hello world\n>", cursorColumn: 2)
        #expect(terminal.screen.unknownSequences == [])
    }

    @Test func wideCharactersTakeTwoColumns() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("数据 ok 😀é")
        try await terminal.wait(forText: "> 数据 ok 😀é", cursorColumn: 13)
        try terminal.send(Key.enter)
        try await terminal.wait(forText: "> 数据 ok 😀é\nline: 数据 ok 😀é\n>", cursorColumn: 2)
    }

    @Test func insertAndBackspaceInTheMiddleOfWideText() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("数😀据" + Key.left)
        try await terminal.wait(forText: "> 数😀据", cursorColumn: 6)
        try terminal.send(Key.left)
        try await terminal.wait(forText: "> 数😀据", cursorColumn: 4)
        try terminal.send("ab")
        try await terminal.wait(forText: "> 数ab😀据", cursorColumn: 6)
        try terminal.send(Key.backspace)
        try await terminal.wait(forText: "> 数a😀据", cursorColumn: 5)
        try terminal.send(Key.delete)
        try await terminal.wait(forText: "> 数a据", cursorColumn: 5)
        try terminal.send(Key.home + "🎉")
        try await terminal.wait(forText: "> 🎉数a据", cursorColumn: 4)
        try terminal.send(Key.enter)
        try await terminal.wait(forText: "> 🎉数a据\nline: 🎉数a据\n>", cursorColumn: 2)
    }

    @Test func combiningMarksStayWithTheirLetters() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("cafe\u{301} 数" + Key.home + "x")
        try await terminal.wait(forText: "> xcafe\u{301} 数", cursorColumn: 3)
    }

    @Test func wideCharacterAtTheMarginWrapsWhole() async throws {
        let terminal = try await PseudoTerminal.probe(columns: 11)
        try terminal.send("一二三四五六")
        try await terminal.wait(forText: "> 一二三四\n五六", cursorColumn: 4)
        try terminal.send(Key.left + Key.left)
        try await terminal.wait(for: "the cursor at 1,0") {
            $0.cursorRow == 1 && $0.cursorColumn == 0
        }
    }

    @Test func colouredPromptDoesNotShiftTheCursor() async throws {
        let terminal = try await PseudoTerminal.probe(
            environment: [
                "PROBE_PROMPT": "\u{1B}[1m\u{1B}[32mfettle\u{1B}[0m 数>\u{1B}[2m \u{1B}[0m"
            ],
            awaiting: "fettle 数>"
        )
        try terminal.send("abc")
        try await terminal.wait(forText: "fettle 数> abc", cursorColumn: 14)
        #expect(terminal.screen.colouredLine(0) == "‹1;32›fettle‹› 数>‹2› ‹›abc")
    }

    @Test func localeWithoutUnicodeStillTakesIt() async throws {
        let terminal = try await PseudoTerminal.probe(environment: ["LC_ALL": "C", "LANG": "C"])
        try terminal.send("数据é" + Key.left + "x" + Key.enter)
        try await terminal.wait(forText: "> 数据xé\nline: 数据xé\n>", cursorColumn: 2)
    }

    @Test func dumbTerminalEditsWithoutColours() async throws {
        let terminal = try await PseudoTerminal.probe(
            environment: ["TERM": "dumb", "PROBE_PROMPT": "\u{1B}[31m> \u{1B}[0m"]
        )
        try terminal.send("lpad" + Key.control("B") + Key.control("B") + Key.backspace)
        try terminal.send("" + Key.control("B") + "x" + Key.enter)
        try await terminal.wait(for: "the submitted line") { $0.text.contains("line: xlad\n>") }
        #expect(!terminal.rawOutput.contains("\u{1B}"))
    }

    @Test(arguments: ["", "no-such-terminal"])
    func unknownTerminalIsTreatedAsDumb(name: String) async throws {
        let terminal = try await PseudoTerminal.probe(environment: ["TERM": name])
        try terminal.send("abc" + Key.enter)
        try await terminal.wait(forText: "> abc\nline: abc\n>", cursorColumn: 2)
        #expect(!terminal.rawOutput.contains("\u{1B}"))
    }
}
