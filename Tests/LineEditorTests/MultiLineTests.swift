import FettleTestSupport
import Testing

struct MultiLineTests {
    @Test func enterContinuesWhileATextIsIncomplete() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("{" + Key.enter)
        try await terminal.wait(forText: "> {", cursorColumn: 0)
        try terminal.send("数据" + Key.enter + "}")
        try await terminal.wait(forText: "> {\n数据\n}", cursorColumn: 1)
        try terminal.send(Key.enter)
        try await terminal.wait(forText: "> {\n数据\n}\nline: {⏎数据⏎}\n>", cursorColumn: 2)
    }

    @Test func earlierLinesOfATextCanBeEdited() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("{ ab" + Key.enter + "c" + Key.up + "X" + Key.down + "}" + Key.enter)
        try await terminal.wait(for: "the edited text") {
            $0.text.hasSuffix("line: {X ab⏎c}\n>")
        }
    }

    @Test func altEnterStartsALineOfACompleteText() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("a" + Key.altEnter + "b" + Key.enter)
        try await terminal.wait(forText: "> a\nb\nline: a⏎b\n>", cursorColumn: 2)
    }

    @Test func interruptLeavesABlock() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("{" + Key.enter + "b" + Key.up + Key.control("C"))
        try await terminal.wait(forText: "> {\nb^C\ninterrupted\n>", cursorColumn: 2)
    }
}
