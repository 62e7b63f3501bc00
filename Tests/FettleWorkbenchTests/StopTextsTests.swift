import Testing

@testable import FettleWorkbench

struct StopTextsTests {
    /// Returns the text that is given out, piece by piece, and which stop ended it.
    private func shown(_ pieces: [String], _ stops: [String]) -> (text: [String], stop: Int?) {
        var texts = StopTexts(stops)
        var shown = pieces.map { texts.append($0) }
        if texts.found == nil { shown.append(texts.finish()) }
        return (shown, texts.found)
    }

    @Test func textWithoutAStopComesWhole() {
        let (text, stop) = shown(["one ", "two"], ["###"])
        #expect(text == ["one ", "two", ""])
        #expect(stop == nil)
    }

    @Test func stopIsCutExactlyAlsoAcrossPieces() {
        #expect(shown(["ab#", "#", "#cd", "ef"], ["###"]).text == ["ab", "", "", ""])
        #expect(shown(["ab###cd"], ["###"]).text == ["ab"])
        #expect(shown(["a##", "b"], ["###"]).text == ["a", "##b", ""])
    }

    @Test func beginningOfAStopIsHeldUntilItIsCertain() {
        let (text, stop) = shown(["x", "\n", "y", "\n", "\n"], ["\n\n"])
        #expect(text == ["x", "", "\ny", "", ""])
        #expect(stop == 0)
        #expect(shown(["x\n"], ["\n\n"]).text == ["x", "\n"])
    }

    @Test func stopThatIsCompleteFirstWins() {
        #expect(shown(["abcd"], ["bcd", "c"]).text == ["ab"])
        #expect(shown(["abcd"], ["bcd", "c"]).stop == 1)
    }

    @Test func longerOfTwoThatEndTogetherWins() {
        #expect(shown(["abc"], ["c", "bc"]).text == ["a"])
        #expect(shown(["abc"], ["c", "bc"]).stop == 1)
    }

    /// A stop that overlaps itself is found where a first try fails in its middle.
    @Test func stopIsFoundAfterAFalseStart() {
        #expect(shown(["aab", "aabc"], ["aabc"]).text == ["", "aab"])
        #expect(shown(["ab", "abac"], ["abac"]).text.joined() == "ab")
    }

    @Test func charactersStayWhole() {
        #expect(shown(["é…", "日本"], ["日本"]).text == ["é…", ""])
        #expect(shown(["…日", "x"], ["日本"]).text == ["…", "日x", ""])
    }
}
