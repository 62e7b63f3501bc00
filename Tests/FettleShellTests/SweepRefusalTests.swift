import FettleCore
import FettleStore
import Foundation
import Testing

@testable import FettleShell
@testable import FettleWorkbench

/// What `sweep` and `sweeps` refuse, and what they say.
struct SweepRefusalTests {
    @Test(arguments: [
        (
            "n_epochs=1,2", "missing-argument",
            "'sweep' needs rows to measure on: validate=DATASET, or folds=N"
        ),
        (
            "folds=2 validate=d.validation n_epochs=1,2", "bad-value",
            "validate= and folds= are two ways of measuring"
        ),
        (
            "folds=1 n_epochs=1,2", "bad-value",
            "'folds' is '1', expected a whole number from 2 to 100"
        ),
        ("folds=3", "nothing-to-sweep", "no setting has more than one value"),
        (
            "folds=3 n_epochs=1,0", "bad-value",
            "'n_epochs' is '0', expected a whole number from 1 to 1,000, or auto"
        ),
        (
            "folds=3 n_epochs=1,,2", "bad-value",
            "'n_epochs' is '1,,2', expected values with ',' between them"
        ),
        ("folds=3 n_epochs=1,1", "bad-value", "'n_epochs' has the value '1' twice"),
        (
            "folds=3 n_epochs=4..2", "bad-value",
            "'n_epochs' is '4..2', expected LOW..HIGH with two whole numbers, the smaller first"
        ),
        (
            "folds=3 n_epochs=1.5..2", "bad-value",
            "'n_epochs' is '1.5..2', expected LOW..HIGH with two whole numbers, the smaller first"
        ),
        (
            "folds=3 lr=0..1:log", "bad-value",
            "'learning_rate_multiplier' is '0..1:log', expected LOW..HIGH with two numbers, the smaller first, LOW more than 0"
        ),
        (
            "folds=3 lr=0..nan", "bad-value",
            "'learning_rate_multiplier' is '0..nan', expected LOW..HIGH with two numbers, the smaller first"
        ),
        ("folds=3 n_epochs=1,2 metric=acuracy", "unknown-metric", "no metric 'acuracy'"),
        (
            "folds=3 n_epochs=1,2 trials=3", "bad-value",
            "a grid has every combination, and trials= draws some"
        ),
        (
            "folds=3 n_epochs=1..100 batch_size=1..100 points=100", "too-many-trials",
            "the grid has 10,000 combinations, of at most 1,000"
        ),
        (
            "folds=3 rows=10,9999", "bad-value",
            "'rows' is '9999', expected whole numbers from 1 to 216, the rows of 'd.train'"
        ),
        (
            "folds=3 rows=10,20 search=halving", "bad-value",
            "halving chooses the rows of each round itself"
        ),
        ("folds=3 data=d.train,nothing", "unknown-dataset", "no dataset 'nothing'"),
        ("folds=3 format=d.train,nothing", "unknown-model", "no model 'nothing'"),
        ("validate=nothing n_epochs=1,2", "unknown-dataset", "no dataset 'nothing'"),
        (
            "validate=d.validation n_epochs=1,2 test=d.validation", "test-not-apart",
            "the trials are ranked on 'd.validation', which then says nothing of new rows"
        ),
        (
            "folds=3 n_epochs=1,2 test=d.train", "test-not-apart",
            "the trials learn 'd.train', which then says nothing of new rows"
        ),
    ])
    func whatIsWrongIsSaidBeforeAnythingTrains(
        _ options: String,
        _ code: String,
        _ message: String
    ) async throws {
        let folder = try TemporaryFolder()
        var shell = try await SweepTests.shell(folder)
        let result = await shell.run("sweep ngram on d.train " + options)
        let first = result.errors.split(separator: "\n").first.map(String.init)
        #expect(first == "error[\(code)]: \(message)")
        #expect(try shell.services.workspace.existingStore()?.sweeps().isEmpty ?? true)
    }

    @Test func aMetricWithoutAFigureIsSaid() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        let result = await shell.run(
            "split 80/20\nsweep ngram on d.train validate=d.test n_epochs=1,2 metric=spearman"
        )
        #expect(
            result.errors.hasPrefix(
                "error[metric-not-applicable]: 'spearman' has no figure for the labels of 'd.test'"
            ),
            "\(result.errors)\(result.output)"
        )
    }

    @Test func moreFoldsThanPromptsAreSaidBeforeAnythingTrains() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        let result = await shell.run(
            "sample 12 seed=1 as few\nsweep ngram on few folds=13 n_epochs=1,2"
        )
        #expect(
            result.errors == """
                error[too-many-folds]: 'few' has 12 different prompts, too few for 13 folds
                    2 | sweep ngram on few folds=13 n_epochs=1,2
                      |       ^^^^^
                  hint: take folds=12 or fewer

                """,
            "\(result.errors)\(result.output)"
        )
        #expect(try shell.services.workspace.store().jobs().isEmpty)
    }

    @Test func unknownSweepsAreSaid() async throws {
        var shell = TestShell()
        #expect(await shell.run("sweeps").output == "no sweep was begun: 'help sweep' says how\n")
        let result = await shell.run("sweeps 7")
        #expect(
            result.errors == """
                error[unknown-sweep]: no sweep 7
                    1 | sweeps 7
                      |        ^
                  hint: 'help sweep' says how to begin one

                """
        )
    }
}
