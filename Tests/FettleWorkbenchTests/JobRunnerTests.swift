import FettleCore
import FettleData
import FettleEvaluation
import FettleStore
import Foundation
import Testing

@testable import FettleWorkbench

struct JobRunnerTests {
    private let folder: TemporaryFolder
    private let workspace: Workspace
    private let runner: JobRunner

    init() throws {
        folder = try TemporaryFolder()
        workspace = Workspace(.folder(folder.path), session: "s")
        runner = JobRunner(workspace, clock: Samples.clock)
    }

    private func request(
        base: String = "ngram",
        name: String? = nil,
        suffix: String? = nil
    ) throws -> JobRunner.Request {
        JobRunner.Request(
            base: base,
            dataset: try Samples.reviews(format: Samples.format),
            validation: try Samples.reviews(6, name: "held"),
            hyperparameters: Hyperparameters(epochs: 2, batchSize: 20, seed: 3),
            suffix: suffix,
            name: name
        )
    }

    private func rows(_ sql: String) throws -> [[String]] {
        try Samples.rows(sql, in: folder.path)
    }

    @Test func aRunIsRecordedFromStartToEnd() throws {
        var seen: [TrainingMetrics] = []
        let result = try runner.run(request(name: "stars")) { seen.append($0) }
        let id = "ngram:ft-personal-2026-01-01-00-00-00"
        let fingerprint = try Samples.reviews().fingerprint
        #expect(result.model.id == id)
        #expect(result.model.format == (try Samples.format))
        #expect(result.model.labelCount == 3)
        #expect(result.model.examplesSeen == 120)
        #expect(result.seconds == nil)
        #expect(result.metrics?.step == seen.last?.step)
        #expect(try ModelLibrary(workspace).model("stars") == result.model)
        #expect(
            FileManager.default.fileExists(
                atPath: try ModelLibrary(workspace).path(of: result.model)
            )
        )
        let job = try #require(try rows("SELECT id FROM job").first?.first)
        #expect(job.count == 30 && job.hasPrefix("ftjob-"))
        #expect(result.model.file == "\(job).model")
        #expect(
            try rows(
                "SELECT status, base, dataset, datasetFingerprint, validation, settings, model, error, "
                    + "createdAt, finishedAt FROM job"
            ) == [
                [
                    "succeeded", "ngram", "reviews", fingerprint, "held",
                    #"[{"name": "n_epochs", "value": "2"}, {"name": "batch_size", "value": "20"}, "#
                        + #"{"name": "shuffle", "value": "epoch"}, {"name": "seed", "value": "3"}]"#,
                    id, "null", "\(Samples.moment)", "\(Samples.moment)",
                ]
            ]
        )
        #expect(
            try rows("SELECT job, level, message FROM event ORDER BY id") == [
                [job, "info", "Created fine-tune: \(job)"], [job, "info", "Fine-tune started"],
                [job, "info", "Uploaded model: \(id)"],
            ]
        )
        let metrics = try rows(
            "SELECT step, elapsedExamples, elapsedTokens, trainingLoss, validationLoss FROM metric"
        )
        #expect(
            metrics
                == seen.map { row in
                    [
                        "\(row.step)", "\(row.elapsedExamples)", "\(row.elapsedTokens)",
                        "\(row.trainingLoss)", row.validationLoss.map { "\($0)" } ?? "null",
                    ]
                }
        )
        #expect(metrics.last?[1] == "120")
        #expect(
            try rows("SELECT id, name, base, parent, dataset, examplesSeen FROM model")
                == [[id, "stars", "ngram", "null", "reviews", "120"]]
        )
    }

    @Test func aTakenSecondIsFollowedByTheNext() throws {
        let first = try runner.run(request(suffix: "s")) { _ in }
        let second = try runner.run(request(suffix: "s")) { _ in }
        #expect(first.model.id == "ngram:ft-personal:s-2026-01-01-00-00-00")
        #expect(second.model.id == "ngram:ft-personal:s-2026-01-01-00-00-01")
        #expect(first.model.file != second.model.file)
    }

    @Test func aFailedRunIsRecordedWithItsReason() throws {
        let dataset = try Samples.dataset(
            bodies: (0..<30).map { "text \($0)" },
            stars: (0..<30).map { "answer \($0)" },
            name: "open",
            format: Samples.format
        )
        let error = diagnostic {
            _ = try runner.run(
                JobRunner.Request(
                    base: "ngram",
                    dataset: dataset,
                    hyperparameters: Hyperparameters()
                )
            ) { _ in }
        }
        let reason =
            "30 different completions in 30 examples, and an 'ngram' model chooses "
            + "among a closed set of at most 1,000"
        #expect(error?.message == reason)
        #expect(
            try rows("SELECT status, error, model FROM job") == [["failed", reason, "null"]]
        )
        #expect(
            try rows("SELECT level, message FROM event ORDER BY id").last
                == ["error", "Fine-tune failed: \(reason)"]
        )
        #expect(try ModelLibrary(workspace).models().isEmpty)
    }

    @Test func aCancelledRunIsRecordedWithItsMetrics() async throws {
        let runner = runner
        var request = try request()
        request.hyperparameters.epochs = 5000
        let long = request
        let task = Task {
            var rows = 0
            do {
                _ = try runner.run(long) { _ in
                    rows += 1
                    withUnsafeCurrentTask { $0?.cancel() }
                }
                return (rows, false)
            } catch {
                return (rows, error is CancellationError)
            }
        }
        let (metrics, isCancelled) = await task.value
        #expect(isCancelled)
        #expect(
            try rows("SELECT status, error, model FROM job") == [["cancelled", "null", "null"]]
        )
        #expect(
            try rows("SELECT level, message FROM event ORDER BY id").last
                == ["info", "Fine-tune cancelled"]
        )
        #expect(metrics > 0)
        #expect(try rows("SELECT COUNT(*) FROM metric") == [["\(metrics)"]])
        #expect(try ModelLibrary(workspace).models().isEmpty)
    }

    @Test func goingOnKeepsTheLineage() throws {
        let first = try runner.run(request(name: "one")) { _ in }
        var next = try request(base: "one", name: "two")
        next.dataset = try Samples.reviews(30, name: "more")
        let second = try runner.run(next) { _ in }
        #expect(second.model.parent == first.model.id)
        #expect(second.model.base == "ngram")
        #expect(second.model.format == first.model.format)
        #expect(second.model.examplesSeen == 120 + 60)
        #expect(
            try rows("SELECT base FROM job ORDER BY createdAt, rowid") == [
                ["ngram"], [first.model.id],
            ]
        )
        let third = try runner.run(request(base: second.model.id)) { _ in }
        #expect(third.model.parent == second.model.id)
    }

    @Test func anotherFormatIsRefusedBeforeAJobIsMade() throws {
        _ = try runner.run(request(name: "one")) { _ in }
        var next = try request(base: "one")
        next.dataset = next.dataset.formatted(
            as: .completion(
                prompt: try PromptTemplate("{{body}}!"),
                completion: try PromptTemplate(" {{stars}}")
            )
        )
        #expect(
            throws: Diagnostic(
                "format-differs",
                "'one' was tuned with another format than 'reviews' has",
                hint:
                    "set the model's format with 'format like=one', or tune the base model 'ngram'"
            )
        ) { try runner.run(next) { _ in } }
        #expect(try rows("SELECT COUNT(*) FROM job") == [["1"]])
    }

    @Test func equalRunsGiveEqualAnswers() throws {
        let first = try runner.run(request()) { _ in }
        let second = try runner.run(request()) { _ in }
        let library = ModelLibrary(workspace)
        let files = try [first, second].map { run in
            try Data(contentsOf: URL(fileURLWithPath: try library.path(of: run.model)))
        }
        #expect(files[0] == files[1])
    }
}

