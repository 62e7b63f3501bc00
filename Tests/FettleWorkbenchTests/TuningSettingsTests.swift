import FettleCore
import FettleStore
import FettleTransformer
import Foundation
import Testing

@testable import FettleWorkbench

/// What the user sets of a language model's tuning, from the job to the model.
struct TuningSettingsTests {
    private static let tiny = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../samples/tiny-llama").standardizedFileURL.path

    private static func site() throws -> JobSite {
        let site = try JobSite()
        _ = try ModelLibrary(site.workspace).add(tiny, as: "tiny", at: 1) { _, _ in }
        return site
    }

    private static func request(
        _ base: String = "tiny",
        _ change: (inout LanguageHyperparameters) -> Void
    ) throws -> JobRunner.Request {
        var hyperparameters = Hyperparameters(epochs: 2, seed: 3)
        change(&hyperparameters.language)
        return JobRunner.Request(
            base: base,
            dataset: try Samples.reviews(format: Samples.format),
            validation: try Samples.reviews(6, name: "held"),
            hyperparameters: hyperparameters,
            name: "stars"
        )
    }

    private static func all() -> LanguageHyperparameters {
        var set = LanguageHyperparameters()
        set.rank = 4
        set.alpha = 6.5
        set.dropout = 0.1
        set.projections = ["q_proj", "v_proj"]
        set.layers = .last(1)
        set.schedule = .cosine
        set.warmup = .share(0.25)
        set.weightDecay = 0.01
        set.clip = 0
        set.maxPromptTokens = 20
        set.promptLossWeight = 0.1
        set.groupsByLength = true
        set.earlyStopping = 5
        set.bestBy = .macroF1
        set.keep = .last
        set.memory = 2_000_000_000
        return set
    }

