import FettleCore
import FettleNotebook
import Testing

struct DiagnosticRendererTests {
    private func render(_ diagnostic: Diagnostic, width: Int = 80) -> String {
        DiagnosticRenderer(width: width, colour: false).render(diagnostic)
    }

    /// Returns the last two lines for a span that begins at `mark` in `source` and has `length` bytes.
    private func excerpt(
        _ source: String,
        at mark: String,
        length: Int? = nil,
        width: Int = 80
    ) throws -> String {
        let range = try #require(source.firstRange(of: mark))
        let start = source.utf8.distance(from: source.startIndex, to: range.lowerBound)
        let text = render(
            Diagnostic(
                "code",
                "message",
                span: SourceSpan(start, start + (length ?? mark.utf8.count)),
                source: source
            ),
            width: width
        )
        return text.split(separator: "\n", maxSplits: 1).last.map(String.init) ?? ""
    }

    private let unknownColumn = Diagnostic(
        "unknown-column",
        "no column 'instrution' in dataset 'd'",
        span: SourceSpan(13, 23),
        source: "rows 5 where instrution ~ \"foo\"",
        location: .init(file: "walk.fettle", line: 12, column: 14),
        hints: ["did you mean 'instruction'?", "columns: instruction, input, output"]
    )

    @Test func aPlaceInAScriptIsShown() {
        #expect(
            render(unknownColumn) == """
                error[unknown-column]: no column 'instrution' in dataset 'd'
                  walk.fettle:12:14
                   12 | rows 5 where instrution ~ "foo"
                      |              ^^^^^^^^^^
                  hint: did you mean 'instruction'?
                  hint: columns: instruction, input, output

                """
        )
    }

    @Test func coloursMarkTheHeadAndTheCarets() {
        let text = DiagnosticRenderer(width: 80, colour: true).render(unknownColumn)
        #expect(
            text.replacing("\u{1B}", with: "ESC") == """
                ESC[1;31merror[unknown-column]:ESC[0m ESC[1mno column 'instrution' in dataset \
                'd'ESC[0m
                  walk.fettle:12:14
                ESC[2m   12 |ESC[0m rows 5 where instrution ~ "foo"
                ESC[2m      |ESC[0m              ESC[1;31m^^^^^^^^^^ESC[0m
                  ESC[1mhint:ESC[0m did you mean 'instruction'?
                  ESC[1mhint:ESC[0m columns: instruction, input, output

                """
        )
    }

    @Test func onATerminalLongTextIsBrokenAtBlanks() {
        let diagnostic = Diagnostic(
            "unknown-column",
            "no column 'rating' in the dataset that is current",
            hints: ["columns: stars, review_body, review_title, language", "short"]
        )
        let text = DiagnosticRenderer(width: 40, colour: false, wraps: true).render(diagnostic)
        #expect(
            text == """
                error[unknown-column]: no column
                  'rating' in the dataset that is
                  current
                  hint: columns: stars, review_body,
                        review_title, language
                  hint: short

                """
        )
    }

    @Test func withoutAPlaceThereIsOnlyTheMessage() {
        #expect(render(Diagnostic("a", "b")) == "error[a]: b\n")
        #expect(render(Diagnostic("a", "b", span: SourceSpan(0, 1))) == "error[a]: b\n")
    }

    @Test func aPlaceInADataFileNeedsNoSource() {
        let location = SourceLocation(file: "a\u{1B}.csv", line: 3, column: 24)
        #expect(
            render(Diagnostic("a", "b\nc", location: location)) == """
                error[a]: b⏎c
                  a␛.csv:3:24

                """
        )
    }

    @Test func japaneseBeforeThePlaceCountsTwoColumns() throws {
        #expect(
            try excerpt("where 題名 == 'x' and 星", at: "星") == """
                    1 | where 題名 == 'x' and 星
                      |                       ^^

                """
        )
    }

    @Test func chineseInThePlaceIsUnderlinedWhole() throws {
        #expect(
            try excerpt("ask 模型 now", at: "模型") == """
                    1 | ask 模型 now
                      |     ^^^^

                """
        )
    }

    @Test func emojiAndCombiningMarksAreOneCharacter() throws {
        #expect(
            try excerpt("a 👩‍👩‍👧 e\u{301} x", at: "x") == """
                    1 | a 👩‍👩‍👧 e\u{301} x
                      |        ^

                """
        )
    }

    @Test func tabsAreDrawnAsBlanks() throws {
        #expect(
            try excerpt("\tab\tx", at: "x") == """
                    1 |     ab  x
                      |         ^

                """
        )
        #expect(
            try excerpt("ab\tx", at: "\t") == """
                    1 | ab  x
                      |   ^^

                """
        )
    }

    @Test func controlCharactersAreDrawnAsSigns() throws {
        #expect(
            try excerpt("a\u{1B}\u{202E} x", at: "x") == """
                    1 | a␛<U+202E> x
                      |            ^

                """
        )
    }

    @Test func theLineOfTheSpanIsShown() throws {
        #expect(
            try excerpt("first\r\nsecond word\r\nthird", at: "word") == """
                    2 | second word
                      |        ^^^^

                """
        )
    }

    @Test func aSpanOverLinesEndsWithItsFirst() throws {
        #expect(
            try excerpt("one two\nthree\n", at: "two", length: 9) == """
                    1 | one two
                      |     ^^^

                """
        )
    }

    @Test func anEmptySpanHasOneCaret() throws {
        #expect(
            try excerpt("ab cd", at: "cd", length: 0) == """
                    1 | ab cd
                      |    ^

                """
        )
    }

    @Test(arguments: [(5, 5), (5, 9), (99, 120)])
    func theEndOfTheTextHasACaretAfterIt(start: Int, end: Int) {
        let diagnostic = Diagnostic(
            "a",
            "b",
            span: SourceSpan(start, end),
            source: "ab cd"
        )
        #expect(
            render(diagnostic) == """
                error[a]: b
                    1 | ab cd
                      |      ^

                """
        )
    }

    @Test func theEndOfALineBelongsToTheLine() {
        let diagnostic = Diagnostic("a", "b", span: SourceSpan(2, 3), source: "ab\ncd")
        #expect(
            render(diagnostic) == """
                error[a]: b
                    1 | ab
                      |   ^

                """
        )
    }

    @Test func anEmptySourceHasACaret() {
        let diagnostic = Diagnostic("a", "b", span: SourceSpan(0, 0), source: "")
        #expect(render(diagnostic) == "error[a]: b\n    1 |\n      | ^\n")
        let negative = Diagnostic("a", "b", span: SourceSpan(-4, -2), source: "x")
        #expect(render(negative) == "error[a]: b\n    1 | x\n      | ^\n")
    }

    @Test func aSpanInsideACharacterMarksIt() {
        let diagnostic = Diagnostic("a", "b", span: SourceSpan(2, 3), source: "a日b")
        #expect(render(diagnostic) == "error[a]: b\n    1 | a日b\n      |  ^^\n")
    }

    @Test(arguments: [30, 40, 80, 100])
    func aLongLineIsCutRoundThePlace(width: Int) throws {
        let long = (1...40).map { "word\($0)" }.joined(separator: " ")
        var text = ""
        for mark in ["word1", "word20", "word40", "word12 word13 word14 word15 word16 word17"] {
            text += try excerpt(long, at: mark, width: width)
        }
        text += try excerpt("日本語 " + long, at: "word30", width: width)
        text += try excerpt(long + "語語語語語語", at: "語語", length: 18, width: width)
        text += try excerpt(long, at: "word2", length: 1000, width: width)
        for line in text.split(separator: "\n") { #expect(DisplayWidth.of(line) <= width) }
        try expectGolden(text, "long-line-\(width)")
    }

    @Test func linesPastAHundredThousandKeepTheirGutter() {
        let diagnostic = Diagnostic(
            "a",
            "b",
            span: SourceSpan(0, 1),
            source: "x",
            location: .init(file: "f", line: 1_234_567, column: 1)
        )
        #expect(
            render(diagnostic) == """
                error[a]: b
                  f:1234567:1
                1234567 | x
                        | ^

                """
        )
    }
}
