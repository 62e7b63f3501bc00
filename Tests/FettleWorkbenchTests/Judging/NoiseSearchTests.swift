import FettleCore
import FettleEvaluation
import Foundation
import Testing

@testable import FettleWorkbench

struct NoiseSearchTests {
    private static let words = [("awful broken", "1"), ("plain okay", "2"), ("lovely great", "3")]

    /// Reviews whose words tell their stars, one label in twenty of them changed by seed.
    private static func planted(_ count: Int, seed: UInt64) throws -> (Dataset, Set<Int>) {
        var generator = SeededGenerator(seed: seed)
        var places = Array(0..<count)
        generator.shuffle(&places)
        let changed = Set(places.prefix(count / 20))
        let stars = (0..<count).map { place in
            let shift = changed.contains(place) ? 1 + generator.below(2) : 0
            return words[(place + shift) % 3].1
        }
        let dataset = try Samples.dataset(
            bodies: (0..<count).map { "\(words[$0 % 3].0) item \($0)" },
            stars: stars,
            name: "reviews",
            format: try Samples.format
        )
        return (dataset, changed)
    }

    @Test func changedLabelsAreFoundAndTheirOwnSuggested() throws {
        let (dataset, changed) = try Self.planted(400, seed: 1)
        var shares: [Double] = []
        let result = try NoiseSearch(Hyperparameters(epochs: 2)).result(of: dataset) {
            shares.append($0)
        }
        #expect(Set(result.learning.issues.map { result.rows[$0.row] }) == changed)
        for issue in result.learning.issues {
            let own = Self.words[result.rows[issue.row] % 3].1
            #expect(result.scores.labels[issue.suggested] == " \(own)")
        }
        #expect((result.learning.estimatedErrors - 20).magnitude < 2)
        #expect(shares == shares.sorted() && shares.last == 1)
    }

    @Test func sameSeedGivesTheSameAnswer() throws {
        let (dataset, _) = try Self.planted(120, seed: 2)
        func logprobs(seed: UInt64) throws -> [Double] {
            try NoiseSearch(Hyperparameters(epochs: 1, seed: seed))
                .result(of: dataset) { _ in }.scores.logprobs
        }
        let first = try logprobs(seed: 3)
        #expect(try logprobs(seed: 3) == first)
        #expect(try logprobs(seed: 4) != first)
    }

    @Test func foldsHaveEachCompletionEvenlyAndEqualPromptsTogether() throws {
        let examples = (0..<100).map { place in
            Example(prompt: "text \(place / 2)", completion: place % 20 < 4 ? " a" : " b")
        }
        let fold = try NoiseSearch.fold(of: examples, among: 5, seed: 9)
        for place in stride(from: 0, to: 100, by: 2) { #expect(fold[place] == fold[place + 1]) }
        for number in 0..<5 {
            let held = examples.indices.filter { fold[$0] == number }
            #expect(held.count == 20)
            #expect(held.count { examples[$0].completion == " a" } == 4)
        }
    }

    @Test func tooFewCompletionsAreRefused() {
        func message(_ completions: [String]) -> String? {
            let examples = completions.enumerated().map { place, completion in
                Example(prompt: "text \(place)", completion: completion)
            }
            let error = #expect(throws: Diagnostic.self) {
                try NoiseSearch.fold(of: examples, among: 5, seed: 0)
            }
            #expect(error?.code == "one-class")
            return error?.message
        }
        #expect(
            message([" a", " a", " a", " b"])
                == "only one completion stands after more than one prompt, and to find wrong labels "
                + "takes two that do"
        )
        #expect(
            message([" a", " b"])
                == "no completion stands after more than one prompt, and to find wrong labels takes "
                + "two that do"
        )
    }

    @Test func datasetWithoutRowsOrFormatIsRefused() throws {
        let empty = try Samples.dataset(
            bodies: [],
            stars: [],
            name: "none",
            format: try Samples.format
        )
        let rows = diagnostic { _ = try NoiseSearch().result(of: empty) { _ in } }
        #expect(rows?.code == "no-rows")
        #expect(rows?.message == "'none' has no row with a completion to look at")
        let plain = try Samples.reviews(9)
        #expect(
            diagnostic { _ = try NoiseSearch().result(of: plain) { _ in } }?.code == "no-format"
        )
    }
}
