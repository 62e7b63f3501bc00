import FettleCore
import Testing

@testable import FettleData

/// What is said of labels whose tokens are known.
struct LabelTokensTests {
    private static func input(
        _ labels: [String],
        completion: String = "{{completion}}",
        _ cut: @escaping @Sendable (String) -> [String]
    ) throws -> CheckInput {
        var limits = CheckLimits()
        limits.tokens = .init(most: 1000) { cut($0).count }
        limits.tokens?.name = "'small'"
        limits.tokens?.texts = cut
        return try CheckFixtures.input(
            (0..<30).map { "\($0) things\n\n###\n\n" },
            (0..<30).map { labels[$0 % labels.count] },
            completion: completion,
            limits: limits
        )
    }

    /// Cuts digits off what is before them, as SmolLM2 does.
    @Sendable private static func digitsApart(_ text: String) -> [String] {
        text.hasPrefix(" ") && text.count > 1 && text.dropFirst().allSatisfy(\.isNumber)
            ? [" "] + text.dropFirst().map { String($0) } : [text]
    }

    @Test func blankBeforeADigitIsATokenOfItsOwn() throws {
        let input = try Self.input(["4", "5"], completion: " {{completion}}", Self.digitsApart)
        let lines = try CheckFixtures.lines(LabelTokens.code, input)
        #expect(
            lines == [
                #"warning: 2 of 2 labels are several tokens in 'small': " 5" is " " "5", and max_tokens=1 "#
                    + #"gives only " ", which does not tell it from others; ask for max_tokens=2"#,
                "2 []", "> format completion='{{completion}}'", "(optional)",
            ]
        )
        // Without the blank it is as it should be, and nobody asks for the blank again.
        let fix = try #require(
            try DatasetChecker.run(input).first { $0.code == LabelTokens.code }?.fix
        )
        let after = try DatasetChecker.run(try input.applying(fix)).map(\.code)
        #expect(!after.contains(LabelTokens.code) && !after.contains(CompletionSpace.code))
    }

    @Test func labelsThatBeginDifferentlyAreToldByTheirFirstToken() throws {
        let input = try Self.input([" refunds", " praise"]) { text in
            text == " refunds" ? [" refund", "s"] : [text]
        }
        #expect(
            try CheckFixtures.lines(LabelTokens.code, input) == [
                #"note: 1 of 2 labels is several tokens in 'small': " refunds" is " refund" "s", and "#
                    + #"max_tokens=1 gives only " refund", which begins no other label; ask for max_tokens=2"#,
                "1 []",
            ]
        )
    }

    @Test func wholeLabelsAndUnknownTokensAreNoFinding() throws {
        let whole = try Self.input([" good", " bad"]) { [$0] }
        #expect(try CheckFixtures.lines(LabelTokens.code, whole) == [])
        let unknown = try CheckFixtures.clean()
        #expect(try CheckFixtures.lines(LabelTokens.code, unknown) == [])
        // A text of one's own is no label.
        let texts = try Self.input((0..<30).map { " answer \($0)" }) { $0.map { String($0) } }
        #expect(try CheckFixtures.lines(LabelTokens.code, texts) == [])
    }
}
