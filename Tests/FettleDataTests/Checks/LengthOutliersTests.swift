import FettleCore
import Testing

@testable import FettleData

/// What is said of prompts of unusual length.
struct LengthOutliersTests {
    private static func input(_ lengths: [Int], prompt: String = "{{prompt}}") throws -> CheckInput
    {
        try CheckFixtures.input(
            lengths.map { String(repeating: "é", count: $0) },
            lengths.indices.map { "answer \($0)" },
            prompt: prompt
        )
    }

    @Test func rangeIsThatOfTheLogarithms() {
        // The median is 100, the deviation of the logarithms 0: a third and three times the length.
        #expect(LengthOutliers.Range(of: Array(repeating: 100, count: 30)).least == 33)
        #expect(LengthOutliers.Range(of: Array(repeating: 100, count: 30)).most == 302)
        // Half of the lengths are within 3/2 of the median: 3.5 / 0.6745 times that.
        let range = LengthOutliers.Range(of: [10, 66, 67, 99, 149, 150, 1000].sorted())
        #expect(range.median == 99 && range.least == 12 && range.most == 818)
        #expect(LengthOutliers.Range(of: [0]) == LengthOutliers.Range(of: [0, 0]))
        #expect(LengthOutliers.Range(of: [0]).most == 2)
    }

    @Test func rowsAreNamedWithTheStepThatLeavesThemOut() throws {
        var lengths = (0..<30).map { 90 + $0 }
        (lengths[3], lengths[20], lengths[25]) = (5, 1200, 0)
        let input = try Self.input(lengths, prompt: "Say: {{prompt}} ->")
        #expect(
            try CheckFixtures.lines(LengthOutliers.code, input) == [
                "note: 2 prompts are of unusual length, the median being 104 characters without the template's own: "
                    + "1 shorter than 34 characters, 1 longer than 314 characters",
                "2 [4,21]",
                "> where coalesce(len(prompt), 0) >= 34 and coalesce(len(prompt), 0) <= 314",
                "(optional)",
            ]
        )
    }

    @Test func fewOrUsualPromptsAreNotNamed() throws {
        #expect(
            try CheckFixtures.lines(
                LengthOutliers.code,
                Self.input([1, 5000] + Array(repeating: 50, count: 17))
            ) == []
        )
        #expect(
            try CheckFixtures.lines(LengthOutliers.code, Self.input((1...40).map { 40 + $0 })) == []
        )
    }
}
