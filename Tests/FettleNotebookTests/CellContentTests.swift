import FettleCore
import FettleNotebook
import Testing

/// What is kept of a cell's output.
struct CellContentTests {
    private static let content = CellContent(
        prose: "# Title\n\ntext",
        blocks: Samples.blocks + [Samples.curves, .data("a,b\n")],
        failure: .init(code: "no-file", message: "'x' is not there", text: "error…\n"),
        epilogue: "the end"
    )

    @Test func everyBlockComesBackAsItWas() throws {
        let read = try #require(CellContent(json: Self.content.json))
        #expect(read.json == Self.content.json)
        // Numbers that are none are not equal to themselves.
        let renderer = PlainRenderer(width: 80)
        #expect(renderer.render(read.blocks) == renderer.render(Self.content.blocks))
        #expect(read.failure == Self.content.failure)
        #expect(read.prose == "# Title\n\ntext")
        #expect(read.epilogue == "the end")
        #expect(read.blocks.count == Self.content.blocks.count)
        #expect(read.blocks[3] == Samples.blocks[3])
    }

    @Test func nothingIsKeptOfNothing() {
        #expect(CellContent().json == "")
        #expect(CellContent(json: "") == nil)
    }

    @Test(arguments: [
        "{", "[", "nonsense", "\u{0}", "{\"blocks\": 3}", "{\"blocks\": [{\"later\": 1}, 7, null]}",
        "{\"blocks\": [{\"table\": {\"rows\": 3, \"columns\": [[]]}}]}", "{\"failure\": [1, 2, 3]}",
        "{\"blocks\": [{\"plot\": {\"panels\": [3, {\"x\": [], \"y\": 1, \"matrix\": [[1], [[2, 9]]]}]}}]}",
        "{\"blocks\": [{\"bars\": [[1]], \"title\": 5}, {\"curves\": [1, [2, [3]]]}]}",
    ])
    func whatCannotBeReadIsLeftOut(json: String) {
        let content = CellContent(json: json)
        #expect(content?.failure == nil)
        for block in content?.blocks ?? [] { _ = PlainRenderer(width: 80).render(block) }
        #expect((content?.blocks.count ?? 0) <= 1)
    }

    @Test func longOutputIsCutAndSaysSo() throws {
        let rows = (1...1000).map { [TextTable.Cell.text("\($0)")] }
        let table = TextTable(columns: [.init("n")], rows: rows, footer: "1,000 of 2,000 rows")
        let text = String(repeating: "é", count: 50_000)
        let content = CellContent(blocks: [.table(table), .text(text)]).capped
        guard case .table(let kept) = content.blocks[0], case .text(let cut) = content.blocks[1]
        else {
            Issue.record("other blocks")
            return
        }
        #expect(kept.rows.count == 200)
        #expect(
            kept.footer == "1,000 of 2,000 rows; 200 of the 1,000 rows shown are kept in the record"
        )
        #expect(cut.utf8.count < 66_000)
        #expect(cut.hasSuffix("\n… cut, 100,000 bytes in all\n"))
    }

    @Test func manyBlocksAreCut() {
        let blocks = (1...700).map { OutputBlock.text("line \($0)") }
        let kept = CellContent(blocks: blocks).capped.blocks
        #expect(kept.count == 501)
        #expect(kept.last == .note("200 blocks of the output not kept in the record"))
        let large = String(repeating: "x", count: 60_000)
        let few = CellContent(blocks: (1...20).map { _ in .text(large) }).capped.blocks
        #expect(few.count == 6)
        #expect(few.last == .note("15 blocks of the output not kept in the record"))
    }

    @Test func everyTextIsReached() {
        let hidden = Self.content.mapTexts { _ in "·" }
        for word in ["reviews.jsonl", "dress", "nats", "stars", "not there", "Title", "the end"] {
            #expect(!hidden.json.contains(word), "\(word)")
        }
    }

    @Test func everyKindOfPlotComesBackAsItWas() throws {
        let plots = PlotSamples.all.map { OutputBlock.plot($0.plot) }
        let read = try #require(CellContent(json: CellContent(blocks: plots).json))
        // Numbers that are none are not equal to themselves.
        for (block, plot) in zip(read.blocks, plots) {
            let renderer = TerminalRenderer(width: 100, colour: true)
            #expect(renderer.render(block) == renderer.render(plot))
        }
        #expect(read.blocks.count == plots.count)
        #expect(read.json == CellContent(blocks: plots).json)
        let hidden = CellContent(blocks: plots).mapTexts { _ in "·" }.json
        for word in ["home", "stars", "once", "rate", "steps", "right"] {
            #expect(!hidden.contains(word), "\(word)")
        }
    }

    @Test func curvesOfTheFirstVersionsAreRead() throws {
        let json = """
            {"blocks": [{"curves": [["loss (nats)", [["training", [[1, 2.5], [2, null], [3]]]]]], "axis": "step", \
            "table": {"columns": [["step", "r"]], "rows": [["1"]]}}]}
            """
        let content = try #require(CellContent(json: json))
        guard case .plot(let plot)? = content.blocks.first else {
            Issue.record("no plot")
            return
        }
        #expect(plot.title == "loss (nats) by step")
        #expect(plot.figures.first?.table.rows == [[.text("1")]])
        guard case .series(let series)? = plot.panels.first?.content else {
            Issue.record("no series")
            return
        }
        #expect(series.first?.name == "training")
        #expect(series.first?.points.first == .init(1, 2.5))
        #expect(series.first?.points.count == 2)
    }

    @Test func plotsAreKeptToALimit() throws {
        let points = (1...1000).map { Plot.Series.Point(Double($0), 1) }
        let labels = (1...300).map { "c\($0)" }
        let ones = labels.map { _ in labels.map { _ in 1 } }
        let plot = Plot(
            "large",
            [
                .init(x: .init("x"), y: .init("y"), .series([.init("a", points)])),
                .init(x: .init("x"), y: .init("y"), .bars(labels.map { .init($0, 1, "") })),
                .init(
                    x: .init("x"),
                    y: .init("y"),
                    .matrix(.init(labels: labels, counts: ones))
                ),
            ],
            figures: []
        )
        guard case .plot(let kept)? = CellContent(blocks: [.plot(plot)]).capped.blocks.first,
            case .series(let series) = kept.panels[0].content,
            case .bars(let bars) = kept.panels[1].content,
            case .matrix(let matrix) = kept.panels[2].content
        else {
            Issue.record("other blocks")
            return
        }
        #expect(series[0].points.map(\.x) == (1...200).map { Double($0 * 5) })
        #expect(bars.count == 201)
        #expect(bars.last == .init("…", 0, "100 more not kept in the record"))
        #expect(matrix.labels.count == 100)
        #expect(matrix.labels.last == "(201 others)")
        #expect(matrix.counts.joined().reduce(0, +) == 90_000)
    }
}
