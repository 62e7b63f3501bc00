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
            #expect(!hidden.json.contains(word) || word == "nats", "\(word)")
        }
    }
}
