import Testing

@testable import FettleShell

struct ExpectedOutputTests {
    @Test(arguments: [
        (["a", "b"], ["a", "b"], true),
        (["a", "b"], ["a"], false),
        (["a"], ["a", "b"], false),
        (["a  "], ["a"], true),
        (["a"], ["a \t"], true),
        ([" a"], ["a"], false),
        (["..."], ["a", "b"], true),
        (["..."], [], true),
        (["a", "...", "d"], ["a", "b", "c", "d"], true),
        (["a", "...", "d"], ["a", "d"], true),
        (["a", "...", "d"], ["a", "b", "c"], false),
        (["...", "c", "..."], ["a", "c", "c", "b"], true),
        (["id [..] end"], ["id 2026-01-01 end"], true),
        (["id[..]"], ["id "], true),
        (["[..]b[..]"], ["aabb"], true),
        (["[..]x"], ["aab"], false),
        (["loss ~0.52±0.01"], ["loss 0.525"], true),
        (["loss ~0.52±0.01"], ["loss 0.53"], true),
        (["loss ~0.52±0.01"], ["loss 0.5301"], false),
        (["loss ~0.52±0.01"], ["loss none"], false),
        (["~-2±1 °"], ["-2.5 °"], true),
        (["~1234±1 rows"], ["1,234 rows"], true),
        (["about ~5"], ["about ~5"], true),
        (["about ~5"], ["about 5"], false),
    ])
    func patternMatches(expected: [String], actual: [String], matches: Bool) {
        #expect(ExpectedOutput.matches(expected, actual) == matches)
    }

    @Test func differenceShowsWhatWasExpectedAndWhatWasShown() {
        let difference = ExpectedOutput.difference(
            ["rows: 3", "exact 62.5 %", "[..] seconds", "end"],
            ["rows: 3", "exact 61.0 %", "0.2 seconds", "extra", "end"]
        )
        #expect(
            difference == """
                  rows: 3
                - exact 62.5 %
                + exact 61.0 %
                  0.2 seconds
                + extra
                  end
                """
        )
    }

    @Test func manyWildcardsDoNotRunAway() {
        let pattern = String(repeating: "[..]a", count: 12) + "b"
        let line = String(repeating: "a", count: 60)
        #expect(!ExpectedOutput.lineMatches(pattern, line))
    }
}
