import FettleCore
import Testing

@testable import FettleData

struct WhereTests {
    @Test func rowsKeepTheirOrderAndRepeats() throws {
        let frame = TestFrames.reviews.showing([5, 0, 0, 3, 1])
        let kept = try Where(Expression(parsing: "stars >= 3")).apply(to: frame)
        #expect(kept.rows == [5, 0, 0])
    }

    @Test func aConditionThatIsNoConditionIsAnError() throws {
        let step = Where(try Expression(parsing: "stars + 1"))
        let error = #expect(throws: Diagnostic.self) { try step.apply(to: TestFrames.reviews) }
        #expect(error?.message == "'where' wants true or false, found a number")
        #expect(error?.span == SourceSpan(0, 9))
    }

    @Test func aCancelledTaskKeepsNothing() async throws {
        let step = Where(try Expression(parsing: "stars >= 3"))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try step.apply(to: TestFrames.reviews).count
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func replaceWithAGroupThatIsNotThereIsAnError() throws {
        let source = "replace(title, 'a', '$9') == ''"
        let step = Where(try Expression(parsing: source))
        let error = #expect(throws: Diagnostic.self) { try step.apply(to: TestFrames.reviews) }
        #expect(
            error.map { TestFrames.lines($0, source) } == [
                "bad-replacement: the replacement for 'a': unknown substring", "'a'",
                "$1 is the first group; write $$ for a dollar sign",
            ]
        )
    }
}
