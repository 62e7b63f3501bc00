import FettleCore
import FettleStore
import FettleTransformer
import Foundation
import Testing

@testable import FettleWorkbench

/// Tuning of weights themselves, rather than of an adapter beside them.
struct WeightTuningTests {
    private typealias Trained = LanguageHyperparameters.Trained

    private static let tiny = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../samples/tiny-llama").standardizedFileURL.path
    /// The weights of the tiny model, and those of its output: 267 rows of 16, and the norm's 16.
    private static let counts: [Trained: Int] = [.all: 8_960, .head: 267 * 16 + 16]

    private static func site() throws -> JobSite {
        let site = try JobSite()
        _ = try ModelLibrary(site.workspace).add(tiny, as: "tiny", at: 1) { _, _ in }
        return site
    }

    private static func request(
        _ trained: Trained?,
        on base: String = "tiny",
        name: String = "stars"
    ) throws -> JobRunner.Request {
        var hyperparameters = Hyperparameters(epochs: 4, learningRateMultiplier: 60, seed: 3)
        hyperparameters.language.train = trained
        return JobRunner.Request(
            base: base,
            dataset: try Samples.reviews(format: Samples.format),
            validation: try Samples.reviews(6, name: "held"),
            hyperparameters: hyperparameters,
            name: name
        )
    }

    private static func value(_ name: String, _ model: ModelRecord) -> String? {
        model.settings.first { $0.name == name }?.value
    }

    @Test(arguments: [LanguageHyperparameters.Trained.head, .all])
    func lossesFallAndTheModelIsThatOfItsFile(trained: LanguageHyperparameters.Trained) throws {
        let site = try Self.site()
        var losses: [Double] = []
        let model = try site.runner.run(Self.request(trained)) { losses.append($0.trainingLoss) }
            .model
        let (first, last) = (losses.prefix(4).reduce(0, +), losses.suffix(4).reduce(0, +))
        #expect(last < 0.8 * first, "\(losses)")
        #expect(Self.value("train", model) == trained.rawValue)
        #expect(Self.value("rank", model) == nil)
        let library = ModelLibrary(site.workspace)
        let opened = try library.open(model)
        #expect(opened.parameterCount == Self.counts[trained])
        let prompts: [String] = ["lovely great item 1", "awful broken item 2"]
        let scores = try opened.score(prompts[...])
        #expect(scores.count == 6)
        // The base model is as it was, and another network than the one that was tuned from it.
        let files = try LanguageFiles(
            try #require(try site.workspace.store().addedBase("tiny"))
        )
        let base = TunedModel(files, TunedAdapter(labels: opened.labels, of: files))
        #expect(try base.score(prompts[...]) != scores)
        #expect(try opened.score(prompts[...]) == scores)
    }

    @Test(arguments: [LanguageHyperparameters.Trained.head, .all])
    func aRunThatIsStoppedKeepsTheSameWeights(
        trained: LanguageHyperparameters.Trained
    ) async throws {
        let whole = try Self.site()
        let expected = try whole.runner.run(Self.request(trained))
        let site = try Self.site()
        let job = try site.runner.prepare(Self.request(trained))
        #expect(await site.cancelEarly(job) is CancellationError)
        let next = try JobSite(in: site.folder)
        let goingOn = try next.runner.prepareToResume(try next.job(job.record.id))
        let result = try next.runner.execute(goingOn) { _ in }
        #expect(try next.weights(result.model) == whole.weights(expected.model))
        #expect(result.model.settings == expected.model.settings)
    }

