import FettleCore
import Testing

struct SuggestionTests {
    @Test(arguments: [
        ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 1),
        ("ca", "abc", 3), ("评论", "评", 1), ("é", "e", 1), ("same", "same", 0),
    ])
    func editDistanceCountsSwapsAsOne(_ first: String, _ second: String, _ distance: Int) {
        #expect(editDistance(first, second) == distance)
        #expect(editDistance(second, first) == distance)
    }

    @Test(arguments: [
        ("instrution", ["instruction", "input", "output"], ["instruction"]),
        ("STARS", ["stars", "star", "tsars"], ["stars", "star", "tsars"]),
        ("re", ["review_id", "review_body", "row", "re"], ["re", "review_body", "review_id"]),
        ("x", ["y", "xy", "z"], []),
        ("xy", ["xyz", "x"], ["x", "xyz"]),
        ("", ["a"], []),
        (
            "abcdef", ["abcdef1", "abcdef2", "abcdef3", "abcdef4"],
            ["abcdef1", "abcdef2", "abcdef3"]
        ),
    ])
    func suggestionsAreNearestFirst(_ word: String, _ names: [String], _ expected: [String]) {
        #expect(suggestions(for: word, among: names) == expected)
    }

    @Test func suggestionsReadAsASentence() {
        #expect(didYouMean("zzz", among: ["a"]) == nil)
        #expect(didYouMean("star", among: ["stars"]) == "did you mean 'stars'?")
        #expect(didYouMean("ab", among: ["abc", "abd"]) == "did you mean 'abc' or 'abd'?")
        #expect(
            didYouMean("ab", among: ["abc", "abd", "abe", "abf"])
                == "did you mean 'abc', 'abd' or 'abe'?"
        )
    }

    @Test func aHugeWordIsComparedWithNothing() {
        let word = String(repeating: "x", count: 300_000)
        #expect(suggestions(for: word, among: ["stars", "title"]).isEmpty)
    }
}

struct DiagnosticTests {
    @Test func spansMoveWithTheirText() {
        let error = Diagnostic("a-code", "wrong", span: SourceSpan(2, 4), hint: "right")
        #expect(error.shifted(by: 3).span == SourceSpan(5, 7))
        #expect(error.located(at: SourceSpan(0, 1)).span == SourceSpan(2, 4))
        #expect(Diagnostic("a", "b").located(at: SourceSpan(0, 1)).span == SourceSpan(0, 1))
        #expect(error.hinting("more").hinting(nil).hints == ["right", "more"])
        #expect(SourceSpan(3, 1) == SourceSpan(3, 3))
        #expect(SourceSpan(3, 4).union(SourceSpan(1, 2)) == SourceSpan(1, 4))
    }

    @Test func finalStatusesAreThoseAfterWhichNothingHappens() {
        #expect(JobStatus.allCases.filter(\.isFinal) == [.succeeded, .failed, .cancelled])
    }
}