struct ModelLibraryTests {
    private let workspace = Workspace(.ephemeral, session: "s")

    @Test func unknownNamesAreErrorsWithSuggestions() throws {
        let library = ModelLibrary(workspace)
        #expect(
            throws: Diagnostic(
                "unknown-model",
                "no model 'stars'",
                hint: "no model is tuned yet: tune ngram on DATASET as NAME"
            )
        ) { try library.model("stars") }
        #expect(
            throws: Diagnostic(
                "base-model",
                "'ngram' is a base model that knows no completions yet",
                hint: "tune it first: tune ngram on DATASET as NAME"
            )
        ) { try library.model("ngram") }
        let result = try JobRunner(workspace, clock: Samples.clock).run(
            JobRunner.Request(
                base: "ngram",
                dataset: try Samples.reviews(12, format: Samples.format),
                hyperparameters: Hyperparameters(epochs: 1),
                name: "stars"
            )
        ) { _ in }
        #expect(
            throws: Diagnostic(
                "unknown-model",
                "no model 'star'",
                hints: ["did you mean 'stars'?", "models: stars"]
            )
        ) { try library.model("star") }
        var foreign = result.model
        foreign.base = "gpt"
        foreign.name = nil
        #expect(
            throws: Diagnostic(
                "unknown-base",
                "'\(foreign.id)' descends from 'gpt', which this Fettle does not have",
                hint: "base models: ngram"
            )
        ) { try library.open(foreign) }
        foreign = result.model
        foreign.file = "none.model"
        #expect(diagnostic { _ = try library.open(foreign) } != nil)
    }

    @Test(arguments: [
        ("Stars v2", "stars-v2"), ("a", "a"), ("--x__y--", "x-y"), ("é7", "7"), ("ABC", "abc"),
    ])
    func suffixesAreCleaned(_ text: String, _ expected: String) throws {
        #expect(try ModelLibrary.suffix(text) == expected)
    }

    @Test(arguments: ["", "  ", "评论", String(repeating: "a", count: 41)])
    func suffixesWithoutLettersOrTooLongAreRefused(_ text: String) {
        #expect(
            throws: Diagnostic(
                "bad-value",
                "'suffix' is '\(text)', expected 1 to 40 characters with a letter or digit of ASCII"
            )
        ) { try ModelLibrary.suffix(text) }
    }
}

