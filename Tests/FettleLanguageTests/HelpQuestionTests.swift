import FettleLanguage
import Testing

struct HelpQuestionTests {
    private static let text = Option<ArgumentWord>.words("text", required: false, help: "what")
    private static let ask = CommandDeclaration(
        "ask",
        group: .ask,
        summary: "ask",
        parameters: [text.parameter],
        effect: .none,
        examples: [.init("ask", "a"), .init("ask x", "b")]
    )

    private func question(_ line: String) -> [String]? {
        HelpQuestion(line, [Brew.declaration, Self.ask]).map { [$0.verb, $0.line] }
    }

    @Test(
        arguments: [
            ("brew ?", ["brew", "brew "]),
            ("  brew green seed=3 ? \n", ["brew", "  brew green seed=3 "]),
            ("brew 'a ?' ?", ["brew", "brew 'a ?' "]),
            ("brew; ask | brew x ?", ["brew", "brew; ask | brew x "]),
            ("nothing ?", ["nothing", "nothing "]),
            ("ask ?", ["ask", "ask "]),
        ]
    )
    func lastWordAsksForHelp(line: String, found: [String]) {
        #expect(question(line) == found)
    }

    @Test(
        arguments: [
            "", "?", "brew", "brew?", "brew \\?", "brew '?'", "brew \"a ?", "brew # ?", "!ls ?",
            "brew > ?", "brew x = ?", "ask is it good ?", "brew ? x",
        ]
    )
    func otherQuestionMarksAreText(line: String) {
        #expect(question(line) == nil)
    }
}
