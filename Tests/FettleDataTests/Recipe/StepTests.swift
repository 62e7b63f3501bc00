import FettleCore
import Testing

@testable import FettleData

struct StepTests {
    private let reviews = TestFrames.reviews

    private func message(_ step: any RecipeStep, _ frame: Frame = TestFrames.reviews) -> [String] {
        do {
            _ = try step.apply(to: frame)
            return []
        } catch let error as Diagnostic {
            return ["\(error.code): \(error.message)"] + error.hints
        } catch {
            return ["\(error)"]
        }
    }

    private func cells(_ name: String, of frame: Frame) -> [Cell] {
        guard let column = frame.position(of: name) else { return [] }
        return (0..<frame.count).map { frame.cell(column, at: $0) }
    }

    @Test func summariesAreCommandLines() throws {
        let steps: [(any RecipeStep, String)] = [
            (Where(try Expression(parsing: " stars > 3 ")), "where stars > 3"),
            (Select(["stars", "odd name"]), "select stars 'odd name'"),
            (Drop(["it's $5"]), "drop \"it's \\$5\""),
            (Derive("good", try Expression(parsing: "stars > 3")), "derive good = stars > 3"),
            (
                Relabel("stars", [.init("1", "bad"), .init("2", "so so")]),
                "relabel stars 1=bad 2='so so'"
            ),
            (Sample(.count(10), seed: 7), "sample 10 seed=7"),
            (Sample(.percent(12.5), by: "stars", seed: 7), "sample 12.5% by=stars seed=7"),
            (Shuffle(seed: 7), "shuffle seed=7"),
            (Dedupe(), "dedupe"),
            (Dedupe(.columns(["title", "odd name"])), "dedupe on=title,'odd name'"),
            (
                Dedupe(.template(try PromptTemplate("{{title}}\n\n###"))),
                "dedupe prompt=\"{{title}}\\n\\n###\""
            ),
            (Balance(by: "stars", .under, seed: 1), "balance under by=stars seed=1"),
            (Balance(by: "odd name", .over, seed: 1), "balance over by='odd name' seed=1"),
            (Balance(by: "stars", .target(200), seed: 1), "balance by=stars target=200 seed=1"),
            (Concat([.init("more", reviews), .init("a b", reviews)]), "concat more 'a b'"),
        ]
        for (step, summary) in steps { #expect(step.summary == summary) }
    }

    @Test func selectKeepsTheOrderGivenAndDropTheRest() throws {
        #expect(
            try Select(["title", "stars"]).apply(to: reviews).columnNames == ["title", "stars"]
        )
        let left = try Drop(["title", "stars", "tags"]).apply(to: reviews)
        #expect(left.columnNames == ["language", "score", "verified", "digits", "odd name"])
        #expect(left.rows == reviews.rows)
    }