    @Test(arguments: [LanguageHyperparameters.Trained.head, .all])
    func tuningOnChangesTheTunedWeights(trained: LanguageHyperparameters.Trained) throws {
        let site = try Self.site()
        var before: [Double] = []
        let first = try site.runner.run(Self.request(trained)) { before.append($0.trainingLoss) }
            .model
        var losses: [Double] = []
        let second = try site.runner.run(Self.request(nil, on: "stars", name: "more")) {
            losses.append($0.trainingLoss)
        }.model
        #expect(Self.value("train", second) == trained.rawValue)
        #expect(second.parent == first.id)
        // It begins nearer to where the first ended than to where that began.
        let end = before.suffix(4).reduce(0, +) / 4
        #expect(abs(losses[0] - end) < abs(losses[0] - before[0]), "\(before) \(losses)")
        #expect(try site.weights(second) != site.weights(first))
        let error = diagnostic {
            _ = try site.runner.run(Self.request(.adapter, on: "stars", name: "third"))
        }
        #expect(
            error?.message
                == "train is adapter, and the model that is tuned on was tuned with \(trained.rawValue)"
        )
    }

    @Test(arguments: [LanguageHyperparameters.Trained.head, .all])
    func exportedModelAgreesAndHasNoAdapter(trained: LanguageHyperparameters.Trained) throws {
        let site = try Self.site()
        let model = try site.runner.run(Self.request(trained)).model
        let library = ModelLibrary(site.workspace)
        func export(
            _ name: String,
            _ form: ModelExport.Form,
            _ numbers: ModelExport.Numbers?
        ) throws -> ExportAgreement? {
            try library.export(
                model,
                ModelExport(path: site.folder.file(name), form: form, numbers: numbers),
                on: try Samples.reviews(format: Samples.format),
                isNamed: true
            ) { _, _, _ in }.agreement
        }
        for (name, form) in [("folder", ModelExport.Form.folder), ("file.gguf", .gguf)] {
            let agreement = try #require(try export(name, form, .f32))
            #expect(agreement.differences.isEmpty)
            #expect(agreement.furthest < 1e-5)
            // What was written is a base model that answers as the tuned one does.
            _ = try library.add(site.folder.file(name), as: form.rawValue, at: 1) { _, _ in }
            let record = try #require(try site.workspace.store().addedBase(form.rawValue))
            let files = try LanguageFiles(record)
            let opened = try library.open(model)
            let written = TunedModel(files, TunedAdapter(labels: opened.labels, of: files))
            let prompts: [String] = ["lovely great item 1", "awful broken item 2"]
            let pairs = zip(try opened.score(prompts[...]), try written.score(prompts[...]))
            #expect(pairs.allSatisfy { abs($0 - $1) < 1e-4 })
        }
        let error = diagnostic { _ = try export("adapter", .adapter, nil) }
        #expect(error?.message == "'stars' has no form 'adapter', expected folder, gguf, modelfile")
        #expect(
            error?.hints == [
                "only what was tuned with train=adapter has an adapter; write the whole model: "
                    + "model export stars FILE.gguf"
            ]
        )
    }

    @Test func settingsOfAnAdapterAreRefusedBeforeAJobIsMade() throws {
        let site = try Self.site()
        var request = try Self.request(.all)
        request.hyperparameters.language.rank = 4
        let error = diagnostic { _ = try site.runner.prepare(request) }
        #expect(error?.message == "rank is a setting of adapters, and train is all")
        #expect(error?.hints == ["leave rank out, or tune an adapter: train=adapter"])
        #expect(try site.workspace.store().jobs().isEmpty)
    }

    @Test func whatDoesNotFitIsRefusedWithTheFigures() throws {
        let site = try Self.site()
        var request = try Self.request(.all)
        request.hyperparameters.language.memory = 100_000
        let error = diagnostic { _ = try site.runner.run(request) }
        #expect(error?.code == "out-of-memory")
        #expect(error?.message.hasPrefix("tuning 'tiny' takes about ") == true)
        #expect(
            error?.message.hasSuffix(", and 100 kB are allowed") == true,
            "\(error?.message ?? "")"
        )
        #expect(
            error?.hints == [
                "allow more with memory=, or tune an adapter, which takes much less: train=adapter"
            ]
        )
    }

    @Test func trainedNumbersCountWithTheirMoments() throws {
        let site = try Self.site()
        let record = try #require(try site.workspace.store().addedBase("tiny"))
        let files = try LanguageFiles(record)
        var options = TuningOptions()
        func estimate(_ purpose: TransformerNetwork.Purpose) -> MemoryEstimate {
            MemoryEstimate(
                tuning: files.configuration,
                purpose: purpose,
                options: options,
                longest: 40
            )
        }
        let all = estimate(.allWeights)
        // The matrices and the table, without the norms: four bytes of each number, of its two moments, of two
        // threads' gradients, and of what is saved.
        #expect(all.trained == (Self.counts[.all, default: 0] - 5 * 16) * 4 * 6)
        #expect(all.weights == 0)
        #expect(estimate(.head).trained == 267 * 16 * 4 * 6)
        options.keepsBest = true
        #expect(estimate(.head).trained == 267 * 16 * 4 * 7)
    }
}
