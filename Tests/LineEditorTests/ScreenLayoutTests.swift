import CTerminal
import Testing

@testable import LineEditor

struct ScreenLayoutTests {
    init() {
        fettle_set_up_locale()
    }

    private func layout(
        _ text: String,
        cursor: Int? = nil,
        columns: Int = 10,
        rows: Int = 24
    ) -> ScreenLayout {
        let scalars = text.unicodeScalars.map(\.value)
        return ScreenLayout(
            prompt: PromptText("> ", colour: true),
            text: scalars,
            cursor: cursor ?? scalars.count,
            columns: columns,
            rows: rows
        )
    }

    @Test(arguments: [
        ("", 0, 2), ("abc", 0, 5), ("abcdefgh", 1, 0), ("数据数据", 1, 0), ("a数据数据", 1, 2),
        ("a\tb", 0, 9), ("a\n", 1, 0), ("a\nbc", 1, 2), ("\u{01}", 0, 4), ("e\u{301}", 0, 3),
        ("\u{200B}", 0, 2),
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
        #expect(layout.lastRow == 1)
    }

    @Test func rowsShowWhatLibeditShows() {
        let rows = layout("a\t数\u{01}\u{7F}\n\u{FFFF}\u{10FFFF}").rowContents
        #expect(rows.map { String($0.text) } == ["> a     数", "^A^?", "\\U+FFFF\\U+", "0FFFF"])
        #expect(rows.map(\.width) == [10, 4, 10, 5])
    }

    @Test func rowsAreCappedAtTheScreen() {
        let layout = layout(String(repeating: "x\n", count: 50), rows: 5)
        #expect(layout.cursorRow == 4)
        #expect(layout.lastRow == 4)
    }
}
