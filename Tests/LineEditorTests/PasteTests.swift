import FettleTestSupport
import Testing

struct PasteTests {
    @Test func pastedLinesAreNotSubmitted() async throws {
        let terminal = try await PseudoTerminal.probe()
        #expect(terminal.screen.isPasteBracketed)
        try terminal.send(Key.pasted("one\rtwo\r\nthree 数\n"))
        try await terminal.wait(forText: "> one\ntwo\nthree 数", cursorColumn: 0)
        try terminal.send("x" + Key.enter)
        try await terminal.wait(for: "the text in one piece") {
            $0.text.hasSuffix("line: one⏎two⏎three 数⏎x\n>")
        }
    }

    @Test func controlCharactersOfAPasteAreDropped() async throws {
        let terminal = try await PseudoTerminal.probe()
        // Only once a key was taken is the terminal surely in the mode in which Ctrl-C is a key.
        try terminal.send("a")
        try await terminal.wait(forText: "> a")
        try terminal.send(Key.pasted("b\u{1B}[31m\u{03}\u{04}\u{07}c\u{9B}d") + "e")
        try await terminal.wait(forText: "> ab[31mcde", cursorColumn: 11)
    }

    @Test func pasteEndsASearch() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send(Key.control("R") + "fir")
        try await terminal.wait(forText: "> first\nbck:fir")
        try terminal.send(Key.pasted("X"))
        try await terminal.wait(forText: "> Xfirst", cursorColumn: 3)
    }

    @Test func largePasteArrivesWhole() async throws {
        let terminal = try await PseudoTerminal.probe()
        let text = String(repeating: "0123456789abcdef\r", count: 150)
        try terminal.send(Key.pasted(text) + "end")
        try await terminal.wait(for: "the end of the paste") { $0.text.hasSuffix("\nend") }
        try terminal.send(Key.enter)
        try await terminal.wait(for: "the count") {
            $0.text.contains("line: 2553 characters\n")
        }
    }

    @Test(arguments: [
        (String(repeating: "0123456789abcdef\r", count: 11_765), "11765 lines", 200_005),
        (String(repeating: "数", count: 66_000), "194 kB", 66_000),
        (String(repeating: "x\r", count: 201), "201 lines", 402),
    ])
    func hugePasteIsKeptAsideUntilTheLineIsSubmitted(
        text: String,
        size: String,
        count: Int
    ) async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("a" + Key.pasted(text) + Key.pasted("b") + Key.pasted(text) + "c")
        try await terminal.wait(forText: "> a⟨paste 1: \(size)⟩b⟨paste 2: \(size)⟩c")
        try terminal.send(Key.enter)
        try await terminal.wait(for: "both pastes") {
            $0.text.contains("\nline: \(2 * count + 3) characters\n")
        }
    }

    @Test func tokenThatWasChangedIsPlainText() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send(Key.pasted(String(repeating: "x\r", count: 300)) + Key.backspace)
        try await terminal.wait(forText: "> ⟨paste 1: 300 lines")
        try terminal.send(Key.enter)
        try await terminal.wait(for: "the text") {
            $0.text.hasSuffix("\nline: ⟨paste 1: 300 lines\n>")
        }
    }

    @Test func moreLinesThanTheWindowHasCanBePasted() async throws {
        let terminal = try await PseudoTerminal.probe(rows: 24)
        let lines = (1...40).map { "row \($0)" }
        try terminal.send(Key.pasted(lines.joined(separator: "\r")))
        try await terminal.wait(
            forText: lines.suffix(24).joined(separator: "\n"),
            cursorColumn: 6
        )
        // Going up beyond the window shows the rows above.
        try terminal.send(String(repeating: Key.up, count: 30))
        try await terminal.wait(for: "row 10 at the top") {
            $0.lines[0] == "row 10" && $0.cursorRow == 0 && $0.lines[23] == "row 33"
        }
        try terminal.send("x" + Key.enter)
        try await terminal.wait(for: "the whole text") {
            $0.text.hasSuffix("\nline: 271 characters\n>")
        }
    }
}
