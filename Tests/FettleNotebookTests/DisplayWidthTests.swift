import FettleNotebook
import Testing

struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0),
        ("plain", 5),
        ("é", 1),
        ("e\u{301}", 1),
        ("日本語", 6),
        ("ｶﾅ", 2),
        ("Ｆｕｌｌ", 8),
        ("한글", 4),
        ("\u{1112}\u{1161}\u{11AB}", 2),
        ("👍", 2),
        ("👍🏽", 2),
        ("👩‍👩‍👧", 2),
        ("🇩🇪", 2),
        ("☀", 1),
        ("☀\u{FE0F}", 2),
        ("1\u{FE0F}\u{20E3}", 2),
        (" \u{FE0F}", 1),
        ("नमस्ते", 4),
        ("\u{200B}", 0),
        ("█…·", 3),
        ("\u{1B}\n", 0),
    ])
    func columnsAreCounted(text: String, columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test func textIsCutBetweenCharacters() {
        #expect(DisplayWidth.fit("日本語", to: 6) == "日本語")
        #expect(DisplayWidth.fit("日本語", to: 5) == "日本…")
        #expect(DisplayWidth.fit("日本語", to: 4) == "日…")
        #expect(DisplayWidth.fit("abc", to: 1) == "…")
        #expect(DisplayWidth.fit("abc", to: 0) == "")
    }

    @Test func textIsPaddedByColumns() {
        #expect(DisplayWidth.pad("日", to: 4) == "日  ")
        #expect(DisplayWidth.pad("日", to: 4, right: true) == "  日")
        #expect(DisplayWidth.pad("long", to: 2) == "long")
    }
}
