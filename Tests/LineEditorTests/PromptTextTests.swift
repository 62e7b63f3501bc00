import Testing

@testable import LineEditor

struct PromptTextTests {
    private func encoded(_ text: String, colour: Bool = true) -> String {
        String(scalars: PromptText(text, colour: colour).encoded)
            .replacing("\u{01}", with: "|")
    }

    @Test func neighbouringEscapesAreMerged() {
        #expect(encoded("\u{1B}[1m\u{1B}[32ma> ") == "|\u{1B}[1m\u{1B}[32m|a> ")
    }

    @Test func finalEscapeGoesBeforeTheLastCharacter() {
        #expect(encoded("\u{1B}[1ma> \u{1B}[0m") == "|\u{1B}[1m|a>|\u{1B}[0m| ")
    }

    @Test func coloursAreDroppedWhereTheyAreOff() {
        #expect(encoded("\u{1B}[1ma> \u{1B}[0m", colour: false) == "a> ")
    }

    @Test func controlCharactersAreDropped() {
        #expect(encoded("a\u{01}\u{07}> ") == "a> ")
        #expect(encoded("\u{1B}[") == "")
    }
}
