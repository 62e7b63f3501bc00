import FettleCore
import FettleEvaluation
import Testing

struct BinaryConditionTests {
    @Test(arguments: [
        ("<=3", "<= 3", [true, true, false]),
        ("< 3", "< 3", [true, false, false]),
        (" >= 3 ", ">= 3", [false, true, true]),
        (">3", "> 3", [false, false, true]),
        ("==3.0", "== 3", [false, true, false]),
        (">-1.5", "> -1.5", [true, true, true]),
    ])
    func conditionIsReadAndHolds(text: String, shown: String, holds: [Bool]) throws {
        let condition = try BinaryCondition(parsing: text)
        #expect(condition.text == shown)
        #expect([2, 3, 4].map(condition.holds(for:)) == holds)
    }

    @Test(arguments: [
        ("3", "condition '3' does not begin with <, <=, >, >= or ==", 0, 1),
        ("=3", "condition '=3' does not begin with <, <=, >, >= or ==", 0, 2),
        ("", "condition '' does not begin with <, <=, >, >= or ==", 0, 0),
        ("<=", "condition '<=' has nothing after <=, expected a number", 2, 2),
        ("<= é", "condition '<= é' has ' é' after <=, expected a number", 2, 5),
        ("<nan", "condition '<nan' has 'nan' after <, expected a number", 1, 4),
        ("<0x10", "condition '<0x10' has '0x10' after <, expected a number", 1, 5),
    ])
    func anUnreadableConditionIsPointedAt(text: String, message: String, start: Int, end: Int) {
        let error = #expect(throws: Diagnostic.self) { try BinaryCondition(parsing: text) }
        #expect(error?.code == "bad-condition")
        #expect(error?.message == message)
        #expect(error?.span == SourceSpan(start, end))
        #expect(error?.hints == ["write a comparison with a number, such as binary=\"<=3\""])
    }
}
