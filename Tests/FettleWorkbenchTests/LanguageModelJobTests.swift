import FettleCore
import FettleEvaluation
import FettleStore
import FettleWorkbench
import Foundation
import Testing

/// Jobs on a language model, which take the same ways as those on the built-in one.
struct LanguageModelJobTests {
    /// A Llama of random weights, small enough to be tuned in a moment.
    private static let tiny = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../samples/tiny-llama").standardizedFileURL.path

    /// Returns a place with the tiny model added as `tiny`.
    private static func site() throws -> JobSite {
        let site = try JobSite()
        _ = try ModelLibrary(site.workspace).add(tiny, as: "tiny", at: 1) { _, _ in }
        return site
    }

    private static func request(_ base: String = "tiny") throws -> JobRunner.Request {
        JobRunner.Request(
            base: base,
            dataset: try Samples.reviews(format: Samples.format),
            validation: try Samples.reviews(6, name: "held"),
            hyperparameters: Hyperparameters(epochs: 2, seed: 3),
            name: "stars"
        )
    }

    @Test func aResumedJobEndsAsOneThatWasNeverStopped() async throws {
        let whole = try Self.site()
        let expected = try whole.runner.run(Self.request())
        let site = try Self.site()
        let job = try site.runner.prepare(Self.request())
        #expect(await site.cancelEarly(job) is CancellationError)

        // Another process, which has the folder and nothing else.
        let next = try JobSite(in: site.folder)
        let goingOn = try next.runner.prepareToResume(try next.job(job.record.id))
        var seen: [TrainingMetrics] = []
        let result = try next.runner.execute(goingOn) { seen.append($0) }

        #expect(seen.first?.step == 2)
        #expect(result.model.id == expected.model.id)
        #expect(result.model.settings == expected.model.settings)
        #expect(result.metrics == expected.metrics)
        #expect(try next.weights(result.model) == whole.weights(expected.model))
        let id = try #require(try whole.workspace.store().jobs().first).record.id
        #expect(
            try next.workspace.store().metrics(ofJob: job.record.id)
                == whole.workspace.store().metrics(ofJob: id)
        )
        #expect(next.jobFiles.isEmpty)
    }

    @Test func sameSeedGivesTheSameWeightsAndAnotherSeedOthers() throws {
        let site = try Self.site()
        let first = try site.runner.run(Self.request()).model
        let second = try site.runner.run(Self.request()).model
        var other = try Self.request()
        other.hyperparameters.seed = 4
        let third = try site.runner.run(other).model
        #expect(try site.weights(first) == site.weights(second))
        #expect(try site.weights(first) != site.weights(third))
    }

    @Test func tuningOnKeepsTheCompletionsAndTheBase() throws {
        let site = try Self.site()
        let first = try site.runner.run(Self.request())
        let second = try site.runner.run(Self.request("stars")).model
        #expect(second.base == "tiny")
        #expect(second.parent == first.model.id)
        #expect(second.labelCount == 3)
        #expect(second.examplesSeen == 240)
        let model = try ModelLibrary(site.workspace).open(second)
        #expect(model.labels == [" 1", " 2", " 3"])
        #expect(model.parameterCount == 8_192)
    }

    @Test func scoresAreProbabilitiesThatLeaveRoomForOtherTexts() throws {
        let site = try Self.site()
        let tuned = try site.runner.run(Self.request()).model
        let scores = try ModelLibrary(site.workspace).open(tuned).score(["lovely great item 1"])
        #expect(scores.count == 3)
        let sum = scores.reduce(0) { $0 + exp($1) }
        #expect(sum > 0 && sum < 1)
    }

    @Test func aClassifierIsMeasuredOnAllValidationExamplesAtTheEndOfEachEpoch() throws {
        let site = try Self.site()
        let plain = try site.runner.run(Self.request()).model
        var request = try Self.request()
        request.classification = ClassificationOptions(classCount: 3)
        let result = try site.runner.run(request)
        #expect(try site.weights(result.model) == site.weights(plain))
        let id = try #require(try site.workspace.store().jobs().last).record.id
        let measures = try site.workspace.store().epochMeasures(ofJob: id)
        #expect(
            measures.map { "\($0.step) \($0.name)" } == [
                "8 accuracy", "8 weighted_f1_score", "16 accuracy", "16 weighted_f1_score",
            ]
        )
        let rows = try site.workspace.store().metrics(ofJob: id)
        #expect(measures[2].value == rows.first { $0.step == 16 }?.validationAccuracy)
    }

    @Test func aRowWithoutACompletionIsRefused() throws {
        let site = try Self.site()
        var request = try Self.request()
        request.dataset = try Samples.dataset(
            bodies: ["a", "b", "c"],
            stars: ["1", "2", ""],
            name: "gaps",
            format: .completion(
                prompt: PromptTemplate("{{body}}"),
                completion: PromptTemplate("{{stars}}")
            )
        )
        request.validation = nil
        let error = diagnostic { _ = try site.runner.run(request) }
        #expect(error?.code == "bad-example")
        #expect(error?.message == "the completion of example 3 has no token to learn")
    }

    @Test func aTunedModelsNameCannotBeABaseModels() throws {
        let site = try Self.site()
        var request = try Self.request()
        request.name = "tiny"
        let error = diagnostic { _ = try site.runner.prepare(request) }
        #expect(error?.message == "'tiny' is the name of a base model")
    }

    @Test func everyEpochIsAnEventWithWhatEvaluationWouldSay() throws {
        let site = try Self.site()
        var request = try Self.request()
        request.hyperparameters.learningRateMultiplier = 20
        request.hyperparameters.language.keep = .last
        let model = try site.runner.run(request).model
        let id = try #require(try site.workspace.store().jobs().first).record.id
        let said = try site.rows("SELECT message FROM event WHERE job = '\(id)' ORDER BY id")
            .flatMap(\.self).filter { $0.hasPrefix("Completed epoch ") }
        #expect(said.count == 2)
        #expect(said.first?.hasPrefix("Completed epoch 1/2: validation loss ") == true)
        let scored = try Judge(site.workspace, clock: Samples.clock)
            .score(model, on: #require(request.validation)) { _ in }
        let report = try EvaluationReport(
            model: "stars",
            dataset: "held",
            scores: scored.scores,
            seconds: 0
        )
        let last = try #require(said.last)
        let accuracy = try #require(report["accuracy"]).value
        let f1 = try #require(report["macro_f1"]).value
        #expect(
            last.hasPrefix("Completed epoch 2/2: validation loss ")
                && last.hasSuffix(
                    ", accuracy \(NumberText.percent(accuracy)), macro F1 \(NumberText.percent(f1))"
                ),
            "\(last) against \(accuracy) and \(f1)"
        )
    }

    @Test(arguments: [ModelExport.Form.adapter, .folder, .gguf, .modelfile], [1, 2])
    func cancelledExportLeavesNothing(form: ModelExport.Form, stage: Int) async throws {
        let site = try Self.site()
        let model = try site.runner.run(Self.request()).model
        let library = ModelLibrary(site.workspace)
        let out = site.folder.file("out")
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        let error = await Task {
            do {
                _ = try library.export(
                    model,
                    ModelExport(path: out + "/x", form: form),
                    on: nil,
                    isNamed: false
                ) { _, _, unit in
                    // While it is written, and while it is asked.
                    guard stage == 1 || unit == "answers" else { return }
                    withUnsafeCurrentTask { $0?.cancel() }
                }
                return nil as (any Error)?
            } catch {
                return error
            }
        }.value
        #expect(error is CancellationError, "\(String(describing: error))")
        #expect(try FileManager.default.contentsOfDirectory(atPath: out) == [])
    }

    @Test func filesThatWereChangedOrRemovedAreAnError() throws {
        let site = try JobSite()
        let folder = try TemporaryFolder()
        let copy = folder.file("model")
        try FileManager.default.copyItem(atPath: Self.tiny, toPath: copy)
        let library = ModelLibrary(site.workspace)
        _ = try library.add(copy, as: "mine", at: 1) { _, _ in }
        let configuration = copy + "/config.json"
        let text = try String(contentsOfFile: configuration, encoding: .utf8)
        try text.replacing("10000.0", with: "20000.0")
            .write(toFile: configuration, atomically: true, encoding: .utf8)
        let changed = diagnostic { _ = try library.facts(ofBase: "mine") }
        #expect(changed?.message == "'\(copy)' is not the model that was added as 'mine'")
        try FileManager.default.removeItem(atPath: copy)
        let gone = diagnostic { _ = try library.facts(ofBase: "mine") }
        #expect(gone?.code == "model-unreadable")
        #expect(try library.deleteBase("mine"))
        #expect(try library.bases().map(\.name) == ["ngram"])
    }
}
