import FettleTestSupport
import Testing

@testable import LineEditor

struct UndoTests {
    private let undo = Key.control("_")
    private let redo = "\u{1B}_"

    @Test func wordsAreTakenBackOneByOne() async throws {
        let terminal = try await PseudoTerminal.probe()
        // One by one: what is typed in one go is seen as such only key by key.
        try terminal.send("one two  数据")
        try await terminal.wait(forText: "> one two  数据", cursorColumn: 15)
        try terminal.send(undo)
        try await terminal.wait(forText: "> one two", cursorColumn: 11)
        try terminal.send(undo)
        try await terminal.wait(forText: "> one", cursorColumn: 6)
        try terminal.send(redo + redo)
        try await terminal.wait(forText: "> one two  数据", cursorColumn: 15)
        try terminal.send(Key.control("X") + Key.control("U") + "x" + Key.enter)
        try await terminal.wait(forText: "> one two  x\nline: one two  x\n>")
    }

    @Test func whatWasDeletedComesBack() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("alpha beta" + Key.control("W"))
        try await terminal.wait(forText: "> alpha", cursorColumn: 8)
        try terminal.send(undo)
        try await terminal.wait(forText: "> alpha beta", cursorColumn: 12)
        try terminal.send(Key.control("U"))
        try await terminal.wait(forText: ">", cursorColumn: 2)
        try terminal.send(undo)
        try await terminal.wait(forText: "> alpha beta", cursorColumn: 12)
        try terminal.send(Key.backspace + Key.backspace + Key.backspace)
        try await terminal.wait(forText: "> alpha b", cursorColumn: 9)
        try terminal.send(undo)
        try await terminal.wait(forText: "> alpha beta", cursorColumn: 12)
    }

    @Test func recallAndPasteAreOneStepEach() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("ab" + Key.up)
        try await terminal.wait(forText: "> third", cursorColumn: 7)
        try terminal.send(undo)
        try await terminal.wait(forText: "> ab", cursorColumn: 4)
        try terminal.send(Key.pasted("1 2\r3 4"))
        try await terminal.wait(forText: "> ab1 2\n3 4", cursorColumn: 3)
        try terminal.send(undo)
        try await terminal.wait(forText: "> ab", cursorColumn: 4)
    }

    @Test func nothingIsLeftToTakeBackAtTheStart() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("a" + undo + undo + undo + redo + redo + "b" + Key.enter)
        try await terminal.wait(forText: "> ab\nline: ab\n>", cursorColumn: 2)
        try terminal.send(undo + "c" + Key.enter)
        try await terminal.wait(for: "the second line") { $0.text.hasSuffix("line: c\n>") }
    }

    @Test func hugeTextsAreNotAllKept() {
        var history = UndoHistory()
        let text = [UInt32](repeating: 0x61, count: 1 << 20)
        for count in 0..<10 {
            history.note(.init(scalars: text + text.prefix(count * 2), cursor: 0))
        }
        var steps = 0
        while history.undo() != nil { steps += 1 }
        #expect(steps == 1)
    }
}
