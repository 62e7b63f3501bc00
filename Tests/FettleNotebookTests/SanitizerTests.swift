import FettleNotebook
import Testing

struct SanitizerTests {
    @Test(arguments: [
        ("plain", "plain"),
        ("日本 👩‍👧 e\u{301}", "日本 👩‍👧 e\u{301}"),
        ("a\nb\r\nc\rd\te", "a⏎b⏎c␍d␉e"),
        ("\u{1B}[2J\u{7}\0\u{7F}", "␛[2J␇␀␡"),
        ("\u{9B}31m", "<U+009B>31m"),
        ("a\u{202E}b\u{2066}\u{200F}\u{61C}", "a<U+202E>b<U+2066><U+200F><U+061C>"),
        ("\u{FEFF}a\u{2028}b\u{2029}", "<U+FEFF>a<U+2028>b<U+2029>"),
    ])
    func lineHasNothingThatATerminalObeys(text: String, safe: String) {
        #expect(Sanitizer.line(text) == safe)
    }

    @Test func blockKeepsLinesAndTabs() {
        #expect(Sanitizer.block("a\tb\nc\r\nd\u{1B}") == "a\tb\nc\nd␛")
    }
}
