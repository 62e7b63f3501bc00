import Testing

@testable import LineEditor

struct InputDecoderTests {
    private func tokens(_ bytes: [UInt8]) -> [InputDecoder.Token] {
        var decoder = InputDecoder()
        return decoder.decode(bytes) + decoder.flush()
    }

    private func scalars(_ text: String) -> [InputDecoder.Token] {
        text.unicodeScalars.map { .scalar($0.value) }
    }

    @Test(arguments: [
        "abc", "é数😀", "\u{1B}[A", "\u{1B}", "\u{1B}[200x", "\u{1B}\u{1B}[A", "\u{1B}é",
    ])
    func textComesThroughAsItIs(text: String) {
        #expect(tokens(Array(text.utf8)) == scalars(text))
    }

    @Test func characterIsReleasedByItsLastByte() {
        var decoder = InputDecoder()
        let first = decoder.decode([0xE6, 0x95])
        #expect(first == [])
        #expect(decoder.isHolding)
        let second = decoder.decode([0xB0])
        #expect(second == [.scalar(0x6570)])
        #expect(!decoder.isHolding)
    }

    @Test func brokenBytesBecomeReplacementsAndLoseNothingElse() {
        #expect(tokens([0xE6, 0x95, 0x41]) == [.scalar(0xFFFD), .scalar(0x41)])
        #expect(tokens([0xFF, 0x41]) == [.scalar(0xFFFD), .scalar(0x41)])
        #expect(tokens([0x80, 0x0A]) == [.scalar(0xFFFD), .scalar(0x0A)])
        #expect(tokens([0xE6, 0x1B, 0x5B, 0x41]) == [.scalar(0xFFFD)] + scalars("\u{1B}[A"))
    }

    @Test func pasteIsOneTokenWithOneKindOfLineEnd() {
        let bytes = Array("a\u{1B}[200~x\n\ry\rz\u{1B}[1m\tq\u{1B}[201~b".utf8)
        #expect(tokens(bytes) == [.scalar(0x61), .paste("x\ny\nz[1m\tq"), .scalar(0x62)])
    }

    @Test func emptyLinesOfAPasteAreKept() {
        #expect(tokens(Array("\u{1B}[200~a\n\nb\u{1B}[201~".utf8)) == [.paste("a\n\nb")])
        #expect(tokens(Array("\u{1B}[200~a\r\rb\u{1B}[201~".utf8)) == [.paste("a\n\nb")])
    }

    @Test func pasteInPiecesIsStillOne() {
        var decoder = InputDecoder()
        var found: [InputDecoder.Token] = []
        for byte in Array("\u{1B}[200~数据\u{1B}[201~".utf8) { found += decoder.decode([byte]) }
        #expect(found == [.paste("数据")])
    }
}