struct JudgeTests {
    private let workspace = Workspace(.ephemeral, session: "s")
    private let model: ModelRecord

    init() throws {
        model = try JobRunner(workspace, clock: Samples.clock).run(
            JobRunner.Request(
                base: "ngram",
                dataset: try Samples.reviews(format: Samples.format),
                hyperparameters: Hyperparameters(epochs: 8, batchSize: 4)
            )
        ) { _ in }.model
    }

    private let held: Result<Dataset, any Error> = Result {
        try Samples.dataset(
            bodies: ["awful broken thing", "plain okay", "lovely great", "lovely great", "plain"],
            stars: ["1", "2", "3", "9", nil],
            name: "held"
        )
    }

    @Test func rowsAreScoredThroughTheModelsFormat() throws {
        var progress: [Int] = []
        let judge = Judge(workspace, clock: Samples.clock)
        let scored = try judge.score(model, on: held.get()) { progress.append($0) }
        #expect(scored.rows == [0, 1, 2, 3])
        #expect(scored.skippedRows == 1)
        #expect(scored.seconds == nil)
        #expect(scored.scores.labels == [" 1", " 2", " 3"])
        #expect(scored.scores.classes == [" 1", " 2", " 3", " 9"])
        #expect(scored.scores.truth == [0, 1, 2, 3])
        #expect(scored.scores.prediction == [0, 1, 2, 2])
        #expect(scored.scores.correct == [true, true, true, false])
        #expect(progress == [4])
        for row in 0..<4 {
            let total = (0..<3).reduce(0) { $0 + exp(scored.scores.logprobs[row * 3 + $1]) }
            #expect(abs(total - 1) < 1e-6)
        }
    }

    @Test func predictionsStandBesideTheirRows() throws {
        let dataset = try held.get().applying(Where(Expression(parsing: "body != \"plain okay\"")))
        let answers = try Judge(workspace, clock: Samples.clock).predict(model, on: dataset) { _ in
        }
        let frame = dataset.frame.setting("p", to: answers.prediction)
            .setting("c", to: answers.correct)
        let cells = (0..<frame.count).map { [frame.cell(2, at: $0), frame.cell(3, at: $0)] }
        #expect(
            cells == [
                [.integer(1), .boolean(true)], [.integer(3), .boolean(true)],
                [.integer(3), .boolean(false)], [.integer(2), .null],
            ]
        )
        let unlabelled = Dataset(
            name: "u",
            source: dataset.source,
            recipe: [],
            frame: Frame(columns: [.init("body", try Samples.text(["awful broken"]))])
        )
        let other = try Judge(workspace, clock: Samples.clock).predict(model, on: unlabelled) { _ in
        }
        #expect(other.prediction[0] == .integer(1))
        #expect(other.correct[0] == .null)
    }

    @Test func answersInBlocksAreThoseOfAllRowsAtOnce() throws {
        var judge = Judge(workspace, clock: Samples.clock)
        let whole = try judge.predict(model, on: held.get()) { _ in }
        judge.block = 2
        var progress: [Int] = []
        let parts = try judge.predict(model, on: held.get()) { progress.append($0) }
        for row in 0..<5 {
            #expect(parts.prediction[row] == whole.prediction[row])
            #expect(parts.probability[row] == whole.probability[row])
        }
        #expect(progress == [2, 4, 5])
    }

    @Test func answersAreSortedAndSumToOne() throws {
        let playground = Playground(workspace)
        let open = try playground.open(model)
        let answer = try playground.choose(open, prompt: "awful broken", logprobs: 2)
        #expect(answer.prompt == "awful broken")
        #expect(answer.completion == " 1")
        #expect(answer.top.count == 2)
        #expect(answer.top[0].token == " 1")
        #expect(answer.top[0].logprob >= answer.top[1].logprob)
        let shown = answer.top.reduce(0) { $0 + exp($1.logprob) }
        #expect(abs(shown + answer.rest - 1) < 1e-6)
        #expect(answer.outside < 1e-6)
        #expect(try playground.choose(open, prompt: "", logprobs: 0).top.count == 1)
        #expect(try playground.choose(open, prompt: "x", logprobs: 99).top.count == 3)
        #expect(
            try playground.example(of: model, row: 1, in: held.get())
                == ("plain okay", " 2")
        )
        let unlabelled = try playground.example(of: model, row: 4, in: held.get())
        #expect(unlabelled.prompt == "plain" && unlabelled.completion == nil)
    }

    @Test func reportsAreKept() throws {
        let folder = try TemporaryFolder()
        let workspace = Workspace(.folder(folder.path), session: "s")
        try Judge(workspace, clock: Samples.clock)
            .keep(.object([.init("accuracy", .number(0.5))]), model: model, dataset: held.get())
        #expect(
            try Samples.rows(
                "SELECT model, dataset, report, createdAt FROM evaluation",
                in: folder.path
            )
                == [[model.id, "held", #"{"accuracy": 0.5}"#, "\(Samples.moment)"]]
        )
    }
}
