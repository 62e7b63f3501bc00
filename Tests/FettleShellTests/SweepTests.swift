import FettleCore
import FettleEvaluation
import FettleLanguage
import FettleStore
import Foundation
import Synchronization
import Testing

@testable import FettleShell
@testable import FettleWorkbench

/// `sweep` and `sweeps`: what is tried, what is kept, and what is said of it.
struct SweepTests {
    /// Rows whose labels are right three times out of four, so that settings differ.
    static func shell(_ folder: TemporaryFolder) async throws -> TestShell {
        var text = "text,label\n"
        var generator = SeededGenerator(seed: 5)
        let words = [
            ["bright", "fine", "warm"], ["dull", "poor", "cold"], ["odd", "new", "blue"],
        ]
        for row in 0..<360 {
            let kind = row % 3
            let shown = generator.below(4) == 0 ? generator.below(3) : kind
            let said = (0..<3).map { _ in words[kind][generator.below(3)] }
            text += "\(said.joined(separator: " ")) \(row),\(shown)\n"
        }
        let file = try folder.write(text, to: "d.csv")
        var shell = TestShell()
        let result = await shell.run(
            "load \(file)\n\(SmallData.format)\nsplit 60/20/20 seed=3\nuse d.train"
        )
        #expect(result.status == .success, "\(result.errors)")
        return shell
    }

    private static func weights(_ name: String, _ shell: TestShell) throws -> Data {
        let library = shell.services.models
        return try Files.bytes(library.path(of: library.model(name)))
    }

