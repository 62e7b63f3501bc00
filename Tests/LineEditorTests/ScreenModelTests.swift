import FettleTestSupport
import Testing

struct ScreenModelTests {
    private func screen(_ output: String, columns: Int = 10, rows: Int = 4) -> ScreenModel {
        var screen = ScreenModel(columns: columns, rows: rows)
        screen.feed(output.utf8)
        return screen
    }

    @Test func lastColumnWrapsOnlyWithTheNextCharacter() {
        let full = screen("0123456789")
        #expect(full.cursorRow == 0)
        #expect(full.cursorColumn == 9)
        let next = screen("0123456789a")
        #expect(next.text == "0123456789\na")
        #expect(next.cursorColumn == 1)
    }

    @Test func wideCharacterDoesNotSplitAtTheMargin() {
        #expect(screen("012345678数").text == "012345678\n数")
    }

    @Test func movingAndErasing() {
        #expect(screen("abc\r\ndef\u{1B}[A\u{1B}[Dx\u{1B}[K").text == "abx\ndef")
        #expect(screen("abc\r\ndef\u{1B}[1;2H\u{1B}[J").text == "a")
        #expect(screen("abc\u{1B}[G\u{1B}[@x").text == "xabc")
        #expect(screen("abc\u{1B}[2G\u{1B}[P").text == "ac")
        #expect(screen("a\r\nb\u{1B}[L").text == "a\n\nb")
        #expect(screen("a\r\nb\u{1B}[1;1H\u{1B}[M").text == "b")
    }

    @Test func overwritingHalfAWideCharacterBlanksTheOther() {
        #expect(screen("数\u{1B}[2Gx").text == " x")
        #expect(screen("数\u{1B}[1Gx").text == "x")
    }

    @Test func lastRowScrolls() {
        #expect(screen("1\r\n2\r\n3\r\n4\r\n5").text == "2\n3\n4\n5")
    }

    @Test func resizeReflowsWrappedRows() {
        var screen = screen("0123456789abc\r\nx")
        screen.resize(columns: 20, rows: 4)
        #expect(screen.text == "0123456789abc\nx")
        #expect(screen.cursorRow == 1)
        screen.resize(columns: 5, rows: 4)
        #expect(screen.text == "01234\n56789\nabc\nx")
        #expect(screen.cursorRow == 3)
    }

    @Test func unknownSequencesAreNoted() {
        #expect(screen("\u{1B}[?2004h\u{1B}[31ma\u{1B}[5t").unknownSequences == ["CSI 5t"])
    }
}
