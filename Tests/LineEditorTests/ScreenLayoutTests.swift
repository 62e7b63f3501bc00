import Testing

@testable import LineEditor

struct ScreenLayoutTests {
    private func layout(
        _ text: String,
        cursor: Int? = nil,
        hint: String = "",
        status: String = "",
        columns: Int = 10
    ) -> ScreenLayout {
        var content = ScreenLayout.Content()
        content.prompt = PromptText("> ", colour: true)
        content.text = text.unicodeScalars.map(\.value)
        content.cursor = cursor ?? content.text.count
        content.hint = hint
        content.status = status
        return ScreenLayout(content, columns: columns)
    }

    private func rows(_ layout: ScreenLayout) -> [String] {
        layout.rows.map { $0.cells.map(\.glyph.text).joined() }
    }

    @Test(arguments: [
        ("", 0, 2), ("abc", 0, 5), ("abcdefgh", 1, 0), ("数据数据", 1, 0), ("a数据数据", 1, 2),
        ("a\tb", 0, 9), ("a\n", 1, 0), ("a\nbc", 1, 2), ("\u{01}", 0, 4), ("e\u{301}", 0, 3),
        ("\u{200B}", 0, 9), ("👩‍👩‍👧", 0, 4), ("🇩🇪", 0, 4), ("👍🏽x", 0, 5), ("☀\u{FE0F}", 0, 4),
        ("1\u{FE0F}\u{20E3}", 0, 4), ("\u{1FAE8}", 0, 4),
    ])
    func cursorIsWhereTheTerminalPutsIt(text: String, row: Int, column: Int) {
        let layout = layout(text)
        #expect(layout.cursorRow == row)
        #expect(layout.cursorColumn == column)
    }

    @Test func cursorOnAWideCharacterThatWrappedIsInTheNextRow() {
        let layout = layout("a数据数据", cursor: 4)
        #expect(layout.cursorRow == 1)
        #expect(layout.cursorColumn == 0)
        #expect(layout.rows.count == 2)
    }

    @Test func cursorWithinACharacterIsAtItsStart() {
        #expect(layout("a👩‍👩‍👧b", cursor: 3).cursorColumn == 3)
    }

    @Test func whatIsInvisibleIsSpelledOut() {
        let shown = layout("a\t数\u{01}\u{7F}\n\u{202E}\u{200D}x\u{E0041}")
        #expect(rows(shown) == ["> a     数", "^A^?", "\\U+202E\\U+", "200Dx\\U+E0", "041"])
        #expect(shown.rows.map(\.width) == [10, 4, 10, 10, 3])
    }

    @Test func hintFillsTheRowAndNoMore() {
        #expect(rows(layout("ab", hint: "cde")) == ["> abcde"])
        #expect(rows(layout("ab", hint: "cdefghij")) == ["> abcdef…"])
        #expect(rows(layout("ab", hint: "c\nd")) == ["> abc…"])
        #expect(rows(layout("abcdefgh", hint: "ijk")) == ["> abcdefgh", "ijk"])
        #expect(layout("ab", hint: "cde").cursorColumn == 4)
    }

    @Test func statusGivesWayToTheText() {
        #expect(rows(layout("ab", status: "42%", columns: 12)) == ["> ab    42%"])
        #expect(rows(layout("abcde", status: "42%", columns: 12)) == ["> abcde"])
        #expect(rows(layout("ab\ncdefghijk", status: "42%", columns: 12))[0] == "> ab    42%")
    }
}
