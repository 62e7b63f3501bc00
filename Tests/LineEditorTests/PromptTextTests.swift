import Testing

@testable import LineEditor

struct PromptTextTests {
    private func pieces(_ text: String, colour: Bool = true) -> String {
        var last = ""
        return PromptText(text, colour: colour).pieces.map { piece in
            defer { last = piece.colour }
            return (piece.colour == last ? "" : "|\(piece.colour)|")
                + String(scalars: [piece.scalar])
        }.joined()
    }

    @Test func coloursApplyUntilTheyAreReset() {
        #expect(pieces("\u{1B}[1m\u{1B}[32mab\u{1B}[0m> ") == "|1;32|ab||> ")
        #expect(pieces("\u{1B}[1ma\u{1B}[0;31mb\u{1B}[m> ") == "|1|a|31|b||> ")
    }

    @Test func coloursAreDroppedWhereTheyAreOff() {
        #expect(pieces("\u{1B}[1ma> \u{1B}[0m", colour: false) == "a> ")
    }

    @Test func markEndsWhereThePromptEnds() {
        let mark = PromptText("\u{1B}[2m.>\u{1B}[0m ", colour: true)
        func aligned(_ prompt: String) -> String {
            String(scalars: mark.aligned(with: PromptText(prompt, colour: true)).plain)
        }
        #expect(aligned("abcd> ") == "   .> ")
        #expect(aligned("above\n数> ") == " .> ")
        #expect(aligned("> ") == ".> ")
        let none = PromptText("", colour: true)
        #expect(none.aligned(with: mark) == none)
    }

    @Test func otherSequencesAndControlCharactersAreDropped() {
        #expect(pieces("a\u{01}\u{07}\u{1B}[2Kb> ") == "ab> ")
        #expect(pieces("\u{1B}[") == "")
    }
}
