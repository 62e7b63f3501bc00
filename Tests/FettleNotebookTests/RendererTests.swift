import FettleNotebook
import Testing

struct RendererTests {
    @Test(arguments: [30, 40, 80, 100])
    func everyBlockFitsTheWindow(width: Int) throws {
        let text = PlainRenderer(width: width).render(Samples.blocks)
        try expectGolden(text, "plain-\(width)")
        for line in text.split(separator: "\n").dropFirst(3) {
            #expect(DisplayWidth.of(line) <= width)
            #expect(line.last != " ")
        }
    }

    @Test func coloursAreAddedToTheSameText() throws {
        let coloured = TerminalRenderer(width: 60, colour: true).render(Samples.blocks)
        try expectGolden(
            coloured.replacing("\u{1B}", with: "ESC"),
            "terminal-60"
        )
    }

    @Test(arguments: [30, 60, 100])
    func withoutColourTheTerminalShowsThePlainText(width: Int) {
        let terminal = TerminalRenderer(width: width, colour: false)
        #expect(
            terminal.render(Samples.blocks) == PlainRenderer(width: width).render(Samples.blocks)
        )
    }

    @Test func rowsOfAnotherLengthAreFilledOrCut() {
        let table = TextTable(
            columns: [.init("a"), .init("b", .right)],
            rows: [[.text("x")], [.text("y"), .text("1"), .text("z")], []]
        )
        #expect(
            PlainRenderer(width: 80).render(.table(table)) == """
                a  b
                ─  ─
                x
                y  1


                """
        )
    }

    @Test func aTableWithoutRowsShowsItsHeads() {
        let table = TextTable(
            columns: [.init("a"), .init("b", .right)],
            rows: [],
            footer: "0 rows"
        )
        #expect(PlainRenderer(width: 80).render(.table(table)) == "a  b\n─  ─\n0 rows\n")
    }

    @Test func aTableWithoutColumnsShowsItsFooter() {
        let table = TextTable(columns: [], rows: [[]], footer: "nothing to show")
        #expect(PlainRenderer(width: 80).render(.table(table)) == "nothing to show\n")
    }

    @Test func columnsThatDoNotFitAreHiddenAndCounted() {
        let table = TextTable(
            columns: (1...12).map { .init("column\($0)") },
            rows: [(1...12).map { .text("value\($0)") }]
        )
        #expect(
            PlainRenderer(width: 50).render(.table(table)) == """
                column1  column2  column3  column4  column5
                ───────  ───────  ───────  ───────  ───────
                value1   value2   value3   value4   value5
                7 columns hidden: 'last' shows all

                """
        )
    }

    @Test func thousandsOfColumnsAreHiddenToo() {
        let table = TextTable(
            columns: (1...5000).map { .init("c\($0)", $0 < 30 ? .right : .left) },
            rows: [(1...5000).map { .text($0 < 30 ? "1" : "some text that is long") }]
        )
        let lines = PlainRenderer(width: 80).render(.table(table)).split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix("c1  c2  c3  c4  c5  c6  c7  c8  c9  c10  c11"))
        #expect(lines[3] == "4,982 columns hidden: 'last' shows all")
    }

    @Test func documentGivesNoHints() {
        var table = TextTable(columns: [.init("a")], rows: [[.text("1")]], footer: "1 of 9 rows")
        table.left = 8
        let text = PlainRenderer(width: 50, hints: false).render(.table(table))
        #expect(text == "a\n─\n1\n1 of 9 rows\n")
    }

    @Test func aWholeTableHasAFieldALineWhereItDoesNotFit() {
        var table = TextTable(
            columns: [.init("a"), .init("note")],
            rows: [[.text("1"), .text(String(repeating: "word ", count: 40))]],
            footer: "1 of 9 rows"
        )
        table.left = 8
        #expect(
            PlainRenderer(width: 50).render(.table(table)).hasSuffix(
                "1 of 9 rows: 'last' shows all\n"
            )
        )
        table.isWhole = true
        table.left = 0
        let text = PlainRenderer(width: 50).render(.table(table))
        #expect(
            text.hasPrefix("─── 1\na     1\nnote  word word word word word word word word word\n")
        )
        #expect(text.split(separator: " ").count { $0.contains("word") } == 40)
        #expect(text.hasSuffix("\n1 of 9 rows\n"))
    }

    @Test func dataIsMadeSafeOnATerminalOnly() {
        let block = OutputBlock.data("a\u{1B}[31m\u{202E}\n")
        #expect(PlainRenderer(width: 20).render(block) == "a\u{1B}[31m\u{202E}\n")
        let terminal = TerminalRenderer(width: 20, colour: false)
        #expect(terminal.render(block) == "a␛[31m<U+202E>\n")
        let pipe = TerminalRenderer(width: 20, colour: false, isTerminal: false)
        #expect(pipe.render(block) == "a\u{1B}[31m\u{202E}\n")
    }

    @Test func emptyBlocksHaveNoLines() {
        let renderer = PlainRenderer(width: 80)
        #expect(renderer.render(.text("")) == "")
        #expect(renderer.render(.fields([])) == "")
        #expect(renderer.render(.bars(BarChart(bars: []))) == "")
    }

    @Test func barsOfZerosAreEmpty() {
        let chart = BarChart(bars: [.init("a", 0, "0"), .init("bb", -1, "less")])
        #expect(PlainRenderer(width: 80).render(.bars(chart)) == "a   0\nbb  less\n")
    }

    @Test func barsGrowByEighths() {
        let chart = BarChart(bars: (1...8).map { .init("\($0)", Double($0), "") })
        #expect(
            PlainRenderer(width: 10).render(.bars(chart)) == """
                1  ▉
                2  █▊
                3  ██▋
                4  ███▌
                5  ████▍
                6  █████▎
                7  ██████▏
                8  ███████

                """
        )
    }
}
