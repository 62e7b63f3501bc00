import FettleCore
import Testing

@testable import FettleData

struct RowNumbersTests {
    private func cells(_ name: String, of frame: Frame) -> [Cell] {
        guard let column = frame.position(of: name) else { return [] }
        return (0..<frame.count).map { frame.cell(column, at: $0) }
    }

    private func error(_ step: some RecipeStep, _ frame: Frame = TestFrames.reviews) -> [String] {
        let found = #expect(throws: Diagnostic.self) { try step.apply(to: frame) }
        guard let found else { return [] }
        return ["\(found.code): \(found.message)"] + found.hints
    }

    @Test(arguments: [
        ("3", "3"), ("17,3", "3,17"), ("40-60", "40-60"), ("3,4,5,9", "3-5,9"), ("1-3,2-5", "1-5"),
        ("7,7,8", "7,8"),
    ])
    func numbersAreReadAndWritten(text: String, canonical: String) {
        #expect(RowNumbers(parsing: text)?.text == canonical)
    }

    @Test(arguments: ["", "0", "3,", "-3", "5-3", "1-2-3", "x", "3 4", "99999999999999999999"])
    func otherTextsAreNone(text: String) {
        #expect(RowNumbers(parsing: text) == nil)
    }

    @Test func dropTakesRowsAwayByNumber() throws {
        let numbers = try #require(RowNumbers(parsing: "2-4,6"))
        let step = DropRows(numbers)
        #expect(step.summary == "drop rows=2-4,6")
        #expect(try step.apply(to: TestFrames.reviews).rows == [0, 4])
        // Numbers are those of the order seen, not of the source.
        let shown = TestFrames.reviews.showing([5, 4, 3, 2, 1])
        #expect(try DropRows(RowNumbers([1])).apply(to: shown).rows == [4, 3, 2, 1])
    }

    @Test func rowBeyondTheEndIsAnError() {
        #expect(
            error(DropRows(RowNumbers([2, 7])))
                == ["no-row: no row 7 among 6 rows", "rows count from 1"]
        )
    }

    @Test func relabelChangesOnlyTheRowsNamed() throws {
        let step = Relabel("stars", [.init("3", "4")], rows: RowNumbers([3]))
        #expect(step.summary == "relabel stars 3=4 rows=3")
        let changed = try step.apply(to: TestFrames.reviews)
        #expect(
            cells("stars", of: changed)
                == [5, 1, 4, 2, 4, 3].map { Cell.integer($0) }
        )
    }

    @Test func relabelKeepsTheKindOnlyWhenAllRowsDo() throws {
        let step = Relabel("stars", [.init("3", "so so")], rows: RowNumbers([3]))
        let changed = try step.apply(to: TestFrames.reviews)
        #expect(
            cells("stars", of: changed) == ["5", "1", "so so", "2", "4", "3"].map { Cell.text($0) }
        )
    }

    @Test func valueThatNoNamedRowHasIsAnError() {
        let step = Relabel("stars", [.init("5", "4")], rows: RowNumbers([2, 3]))
        #expect(
            error(step) == [
                "unknown-value: column 'stars' has no value '5' in the rows named",
                "values: 1, 3",
            ]
        )
    }

    @Test func rowThatIsShownTwiceChangesInBothPlaces() throws {
        let twice = TestFrames.reviews.showing([0, 1, 0])
        let step = Relabel("stars", [.init("5", "4")], rows: RowNumbers([3]))
        #expect(
            try cells("stars", of: step.apply(to: twice)) == [4, 1, 4].map { Cell.integer($0) }
        )
    }
}
