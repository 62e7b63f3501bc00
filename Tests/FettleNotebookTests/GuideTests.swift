import Testing

@testable import FettleNotebook

/// The help on terminals and pipes.
struct GuideTests {
    private static let text = """
        load: read rows from a CSV or TSV file
          as NAME  the dataset's name; 数据集的名字可以是中文
          load samples/reviews.jsonl as reviews
        """

    @Test func linesAreBrokenAtBlanksAndGoOnUnderTheirText() {
        let renderer = TerminalRenderer(width: 28, colour: false)
        #expect(
            renderer.render(.guide(Self.text)) == """
                load: read rows from a CSV
                or TSV file
                  as NAME  the dataset's
                           name; 数据集的名
                           字可以是中文
                  load samples/reviews.jsonl
                  as reviews

                """
        )
    }

    @Test func nothingIsBrokenOnAPipe() {
        let piped = TerminalRenderer(width: 28, colour: false, isTerminal: false)
        #expect(piped.render(.guide(Self.text)) == Self.text + "\n")
        #expect(PlainRenderer(width: 28).render(.guide(Self.text)) == Self.text + "\n")
    }

    @Test func noLineIsWiderThanTheWindow() {
        for width in 10...40 {
            let lines = TerminalRenderer(width: width, colour: false).render(.guide(Self.text))
            for line in lines.split(separator: "\n") {
                #expect(DisplayWidth.of(line) <= width, "\(width): \(line)")
            }
        }
    }
}
