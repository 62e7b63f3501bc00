import CDisplayWidth
import FettleNotebook
import FettleTestSupport
import Glibc
import Testing

@testable import LineEditor

struct WidthTests {
    private static let characters = [
        "a", "é", "e\u{301}", "数", "Ｆ", "ｶ", "한", "\u{1112}\u{1161}\u{11AB}", "👍", "👍🏽", "👩‍👩‍👧", "🇩🇪",
        "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "☀", "☀\u{FE0F}",
        "❤\u{FE0F}\u{200D}🔥",
        "1\u{FE0F}\u{20E3}", "\u{1FAE8}", "\u{1FAC6}", "क", "नि", "…", "█", "ก\u{E33}",
    ]

    @Test(arguments: characters)
    func editorAndTablesCountTheSameColumns(text: String) {
        #expect(Glyph.width(of: text) == DisplayWidth.of(text))
    }

    /// libedit looks its functions up as this test does: the program's own come before the C library's.
    @Test func libeditCountsByTheSameTable() throws {
        typealias Ask = @convention(c) (Int32) -> Int32
        let width = unsafeBitCast(try #require(dlsym(nil, "wcwidth")), to: Ask.self)
        let isPrintable = unsafeBitCast(try #require(dlsym(nil, "iswprint")), to: Ask.self)
        for value: Int32 in [0x61, 0x301, 0x6570, 0x1F600, 0x1FAE8, 0x200D, 0x1F1E9, 0x07] {
            let own = fettle_scalar_width(UInt32(value))
            #expect(width(value) == own)
            #expect((isPrintable(value) != 0) == (own > 0))
        }
    }

    /// What a terminal of either kind shows after a key: the cursor is where the text says.
    @Test(arguments: [false, true])
    func cursorIsExactAfterJoinedEmojiAndFlags(joinsEmoji: Bool) async throws {
        let terminal = try await PseudoTerminal.probe(joinsEmoji: joinsEmoji)
        var column = 2
        for text in ["👩‍👩‍👧", "x", "🇩🇪", "👍🏽", "y", "❤\u{FE0F}\u{200D}🔥", "☀\u{FE0F}", "z", "\u{1FAE8}"] {
            try terminal.send(text)
            column += DisplayWidth.of(text)
            try await terminal.wait(for: "column \(column)") { $0.cursorColumn == column }
        }
        for width in [2, 1, 2, 2, 1, 2, 2, 1, 2] {
            try terminal.send(Key.left)
            column -= width
            try await terminal.wait(for: "column \(column)") { $0.cursorColumn == column }
        }
        try terminal.send(Key.right + Key.backspace)
        try await terminal.wait(for: "the family gone") {
            $0.cursorColumn == 2 && $0.currentLine.hasPrefix("> x")
        }
        try terminal.send(Key.right + Key.delete + "1" + Key.enter)
        try await terminal.wait(for: "the flag gone") {
            $0.text.hasSuffix("\nline: x1👍🏽y❤\u{FE0F}\u{200D}🔥☀\u{FE0F}z\u{1FAE8}\n>")
        }
    }

    @Test(arguments: [false, true])
    func joinedEmojiAtTheMarginDisturbNoOtherRow(joinsEmoji: Bool) async throws {
        let terminal = try await PseudoTerminal.probe(columns: 10, joinsEmoji: joinsEmoji)
        try terminal.send("abcdef👩‍👩‍👧ghij👩‍👩‍👧k")
        try await terminal.wait(for: "two rows") { $0.cursorRow == 1 && $0.cursorColumn == 7 }
        let first = terminal.screen.lines[0]
        let second = terminal.screen.lines[1]
        #expect(first == "> abcdef👩")
        #expect(second == (joinsEmoji ? "ghij👩‍👩‍👧k" : "ghij👩\u{200D}k"))
    }

    @Test func whatIsInvisibleIsShown() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("a\u{202E}b\u{200B}")
        try await terminal.wait(forText: "> a\\U+202Eb\\U+200B", cursorColumn: 18)
        try terminal.send(Key.backspace + "c" + Key.enter)
        try await terminal.wait(for: "the line") { $0.text.hasSuffix("line: a\u{202E}bc\n>") }
    }
}