    @Test func selectAndDropNameUnknownAndRepeatedColumns() {
        #expect(
            message(Drop(["sars"])) == [
                "unknown-column: no column 'sars'",
                "did you mean 'stars'?",
                "columns: stars, title, language, score, verified, digits, odd name, tags",
            ]
        )
        #expect(
            message(Select(["stars", "stars"])) == [
                "repeated-column: column 'stars' is named twice", "name each column once",
            ]
        )
        #expect(
            message(Drop(reviews.columnNames)) == [
                "no-column-left: no column would be left",
                "columns: stars, title, language, score, verified, digits, odd name, tags",
            ]
        )
    }

    @Test func shuffleIsAPermutationThatTheSeedDecides() throws {
        let frame = Frame(columns: [.init("n", Column(integers: Array(0..<1000)))])
        let once = try Shuffle(seed: 7).apply(to: frame).rows
        #expect(try Shuffle(seed: 7).apply(to: frame).rows == once)
        #expect(try Shuffle(seed: 8).apply(to: frame).rows != once)
        #expect(once.sorted() == frame.rows)
        #expect(try Shuffle(seed: 7).apply(to: reviews).rows == [5, 4, 1, 3, 0, 2])
    }

    @Test func deriveCalculatesSeenRowsAndLeavesTheOthersMissing() throws {
        let seen = reviews.showing([4, 0])
        let frame = try Derive("good", Expression(parsing: "stars > 4")).apply(to: seen)
        #expect(cells("good", of: frame) == [.boolean(false), .boolean(true)])
        #expect(frame.columns[8].column[1] == .missing)
        let replaced = try Derive("title", Expression(parsing: "title + '!'")).apply(to: reviews)
        #expect(replaced.columnNames == reviews.columnNames)
        #expect(cells("title", of: replaced)[3...] == [.null, .text("Größe paßt!"), .null])
    }

    @Test func relabelMergesClassesAndKeepsTheKindWhenItCan() throws {
        let merged = try Relabel("stars", [.init("1", "0"), .init("2", "0"), .init("5", "1")])
            .apply(to: reviews)
        #expect(cells("stars", of: merged) == [1, 0, 3, 0, 4, 3].map(Cell.integer))
        let named = try Relabel("stars", [.init("1", "bad"), .init("5", "good")]).apply(to: reviews)
        #expect(cells("stars", of: named) == ["good", "bad", "3", "2", "4", "3"].map(Cell.text))
        let titles = try Relabel("title", [.init("", "none")]).apply(to: reviews)
        #expect(
            cells("title", of: titles) == [
                .text("Great"), .text("bad"), .text("none"), .null, .text("Größe paßt"), .missing,
            ]
        )
    }

    @Test func relabelListsTheValuesThatThereAre() {
        #expect(
            message(Relabel("stars", [.init("6", "bad")])) == [
                "unknown-value: column 'stars' has no value '6'", "values: 1, 2, 3, 4, 5",
            ]
        )
        #expect(
            message(Relabel("language", [.init("fn", "x")])) == [
                "unknown-value: column 'language' has no value 'fn'",
                "did you mean 'en'?", "values: de, en, zh",
            ]
        )
        #expect(
            message(Relabel("stars", [.init("1", "a"), .init("1", "b")])) == [
                "repeated-value: value '1' is relabelled twice", "name each value once",
            ]
        )
    }

    @Test func sampleKeepsTheOrderAndTheShares() throws {
        let labels = (0..<100).map { $0 % 10 == 0 ? "rare" : "common" }
        let frame = Frame(columns: [.init("label", TestFrames.text(labels))])
        let drawn = try Sample(.count(20), by: "label", seed: 3).apply(to: frame)
        #expect(drawn.rows == drawn.rows.sorted() && Set(drawn.rows).count == 20)
        #expect(cells("label", of: drawn).count { $0 == .text("rare") } == 2)
        #expect(try Sample(.percent(50), seed: 3).apply(to: frame).count == 50)
        #expect(try Sample(.count(100), seed: 3).apply(to: frame).rows == frame.rows)
        let first = try Sample(.count(3), seed: 3).apply(to: reviews).rows
        #expect(try Sample(.count(3), seed: 3).apply(to: reviews).rows == first)
    }

    @Test func sampleRefusesMoreRowsThanThereAre() {
        #expect(
            message(Sample(.count(500), seed: 1)) == [
                "bad-count: cannot draw 500 of 6 rows", "draw from 1 to 6",
            ]
        )
        #expect(
            message(Sample(.percent(120), seed: 1)) == [
                "bad-count: cannot draw 120% of the rows", "draw more than 0% and at most 100%",
            ]
        )
    }

    @Test func concatMatchesColumnsByNameAndUnifiesKinds() throws {
        let first = Frame(columns: [
            .init("n", Column(integers: [1, 2])), .init("t", TestFrames.text(["a", nil])),
        ])
        let second = Frame(
            columns: [
                .init("t", Column(integers: [7, 8])), .init("n", Column(numbers: [0.5, 1.5])),
                .init("more", Column(booleans: [true, false])),
            ],
            rows: [1, 0, 1]
        )
        let joined = try Concat([.init("b", second)]).apply(to: first)
        #expect(joined.columnNames == ["n", "t", "more"])
        #expect(cells("n", of: joined) == [1, 2, 1.5, 0.5, 1.5].map(Cell.number))
        #expect(cells("t", of: joined) == [.text("a"), .null, .text("8"), .text("7"), .text("8")])
        #expect(
            cells("more", of: joined) == [
                .missing, .missing, .boolean(false), .boolean(true), .boolean(false),
            ]
        )
    }
}
