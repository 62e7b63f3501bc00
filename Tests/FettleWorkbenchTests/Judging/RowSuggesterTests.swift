import FettleCore
import FettleData
import FettleEvaluation
import FettleStore
import Foundation
import Testing

@testable import FettleWorkbench

struct RowSuggesterTests {
    /// A workspace with the models `one` and `two` of three stars.
    private static func workspace() throws -> (Workspace, [ModelRecord]) {
        let workspace = Workspace(.ephemeral, session: "test")
        let dataset = try Samples.reviews(90, format: try Samples.format)
        let runner = JobRunner(workspace, clock: Samples.clock)
        var models: [ModelRecord] = []
        for (name, epochs) in [("one", 1), ("two", 4)] {
            let result = try runner.run(
                JobRunner.Request(
                    base: "ngram",
                    dataset: dataset,
                    hyperparameters: Hyperparameters(epochs: epochs),
                    name: name
                )
            )
            models.append(result.model)
        }
        return (workspace, models)
    }

    private static func rows(stars: [String?]) throws -> Dataset {
        try Samples.dataset(
            bodies: [
                "awful broken", "awful great", "lovely great", "plain okay", "awful plain lovely",
            ],
            stars: stars,
            name: "pool"
        )
    }

    @Test func mixedRowsComeBeforeClearOnes() throws {
        let (workspace, models) = try Self.workspace()
        let pool = try Self.rows(stars: [nil, nil, nil, nil, nil])
        for measure in [Acquisition.margin, .entropy] {
            let result = try RowSuggester(workspace)
                .suggest(2, of: pool, by: measure, with: [models[0]]) { _, _ in }
            #expect(Set(result.suggestions.map(\.position)) == [1, 4], "\(measure)")
            #expect(result.labelledRows == 0)
        }
        let all = try RowSuggester(workspace)
            .suggest(5, of: pool, by: .disagreement, with: models) { _, _ in }
        let scores = all.suggestions.map(\.score)
        #expect(scores == scores.sorted(by: >))
        #expect(scores.allSatisfy { $0 >= 0 })
    }

    @Test func rowsWithACompletionAreLeftOutWhileOthersHaveNone() throws {
        let (workspace, models) = try Self.workspace()
        let mixed = try Self.rows(stars: ["1", nil, "3", nil, "1"])
        let result = try RowSuggester(workspace)
            .suggest(2, of: mixed, by: .margin, with: models) { _, _ in }
        #expect(result.suggestions.map(\.position).sorted() == [1, 3])
        #expect(result.labelledRows == 3)
        let labelled = try Self.rows(stars: ["1", "1", "3", "2", "1"])
        let every = try RowSuggester(workspace)
            .suggest(5, of: labelled, by: .margin, with: models) { _, _ in }
        #expect(every.suggestions.count == 5)
    }

    @Test func badInputIsRefused() throws {
        let (workspace, models) = try Self.workspace()
        let suggester = RowSuggester(workspace)
        let pool = try Self.rows(stars: ["1", nil, "3", nil, "1"])
        let empty = try Samples.dataset(bodies: [], stars: [], name: "none")
        func error(
            _ count: Int,
            _ dataset: Dataset,
            by measure: Acquisition = .margin,
            _ models: [ModelRecord]
        ) -> String? {
            diagnostic {
                _ = try suggester.suggest(count, of: dataset, by: measure, with: models) { _, _ in }
            }.map { "\($0.code): \($0.message)" }
        }
        #expect(
            error(3, pool, models) == "bad-count: cannot suggest 3 of 2 rows without a completion"
        )
        #expect(
            error(0, pool, models) == "bad-count: cannot suggest 0 of 2 rows without a completion"
        )
        #expect(error(1, empty, models) == "no-rows: 'none' has no rows to suggest any of")
        #expect(
            error(1, pool, by: .disagreement, [models[0]])
                == "nothing-to-compare: 'by=disagreement' needs at least two models, got 1"
        )
        var other = models[1]
        other.format = .completion(
            prompt: try PromptTemplate("{{body}}"),
            completion: try PromptTemplate(" {{other}}")
        )
        #expect(
            error(1, pool, [models[0], other])
                == "tasks-differ: 'one' answers with ' {{stars}}' and 'two' with ' {{other}}'"
        )
        let bodiless = Dataset(
            name: "pool",
            source: pool.source,
            recipe: pool.recipe,
            frame: .init(columns: [pool.frame.columns[1]])
        )
        #expect(
            error(1, bodiless, models)
                == "unknown-column: no column 'body' in 'pool', which the format's prompt names"
        )
    }

    @Test func numbersThatAreNoneNameTheirRow() throws {
        let (_, models) = try Self.workspace()
        let error = diagnostic {
            try RowSuggester.checkNumbers([-1, -2, -1, .nan], width: 2, models[0])
        }
        #expect(error?.code == "unusable-scores")
        #expect(error?.message == "'one' gave row 2 a log-probability that is not a number")
    }
}
