import FettleCore
import Testing

@testable import FettleData

struct DedupeTests {
    private func random(_ seed: UInt64, rows: Int = 300) -> Frame {
        var generator = SeededGenerator(seed: seed)
        let texts = ["", "a", "ab", "b", "é"] as [String?] + [nil]
        return Frame(columns: [
            .init("one", TestFrames.text((0..<rows).map { _ in texts[generator.below(6)] })),
            .init("two", TestFrames.text((0..<rows).map { _ in texts[generator.below(6)] })),
            .init("n", Column(integers: (0..<rows).map { _ in Int64(generator.below(3)) })),
        ])
    }

    private func naive(_ frame: Frame, _ key: (Int) -> [Cell]) -> [UInt32] {
        var seen: Set<[Cell]> = []
        return (0..<frame.count).filter { seen.insert(key($0)).inserted }.map { frame.rows[$0] }
    }

    @Test func keepsTheFirstOfEachKeyAsANaiveSetDoes() throws {
        for seed in 0..<20 as Range<UInt64> {
            let frame = try Shuffle(seed: seed).apply(to: random(seed))
            let whole = naive(frame) { position in (0..<3).map { frame.cell($0, at: position) } }
            #expect(try Dedupe().apply(to: frame).rows == whole)
            let columns = naive(frame) { position in [2, 0].map { frame.cell($0, at: position) } }
            #expect(try Dedupe(.columns(["n", "one"])).apply(to: frame).rows == columns)
            let template = naive(frame) { position in
                [.text((0..<2).map { frame.cell($0, at: position).displayText }.joined())]
            }
            let key = RowKey.template(try PromptTemplate("{{one}}{{two}}"))
            #expect(try Dedupe(key).apply(to: frame).rows == template)
        }
    }

    @Test func manyGroupsAreFoundAgain() throws {
        let values = (0..<5000).map { Int64($0 % 2500) }
        let frame = Frame(columns: [.init("n", Column(integers: values))])
        #expect(try Dedupe().apply(to: frame).rows == Array(0..<2500))
    }

    @Test func nullMissingAndEmptyAreThreeKeysOfAColumnAndOnePrompt() throws {
        let column = TestFrames.text(["", nil, nil, "", nil], missing: [2])
        let frame = Frame(columns: [.init("t", column)])
        #expect(try Dedupe().apply(to: frame).rows == [0, 1, 2])
        let key = RowKey.template(try PromptTemplate("<{{t}}>"))
        #expect(try Dedupe(key).apply(to: frame).rows == [0])
    }

    @Test func reportCountsRepeatsAndContradictions() throws {
        let frame = Frame(columns: [
            .init("t", TestFrames.text(["a", "b", "a", "a", "c", "b"])),
            .init("label", Column(integers: [1, 2, 1, 3, 4, 2])),
        ])
        let label = RowKey.template(try PromptTemplate(" {{label}}"))
        let report = try DuplicateReport(frame, key: .columns(["t"]), label: label)
        #expect(report.rows == 6 && report.repeated == 3)
        #expect(report.repeatedKeys == 2 && report.contradictoryKeys == 1)
        #expect(try DuplicateReport(frame, key: .row).contradictoryKeys == nil)
    }

    @Test func unknownColumnOfATemplateHasItsSpan() throws {
        let template = try PromptTemplate("{{one}} {{tow}}")
        let error = #expect(throws: Diagnostic.self) {
            try Dedupe(.template(template)).apply(to: random(1))
        }
        #expect(error?.message == "no column 'tow'")
        #expect(error?.span == SourceSpan(10, 13))
    }

    @Test func leaksAreTheKeysThatTwoFramesShare() throws {
        let frame = Frame(columns: [.init("t", TestFrames.text(["a", "b", "a", "c", "b", "d"]))])
        let other = Frame(
            columns: [
                .init("x", Column(integers: [1, 2, 3, 4])),
                .init("t", TestFrames.text(["b", "e", "b", "a"])),
            ],
            rows: [1, 3, 2]
        )
        let report = try LeakReport(between: frame, and: other, key: .row)
        #expect(report.sharedKeys == 2 && report.rowsInFirst == 4 && report.rowsInSecond == 2)
        #expect(report.positions == [1, 2])
    }
}
