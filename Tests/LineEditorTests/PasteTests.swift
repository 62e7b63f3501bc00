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
        let text = String(repeating: "0123456789abcdef\r", count: 1200)
        try terminal.send(Key.pasted(text) + "end")
        try await terminal.wait(for: "the end of the paste") { $0.text.hasSuffix("\nend") }
        try terminal.send(Key.enter)
        try await terminal.wait(for: "the count") {
            $0.text.contains("line: 20403 characters\n")
        }
    }
}