    @Test func everySettingIsStoredWithTheJobAndReadBack() throws {
        let site = try Self.site()
        let job = try site.runner.prepare(Self.request { $0 = Self.all() })
        let stored = try site.job(job.record.id).record
        #expect(Hyperparameters(stored.settings).language == Self.all())
        #expect(
            stored.command
                == "tune tiny on reviews validate=held n_epochs=2 seed=3 rank=4 alpha=6.5 dropout=0.1 "
                + "projections=q_proj,v_proj layers=1 schedule=cosine warmup=0.25 weight_decay=0.01 clip=0 "
                + "max_prompt_tokens=20 prompt_loss_weight=0.1 group_by_length=true early_stopping=5 "
                + "metric_for_best_model=macro_f1 keep=last memory=2000000000 as stars"
        )
    }

    @Test func classWeightsAreStoredWithTheJobAndWrittenAsAWord() throws {
        let site = try Self.site()
        var request = try Self.request("ngram") { _ in }
        let weights = ClassWeights.given([.init(label: "1", weight: 2.5)])
        request.hyperparameters.classWeights = weights
        let job = try site.runner.prepare(request)
        let stored = try site.job(job.record.id).record
        #expect(Hyperparameters(stored.settings).classWeights == weights)
        #expect(
            stored.command
                == "tune ngram on reviews validate=held n_epochs=2 seed=3 class_weights=1:2.5 as stars"
        )
        var other = stored
        other.settings =
            Hyperparameters(
                classWeights: .given([.init(label: "Books, Music", weight: 2)])
            ).asSettings
        #expect(
            other.command
                == "tune ngram on reviews validate=held class_weights='Books, Music:2' as stars"
        )
    }

    @Test(arguments: [("8", "8"), ("4-29", "4-29"), ("0-0", "0-0")])
    func layersAreReadAsTheyAreWritten(text: String, shown: String) {
        #expect(LanguageHyperparameters.Layers(text)?.text == shown)
    }

    @Test(arguments: ["0", "-3", "9-4", "a", "1-2-3", "", "2-"])
    func otherTextsAreNoLayers(text: String) {
        #expect(LanguageHyperparameters.Layers(text) == nil)
    }

    @Test func chosenProjectionsAndLayersAreTunedAndKept() throws {
        let site = try Self.site()
        let result = try site.runner.run(Self.request { $0 = Self.all() })
        let library = ModelLibrary(site.workspace)
        // Rank 4 of the last layer: 16 to 16 numbers for queries, 16 to 8 for values.
        #expect(try library.open(result.model).parameterCount == 4 * (16 + 16) + 4 * (16 + 8))
        #expect(try library.open(result.model).score(["lovely great item 1"]).count == 3)
        let settings = result.model.settings
        func value(_ name: String) -> String? { settings.first { $0.name == name }?.value }
        #expect(value("layers") == "1-1")
        #expect(value("projections") == "q_proj,v_proj")
        #expect(value("max_prompt_tokens") == "20")
        #expect(value("schedule") == "cosine")
        #expect(value("keep") == nil)

        var more = try Self.request("stars") { _ in }
        more.name = "more"
        let second = try site.runner.run(more).model
        #expect(try library.open(second).parameterCount == 224)
        more.hyperparameters.language.rank = 8
        let error = diagnostic { _ = try site.runner.run(more) }
        #expect(error?.message == "rank is 8, and the model that is tuned on has 4")
    }

    @Test func valuesThatTheModelHasNotAreRefusedBeforeAJobIsMade() throws {
        let site = try Self.site()
        let cases: [(message: String, change: (inout LanguageHyperparameters) -> Void)] = [
            ("the model has no projection 'q_prj'", { $0.projections = ["q_prj"] }),
            ("layers is 3, and the model has 2 layers, 0-1", { $0.layers = .last(3) }),
            ("layers is 1-2, and the model has 2 layers, 0-1", { $0.layers = .from(1, to: 2) }),
            ("the rank is 17, 1 to 16 was expected", { $0.rank = 17 }),
        ]
        for (message, change) in cases {
            let error = diagnostic { _ = try site.runner.prepare(Self.request("tiny", change)) }
            #expect(error?.message == message)
            #expect(error?.code == "bad-hyperparameter")
        }
        let near = diagnostic {
            _ = try site.runner.prepare(Self.request { $0.projections = ["q_prj"] })
        }
        #expect(near?.hints.first == "did you mean 'q_proj'?")
        var blind = try Self.request { $0.earlyStopping = 2 }
        blind.validation = nil
        let error = diagnostic { _ = try site.runner.prepare(blind) }
        #expect(
            error?.message
                == "early_stopping needs examples to measure on, and no validation dataset was given"
        )
        #expect(try site.workspace.store().jobs().isEmpty)
    }

    @Test func builtInModelNamesTheModelsThatTakeASetting() throws {
        let site = try Self.site()
        let error = diagnostic {
            _ = try site.runner.prepare(Self.request("ngram") { $0.rank = 8 })
        }
        #expect(error?.message == "rank is a setting of language models, and 'ngram' is none")
        #expect(error?.hints == ["leave it out, or tune a language model: tiny"])
    }

    @Test func runThatIsStoppedAnywhereKeepsTheSameWeights() async throws {
        func request() throws -> JobRunner.Request {
            var request = try Self.request { $0.earlyStopping = 3 }
            request.hyperparameters.epochs = 8
            request.hyperparameters.learningRateMultiplier = 40
            return request
        }
        let whole = try Self.site()
        let expected = try whole.runner.run(request())
        let kept = expected.model.settings.first { $0.name == "keep" }
        #expect(kept?.value.hasPrefix("best, of step ") == true)

        let site = try Self.site()
        let job = try site.runner.prepare(request())
        #expect(await site.cancelEarly(job) is CancellationError)
        let next = try JobSite(in: site.folder)
        let goingOn = try next.runner.prepareToResume(try next.job(job.record.id))
        let result = try next.runner.execute(goingOn) { _ in }
        #expect(result.model.settings == expected.model.settings)
        #expect(try next.weights(result.model) == whole.weights(expected.model))
    }

    @Test func theBestIsFoundByTheMetricThatWasNamed() throws {
        let site = try Self.site()
        func best(_ by: LanguageHyperparameters.BestBy?) throws -> (step: Int?, reason: String?) {
            var request = try Self.request { $0.bestBy = by }
            request.hyperparameters.epochs = 8
            request.hyperparameters.learningRateMultiplier = 40
            request.name = nil
            let job = try site.runner.prepare(request)
            let result = try site.runner.execute(job) { _ in }
            let kept = result.model.settings.first { $0.name == "keep" }
            let rows = try site.workspace.store().metrics(ofJob: job.record.id)
            let measured = rows.filter { $0.validationLoss != nil }
            #expect(measured.count >= 8)
            guard by != .macroF1 else { return (nil, kept?.reason) }
            let first =
                by == .accuracy
                ? measured.max {
                    ($0.validationAccuracy ?? 0, -$0.step) < ($1.validationAccuracy ?? 0, -$1.step)
                }
                : measured.min {
                    ($0.validationLoss ?? 0, $0.step) < ($1.validationLoss ?? 0, $1.step)
                }
            #expect(kept?.value == "best, of step \(first?.step ?? 0)")
            let share = NumberText.percent(first?.validationAccuracy ?? 0)
            if by == .accuracy {
                #expect(kept?.reason == "the highest validation accuracy, \(share)")
            } else {
                #expect(kept?.reason?.hasPrefix("the smallest validation loss, ") == true)
            }
            return (first?.step, kept?.reason)
        }
        let (loss, accuracy, f1) = (try best(nil), try best(.accuracy), try best(.macroF1))
        #expect(loss.step != accuracy.step)
        #expect(f1.reason?.hasPrefix("the highest validation macro F1, ") == true)
    }

    @Test func aModelThatWritesFreelyIsMeasuredByItsLossOnly() {
        let error = diagnostic {
            try LanguageHyperparameters.BestBy.accuracy.check(hasLabels: false)
        }
        #expect(
            error?.message
                == "metric_for_best_model is accuracy, and a model that writes freely has no accuracy"
        )
        #expect(
            error?.hints
                == ["leave it out: the best is then that of the smallest validation loss"]
        )
    }

    @Test func valuesAreRecomputedWhereKeepingThemDoesNotFit() throws {
        let site = try Self.site()
        let record = try #require(try site.workspace.store().addedBase("tiny"))
        let files = try LanguageFiles(record)
        let shape = try LanguageHyperparameters().shape(files.configuration, from: nil)
        func fit(_ budget: Int?) throws -> (Bool, [ChosenSetting]) {
            var options = TuningOptions()
            let memory = TuningMemory(files, .adapter(shape), longest: 100, budget: budget)
            let settings = try memory.fit(&options, free: 1 << 40)
            return (options.recomputes, settings)
        }
        #expect(try fit(nil) == (false, []))
        var options = TuningOptions()
        func estimate() -> Int {
            MemoryEstimate(
                tuning: files.configuration,
                precision: .fastest,
                shape: shape,
                options: options,
                longest: 100
            ).total
        }
        let kept = estimate()
        options.recomputes = true
        let recomputed = estimate()
        #expect(recomputed < kept)
        #expect(try fit(kept).0 == false)
        let (recomputes, settings) = try fit(kept - 1)
        #expect(recomputes)
        #expect(settings.map(\.name) == ["recompute"])
        #expect(try fit(recomputed).0)
        let error = diagnostic { _ = try fit(recomputed - 1) }
        #expect(error?.code == "out-of-memory")
        #expect(error?.message.hasSuffix(" are allowed") == true)
    }
}
