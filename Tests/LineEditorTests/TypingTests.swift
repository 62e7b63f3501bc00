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

    @Test func emojiOfAnyAgeTakeTwoColumns() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("a\u{1FAE8}b😀" + Key.left + "c")
        try await terminal.wait(forText: "> a\u{1FAE8}bc😀", cursorColumn: 7)
        try terminal.send(Key.left + Key.left + Key.backspace + Key.enter)
        try await terminal.wait(forText: "> abc😀\nline: abc😀\n>", cursorColumn: 2)
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

    @Test(arguments: ["C", "POSIX"])
    func localeWithoutUnicodeKeepsPastesHistoryAndCompletions(locale: String) async throws {
        let terminal = try await PseudoTerminal.probe(
            environment: ["LC_ALL": locale, "LANG": locale]
        )
        try terminal.send(Key.pasted("评论 é 👍") + Key.left + Key.left + "x")
        try await terminal.wait(forText: "> 评论 éx 👍", cursorColumn: 9)
        try terminal.send(Key.enter + Key.up)
        let above = "> 评论 éx 👍\nline: 评论 éx 👍\n"
        try await terminal.wait(forText: above + "> 评论 éx 👍", cursorColumn: 12)
        try terminal.send(Key.control("U") + "数" + Key.tab)
        try await terminal.wait(forText: above + "> 数据", cursorColumn: 7)
    }

    @Test func dumbTerminalTakesBlocksRecallsAndCompletes() async throws {
        let terminal = try await PseudoTerminal.probe(
            environment: ["TERM": "dumb", "PROBE_CONTINUATION": "...> "]
        )
        try terminal.send("{" + Key.enter + "数}" + Key.enter)
        try await terminal.wait(for: "the block") { $0.text.hasSuffix("line: {⏎数}\n>") }
        #expect(!terminal.rawOutput.contains("...>"))
        try terminal.send("x l" + Key.tab)
        try await terminal.wait(for: "the completion") { $0.currentLine == "> x lo" }
        try terminal.send("ad" + Key.enter + Key.up + Key.up)
        try await terminal.wait(for: "the recalled block") { $0.text.hasSuffix("{\n数}") }
        #expect(!terminal.rawOutput.contains("\u{1B}"))
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
