import FettleTestSupport
import Testing

@testable import LineEditor

struct CompletionTests {
    @Test func onlyCandidateIsInsertedWithItsSuffix() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("列 数" + Key.tab)
        try await terminal.wait(forText: "> 列 数据", cursorColumn: 10)
    }

    @Test func severalCandidatesAreCompletedAsFarAsTheyAgreeThenListed() async throws {
        let terminal = try await PseudoTerminal.probe()
        try terminal.send("x l" + Key.tab)
        try await terminal.wait(forText: "> x lo", cursorColumn: 6)
        try terminal.send(Key.tab)
        try await terminal.wait(
            forText: "> x lo\nload  reads a file\nlook  shows rows\n> x lo",
            cursorColumn: 6
        )
        try terminal.send("a" + Key.tab + "y" + Key.enter)
        try await terminal.wait(for: "the submitted line") { $0.text.contains("line: x load y\n") }
    }

    @Test func listGoesBelowTheWholeOfAWrappedLine() async throws {
        let terminal = try await PseudoTerminal.probe(columns: 20)
        try terminal.send("lo bbbbbbbbbbbbbbbbbbbbbb" + Key.home + "\u{1B}[C\u{1B}[C" + Key.tab)
        let line = "> lo bbbbbbbbbbbbbbb\nbbbbbbb"
        try await terminal.wait(
            forText: "\(line)\nload  reads a file\nlook  shows rows\n\(line)",
            cursorColumn: 4
        )
    }

    @Test func rowsFitTheWindow() {
        let candidates = (1...30).map {
            LineEditor.Completion(replacement: "数\($0)", start: 0)
        }
        #expect(
            CompletionList.rows(candidates, columns: 20).prefix(2)
                == ["数1   数11  数21", "数2   数12  数22"]
        )
        #expect(CompletionList.rows(candidates, columns: 4).count == 30)
    }

    @Test func listIsCutWithACount() {
        let candidates = (1...230).map {
            LineEditor.Completion(replacement: "c\($0)", start: 0, display: "c")
        }
        #expect(CompletionList.rows(candidates, columns: 80).last == "and 30 more")
    }

    @Test func groupsHaveHeadingsAndCountsOfTheirOwn() {
        let candidates =
            (1...220).map {
                LineEditor.Completion(replacement: "数\($0)", start: 0, group: "columns")
            } + [LineEditor.Completion(replacement: "a", start: 0, help: "an a", group: "flags")]
        let rows = CompletionList.rows(candidates, columns: 200)
        #expect(rows.prefix(2).map { $0.prefix(10) } == ["columns:", "数1    数9  "])
        #expect(rows.suffix(3) == ["and 20 more", "flags:", "a"])
        let few = CompletionList.rows(Array(candidates.suffix(3)), columns: 20)
        #expect(few == ["columns:", "数219", "数220", "flags:", "a      an a"])
    }

    @Test func listLeavesRoomForTheLine() {
        let candidates = (1...500).map {
            LineEditor.Completion(replacement: "c\($0)", start: 0, group: $0 > 400 ? "x" : "y")
        }
        for limit in [6, 10, 20] {
            let rows = CompletionList.rows(candidates, columns: 10, limit: limit)
            #expect(rows.count <= limit)
            #expect(rows.filter { $0.hasSuffix(":") } == ["y:", "x:"])
            #expect(rows.filter { $0.hasPrefix("and ") }.count == 2)
        }
    }

    @Test func sharedPrefixEndsAtWholeCharacters() {
        let family = ["👩‍🔬a", "👩‍🔧b"].map { LineEditor.Completion(replacement: $0, start: 0) }
        #expect(CompletionList.commonPrefix(family) == "")
        let words = ["数据一", "数据二"].map { LineEditor.Completion(replacement: $0, start: 0) }
        #expect(CompletionList.commonPrefix(words) == "数据")
    }
}
