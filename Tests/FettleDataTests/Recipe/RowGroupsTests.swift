import FettleCore
import Testing

@testable import FettleData

struct RowGroupsTests {
    private let letters = Frame(columns: [
        .init("t", TestFrames.text(["b", "a", "b", nil, "a", "", nil], missing: [6]))
    ])

    @Test func groupsAreNumberedAsTheyAreFirstSeen() throws {
        let groups = try RowGroups(letters, by: .columns(["t"]))
        #expect(groups.group == [0, 1, 0, 2, 1, 3, 4])
        #expect(groups.first == [0, 1, 3, 5, 6])
    }

    @Test func otherRowsOfTheSameColumnsAreNumberedAnew() throws {
        _ = try RowGroups(letters, by: .columns(["t"]))
        let groups = try RowGroups(letters.showing([4, 2, 1, 0]), by: .columns(["t"]))
        #expect(groups.group == [0, 1, 0, 1])
        #expect(groups.first == [0, 1])
    }

    @Test func rowsThatWereNotLookedAtAreLookedAt() throws {
        let few = letters.showing([0, 2, 4])
        #expect(try RowGroups(few, by: .columns(["t"])).group == [0, 0, 1])
        #expect(try RowGroups(letters, by: .columns(["t"])).group == [0, 1, 0, 2, 1, 3, 4])
    }

    @Test func aColumnThatTookTheNameOfAnotherIsLookedAt() throws {
        _ = try RowGroups(letters, by: .columns(["t"]))
        let other = letters.setting("t", to: Column(integers: [1, 1, 2, 2, 3, 3, 1]))
        #expect(try RowGroups(other, by: .columns(["t"])).group == [0, 0, 1, 1, 2, 2, 0])
    }

    @Test func moreKeysThanAreKeptAreFoundEachTime() throws {
        let frame = letters.setting("u", to: TestFrames.text(["x", "x", "x", "y", "y", "y", "x"]))
        let whole = RowKey.template(try PromptTemplate("{{t}}{{u}}"))
        for _ in 0..<2 {
            #expect(try RowGroups(frame, by: .columns(["u"])).group == [0, 0, 0, 1, 1, 1, 0])
            #expect(try RowGroups(frame, by: .row).group == [0, 1, 0, 2, 3, 4, 5])
            #expect(try RowGroups(frame, by: whole).group == [0, 1, 0, 2, 3, 2, 4])
        }
    }

    @Test(arguments: [[Int64.min, .max], [-3, 4], [0, 65_535], [0, 65_536]])
    func integersAreGroupedHoweverFarApart(ends: [Int64]) throws {
        let values = [ends[1], 0, ends[0], 0, ends[1], 0, ends[0]]
        let column = Column(
            integers: values,
            presence: [.value, .null, .value, .missing, .value, .null, .value]
        )
        let groups = try RowGroups(Frame(columns: [.init("n", column)]), by: .columns(["n"]))
        #expect(groups.group == [0, 1, 2, 3, 0, 1, 2])
        #expect(groups.first == [0, 1, 2, 3])
    }

    @Test func aZeroIsNotANullOfAnIntegerColumn() throws {
        let column = Column(integers: [0, 0, 0], presence: [.value, .null, .missing])
        let frame = Frame(columns: [.init("n", column)])
        #expect(try RowGroups(frame, by: .row).group == [0, 1, 2])
        let shown = RowKey.template(try PromptTemplate("{{n}}"))
        #expect(try RowGroups(frame, by: shown).group == [0, 1, 1])
    }

    @Test func manyTextsFromSeveralThreadsKeepTheirOrder() throws {
        let texts = (0..<50_000).map { "text \($0 % 40_000)" }
        let frame = Frame(columns: [.init("t", TestFrames.text(texts))])
        let groups = try RowGroups(frame, by: .columns(["t"]))
        #expect(groups.group == (0..<50_000).map { UInt32($0 % 40_000) })
        #expect(groups.first == Array(0..<40_000))
    }
}