    @Test func gridKeepsTheModelThatTuneWouldMakeWithTheBestSettings() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let line =
            "sweep ngram validate=d.validation n_epochs=1,3 learning_rate_multiplier=0.01,1 as best"
        let swept = await shell.run(line)
        #expect(
            swept.output == """
                sweep 1: ngram on d.train, 4 trials by accuracy
                trial  n_epochs  learning_rate_multiplier  accuracy         95 %  job
                ─────  ────────  ────────────────────────  ────────  ───────────  ───
                    2         1                         1    76.4 %  65.4–84.7 %    2
                    4         3                         1    76.4 %  65.4–84.7 %    4
                    3         3                      0.01    51.4 %  40.1–62.6 %    3
                    1         1                      0.01    50.0 %  38.7–61.3 %    1
                best: n_epochs=1 learning_rate_multiplier=1, 76.4 % (95 %: 65.4–84.7 %), kept as best: ngram:ft-personal:sweep-1-2-2026-01-01-00-00-00
                the best of 4 has been lucky, too: its figure is optimistic; 'sweeps 1
                test=DATASET' measures it once on rows without a part in the choice

                """,
            "\(swept.output)\(swept.errors)"
        )
        await shell.run(
            "tune ngram validate=d.validation n_epochs=1 learning_rate_multiplier=1 as same"
        )
        #expect(try Self.weights("best", shell) == Self.weights("same", shell))
        // The others' models are gone, their jobs are not.
        #expect(try shell.services.models.models().map(\.displayName).sorted() == ["best", "same"])
        #expect(try shell.services.workspace.jobs().count == 5)
    }

    @Test func resultsDoNotDependOnHowManyTrialsTrainAtATime() async throws {
        let folder = try TemporaryFolder()
        var outputs: [String] = []
        for workers in [1, 2, 5] {
            var shell = try await Self.shell(folder)
            let result = await shell.run(
                "sweep ngram validate=d.validation n_epochs=1..5 metric=log_loss workers=\(workers)"
            )
            outputs.append(result.output)
        }
        #expect(outputs[0].contains("by log_loss"), "\(outputs[0])")
        #expect(outputs[1] == outputs[0])
        #expect(outputs[2] == outputs[0])
    }

    @Test func drawsAreTheSameForTheSameSeedAndInTheRange() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let line =
            "sweep ngram validate=d.validation search=random trials=6 n_epochs=1,2 "
            + "learning_rate_multiplier=\"0.1..10 log\" search_seed="
        var drawn: [[[String]]] = []
        for seed in [1, 1, 2] {
            await shell.run(line + String(seed))
            let number = drawn.count + 1
            let trials = try shell.services.workspace.store().trials(ofSweep: number)
            drawn.append(trials.map { $0.settings.map(\.value) })
        }
        #expect(drawn[0] == drawn[1])
        #expect(drawn[0] != drawn[2])
        #expect(Set(drawn[0]).count == 6)
        for trial in drawn[0] + drawn[2] {
            #expect(["1", "2"].contains(trial[0]))
            let rate = try #require(Double(trial[1]))
            #expect((0.1...10).contains(rate))
        }
    }

    @Test func aRangeOfFewNumbersIsDrawnFromWithoutRepeats() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        await shell.run("sweep ngram validate=d.validation search=random n_epochs=1..3")
        let trials = try shell.services.workspace.store().trials(ofSweep: 1)
        #expect(trials.map { $0.settings[0].value }.sorted() == ["1", "2", "3"])
    }

    @Test func failedTrialsLeaveNoModelsAndNoSweepThatSeemsToRun() async throws {
        let folder = try TemporaryFolder()
        var shell = try await SmallData.shell(folder)
        await shell.run(
            "split 80/20\nsweep ngram on d.train validate=d.test n_epochs=1,2 metric=spearman"
        )
        #expect(try shell.services.models.models().isEmpty)
        #expect(try shell.services.workspace.store().sweeps().map(\.process) == [nil])
    }

    @Test func testRowsThatCannotBeAskedAreSaidBeforeAnythingTrains() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        await shell.run("use d.test\nselect label as bare\nuse d.train")
        let result = await shell.run("sweep ngram validate=d.validation n_epochs=1,2 test=bare")
        #expect(result.errors.hasPrefix("error[unknown-column]: no column 'text'"), "\(result)")
        #expect(try shell.services.workspace.jobs().isEmpty)
    }

    @Test func aListIsDrawnFromWithoutRepeats() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        await shell.run(
            "sweep ngram validate=d.validation search=random trials=5 n_epochs=1,2,3 batch_size=auto,4"
        )
        let trials = try shell.services.workspace.store().trials(ofSweep: 1)
        #expect(trials.count == 5)
        #expect(Set(trials.map { $0.settings.map(\.value) }).count == 5)
    }

    @Test func halvingGivesTheBestThirdThreeTimesTheRows() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run(
            "sweep ngram validate=d.validation search=halving n_epochs=1,2,3,4,5,6,7,8,9"
        )
        #expect(result.status == .success, "\(result.errors)")
        let trials = try shell.services.workspace.store().trials(ofSweep: 1)
        #expect(trials.map(\.round) == [Int](repeating: 0, count: 9) + [1, 1, 1, 2])
        #expect(Set(trials.filter { $0.round == 0 }.map(\.rows)) == [24])
        #expect(Set(trials.filter { $0.round == 1 }.map(\.rows)) == [72])
        #expect(trials.last?.rows == 216)
        let first = SweepPlan.ranked(Array(trials.prefix(9)), by: Accuracy.self)
        #expect(first.prefix(3).map(\.number).sorted() == trials[9..<12].map(\.number))
    }

    @Test func foldsMeasureEveryRowOnceAndTheBestIsTunedOnAll() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run("sweep ngram folds=3 n_epochs=1,2 as best")
        #expect(result.status == .success, "\(result.errors)")
        let store = try shell.services.workspace.store()
        let trials = try store.trials(ofSweep: 1)
        let best = try #require(store.sweeps().first?.best)
        // Answers of all 216 rows, whichever fold they were in.
        for trial in trials {
            let hits = try #require(trial.figure).value * 216
            #expect(abs(hits - hits.rounded()) < 1e-9)
            // The best one's model learns all rows in a job of its own.
            #expect(trial.jobs.count == (trial.number == best ? 4 : 3))
        }
        await shell.run("tune ngram n_epochs=\(best) as same")
        #expect(try Self.weights("best", shell) == Self.weights("same", shell))
        #expect(try shell.services.models.models().count == 2)
    }

    @Test func aLearningCurveSaysWhatTwiceTheRowsWouldBring() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        let result = await shell.run("sweep ngram validate=d.validation rows=20,60,200")
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines[0] == "sweep 1: ngram on d.train, 3 trials by accuracy")
        let table = lines[3..<6].map { $0.split(separator: " ")[1] }
        #expect(table == ["20", "60", "200"])
        #expect(lines.last?.hasPrefix("twice the rows (400): ") == true, "\(result.output)")
        #expect(lines.last?.hasSuffix(", if the curve goes on as it did") == true)
        let few = await shell.run("sweep ngram validate=d.validation rows=20,60")
        #expect(
            few.output.hasSuffix(
                "a forecast takes three numbers of rows, such as rows=500,1000,2000\n"
            )
        )
    }

    /// Also where the best model so far was deleted meanwhile.
    @Test(arguments: [false, true])
    func aStoppedSearchGoesOnToTheSameEnd(deletes: Bool) async throws {
        let folder = try TemporaryFolder()
        let line = "sweep ngram validate=d.validation n_epochs=1,2,3,4,5,6 workers=1 as best"
        var whole = try await Self.shell(folder)
        let expected = await whole.run(line)
        var shell = try await Self.shell(folder)
        let (services, session) = (shell.services, shell.session)
        let plan = try await Self.plan(line, session, services)
        let sweeper = Sweeper(services.workspace, clock: services.clock, jobs: services.jobs)
        let stopping = Mutex<Task<Void, any Error>?>(nil)
        let task = Task {
            _ = try await sweeper.run(plan) { progress in
                if progress.done == 3 { stopping.withLock { $0?.cancel() } }
            }
        }
        stopping.withLock { $0 = task }
        await #expect(throws: CancellationError.self) { try await task.value }
        let before = try services.workspace.store().trials(ofSweep: 1)
        #expect(before.count { $0.figure != nil } >= 3)
        #expect(before.count { $0.figure != nil } < 6)
        let unfinished = await shell.run("sweeps 1")
        #expect(
            unfinished.output.hasSuffix(
                "it has not ended: the command that began it goes on where it stopped\n"
            )
        )
        if deletes {
            for model in try services.models.models() {
                _ = try services.models.delete(model.id)
            }
        }
        let rest = await shell.run(line)
        let known = before.count { $0.figure != nil }
        // Where its model is gone, the best trial's is made by a seventh job.
        #expect(
            rest.output.replacing("%    7\n", with: "%    1\n")
                == "\(known) trials of an earlier run were kept\n" + expected.output,
            "\(rest.output)\(rest.errors)"
        )
        #expect(rest.output.contains("%    7\n") == deletes)
        #expect(try Self.weights("best", shell) == Self.weights("best", whole))
        #expect(try services.workspace.store().sweeps().count == 1)
    }

    @Test func aSearchKilledAfterItsLastTrainingTakesItsModel() async throws {
        let folder = try TemporaryFolder()
        let line = "sweep ngram folds=2 n_epochs=1,2 workers=1"
        var shell = try await Self.shell(folder)
        let expected = await shell.run(line)
        let store = try shell.services.workspace.store()
        var sweep = try #require(store.sweeps().first)
        (sweep.finishedAt, sweep.best, sweep.model) = (nil, nil, nil)
        try store.update(sweep)
        let again = await shell.run(line)
        #expect(
            again.output == "2 trials of an earlier run were kept\n" + expected.output,
            "\(again.errors)"
        )
        // Two trials of two folds, and one training on all rows.
        #expect(try store.jobs().count == 5)
    }

    private static func plan(
        _ line: String,
        _ session: Session,
        _ services: Services
    ) async throws -> SweepPlan {
        let script = try CommandCatalogue.parser.parse(line)
        guard case .statement(let statement)? = script.items.first,
            case .command(let invocation)? = statement.stages.first
        else { preconditionFailure("the line is a command") }
        let arguments = try Sweep.declaration.bind(
            invocation,
            expanding: WordExpander(names: []) { _ in nil }
        )
        let context = Context(services: services, input: nil, isPiped: false) { _ in }
        let sweeper = Sweeper(services.workspace, clock: services.clock, jobs: services.jobs)
        return try Sweep(arguments).plan(in: session, context, sweeper).plan
    }

    @Test func theBestIsMeasuredOnTestRowsOnce() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        await shell.run("sweep ngram validate=d.validation n_epochs=1,2 as one")
        let own = await shell.run("sweeps 1 test=d.validation")
        #expect(
            own.errors.hasPrefix("error[test-not-apart]: the trials are ranked on 'd.validation'")
        )
        let first = await shell.run("sweeps 1 test=d.test")
        await shell.run("evaluate one on d.test > \(folder.path)/report.json")
        let accuracy = try #require(
            Files.json(folder.path + "/report.json")["accuracy"] as? Double
        )
        let stored = try #require(shell.services.workspace.store().sweeps().first?.test)
        #expect(abs(stored.figure.value - accuracy) < 1e-12)
        #expect(first.output.contains("on d.test, which had no part in the choice: "))
        let second = await shell.run("sweeps 1 test=d.test")
        #expect(
            second.errors == """
                error[test-used]: sweep 1 was judged on 'd.test' before
                    1 | sweeps 1 test=d.test
                      | ^^^^^^
                  hint: 'sweeps 1' shows the figure; a second look at test rows makes them part of the choice

                """
        )
        let other = await shell.run("sweep ngram validate=d.validation n_epochs=2,3 test=d.test")
        #expect(
            (other.output + other.errors).contains(
                "these rows have judged 1 other sweep before"
            ),
            "\(other.output)"
        )
    }

    @Test func aTrialThatFailsLeavesTheOthers() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        await shell.run("use d.train\nwhere label == 0 as one")
        let result = await shell.run(
            "sweep ngram on d.train validate=d.validation data=d.train,one --no-check"
        )
        #expect(result.status == .success, "\(result.errors)")
        #expect((result.output + result.errors).contains("trial 2 failed: "), "\(result.output)")
        #expect(result.output.contains("best: data=d.train, "))
        let none = await shell.run(
            "sweep ngram on one validate=d.validation n_epochs=1,2 --no-check"
        )
        #expect(
            none.errors.hasPrefix("error[sweep-failed]: all 2 trials failed, the first of them: ")
        )
    }

    @Test func formatsAreTried() async throws {
        let folder = try TemporaryFolder()
        var shell = try await Self.shell(folder)
        await shell.run(
            "rows d.train | select label,text as short\nuse short\n"
                + #"format prompt="{{text}}: what?" completion=" {{label}}""# + "\nuse d.train"
        )
        let result = await shell.run(
            "sweep ngram validate=d.validation format=d.train,short as best"
        )
        #expect(result.status == .success, "\(result.errors)")
        #expect(result.output.contains("best: format="))
    }
}
