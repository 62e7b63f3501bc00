public import FettleCore
public import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench

extension ShuffleMode: ArgumentValue {}

struct Tune: Command {
    static let base = Option<ArgumentWord>.word(
        "base",
        kind: .base,
        help: "a base model, such as ngram, or a tuned model to go on from"
    )
    static let dataset = Option<ArgumentWord>.clause(
        "on",
        kind: .dataset,
        default: "the current one",
        help: "the training dataset"
    )
    static let validation = Option<ArgumentWord>.setting(
        "validate",
        aliases: ["validation"],
        kind: .dataset,
        default: "none",
        help: "the dataset to measure on during training"
    )
    static let epochs = Option<Int>.setting(
        "n_epochs",
        aliases: ["epochs"],
        default: "auto",
        unit: "passes over the data",
        help: "how often each example is shown"
    )
    static let batchSize = Option<Int>.setting(
        "batch_size",
        default: "auto",
        unit: "examples",
        help: "examples in one update of the weights"
    )
    static let rate = Option<Double>.setting(
        "learning_rate_multiplier",
        aliases: ["lr"],
        default: "auto",
        help: "factor on the engine's own learning rate"
    )
    static let shuffle = Option<ShuffleMode>.setting(
        "shuffle",
        default: "epoch",
        help: "in which order the examples are shown"
    )
    static let seed = Option<UInt64>.setting(
        "seed",
        default: "0",
        help: "seed of every random choice"
    )
    static let classWeights = Option<ArgumentWord>.setting(
        "class_weights",
        default: "all alike",
        help: "what examples of each class count in the loss: balanced, or LABEL:2,LABEL:0.5"
    )
    static let suffix = Option<ArgumentWord>.setting(
        "suffix",
        unit: "1 to 40 characters",
        help: "part of the model's id"
    )
    static let unchecked = Option<Bool>.flag("no-check", help: "do not check the examples first")
    static let yes = Option<Bool>.flag("yes", help: "spend what a provider asks for it")
    static let name = Option<ArgumentWord>.clause(
        "as",
        kind: .text,
        help: "a short name for the model"
    )

    static let declaration = CommandDeclaration(
        "tune",
        group: .train,
        summary: "train a model on the examples of a dataset",
        details: """
            The model learns to give the completion of the dataset's format after its prompt, and keeps the
            format. Tuning a tuned model goes on from its weights. Same data, settings and seed: same model.
            With class_weights=balanced each class counts n / (k × its examples), for n examples of k classes, so that
            rare ones are not passed over; the training loss shown is then the weighted one.
            A batch of a language model is gathered from passes of 256 tokens, so that a larger batch_size takes
            no more memory: there is no other setting for accumulating gradients.
            A provider's model is tuned there: the examples are uploaded once, the job is followed, and Ctrl-C ends
            the following only. What that may cost is asked about before, or allowed with --yes.
            """,
        parameters: [
            base.parameter, dataset.parameter, validation.parameter, epochs.parameter,
            batchSize.parameter, rate.parameter, shuffle.parameter, seed.parameter,
            classWeights.parameter, suffix.parameter,
            name.parameter, unchecked.parameter, yes.parameter,
        ] + ClusterOptions.ofTuning + TuneSettings.parameters,
        effect: .job,
        examples: [
            .init(
                "tune ngram on reviews.train validate=reviews.validation n_epochs=1 as first",
                "one epoch, measured on the validation part"
            ),
            .init(
                "tune stars on reviews.train n_epochs=3 as more",
                "three more epochs on a tuned model"
            ),
            .init(
                "tune ngram on reviews.train class_weights=balanced as fair",
                "rare classes count as much as frequent ones"
            ),
            .init(
                "model add samples/tiny-llama as tiny; "
                    + "tune tiny on reviews.train rank=8 projections=q_proj,v_proj as small",
                "a language model, of which two projections are tuned"
            ),
            .init(
                "model add samples/tiny-llama as mini; tune mini on reviews.train train=all as whole",
                "all weights of a small model, which is then saved whole"
            ),
        ]
    )

    let base: ArgumentWord
    let cluster: ClusterChoice
    let dataset: ArgumentWord?
    let validation: ArgumentWord?
    let hyperparameters: Hyperparameters
    let classWeights: ArgumentWord?
    let suffix: String?
    let name: String?
    let isUnchecked: Bool
    let maySpend: Bool

    init(_ arguments: Arguments) throws(Diagnostic) {
        base = try arguments.required(Self.base)
        cluster = try ClusterChoice(arguments, ClusterOptions.ofTuning)
        isUnchecked = arguments.has(Self.unchecked)
        maySpend = arguments.has(Self.yes)
        dataset = try arguments.value(Self.dataset)
        validation = try arguments.value(Self.validation)
        classWeights = try arguments.value(Self.classWeights)
        hyperparameters = Hyperparameters(
            epochs: try Self.positive(Self.epochs, arguments, atMost: 1000),
            batchSize: try Self.positive(Self.batchSize, arguments, atMost: 1 << 20),
            learningRateMultiplier: try Self.rate(arguments),
            shuffle: try arguments.value(Self.shuffle, or: .epoch),
            seed: try arguments.value(Self.seed, or: 0),
            classWeights: try classWeights.map { word throws(Diagnostic) in
                do throws(Diagnostic) {
                    return try ClassWeights(word.text)
                } catch {
                    throw error.located(at: word.span)
                }
            },
            language: try TuneSettings.read(arguments)
        )
        suffix = try arguments.value(Self.suffix).map { word throws(Diagnostic) in
            try DatasetName.checkNoKey(word)
            do throws(Diagnostic) {
                return try ModelLibrary.suffix(word.text)
            } catch {
                throw error.located(at: word.span)
            }
        }
        name = try arguments.value(Self.name).map { word throws(Diagnostic) in
            try ModelName.checked(word)
        }
    }

    private static func positive(
        _ option: Option<Int>,
        _ arguments: Arguments,
        atMost limit: Int
    ) throws(Diagnostic) -> Int? {
        guard let word = arguments.word(option), word.text != "auto" else { return nil }
        guard let value = Int(word.text), value >= 1, value <= limit else {
            throw expected(
                "a whole number from 1 to \(NumberText.count(limit)), or auto",
                word,
                for: option.parameter.name
            )
        }
        return value
    }

    private static func rate(_ arguments: Arguments) throws(Diagnostic) -> Double? {
        guard let word = arguments.word(rate), word.text != "auto" else { return nil }
        guard let value = Double(word.text), value > 0, value <= 1000 else {
            throw expected(
                "a number of more than 0 and at most 1,000, or auto",
                word,
                for: rate.parameter.name
            )
        }
        return value
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        try checkBase(context)
        let dataset = try session.dataset(dataset)
        let validation = try validation.map { word throws(Diagnostic) in try session.dataset(word) }
        let remarks =
            isUnchecked
            ? []
            : try session.checkBeforeUse(
                dataset,
                through: try parentFormat(context),
                measuredOn: validation,
                tokens: try context.services.models.tokenizer(of: base.text)
            )
        var request = JobRunner.Request(
            base: base.text,
            dataset: dataset,
            validation: validation,
            hyperparameters: hyperparameters,
            suffix: suffix,
            name: name
        )
        request.cluster = try cluster.place(context)
        if !maySpend { try await Spending.ask(about: try estimate(dataset, context), context) }
        let earlier = try name.flatMap { name throws(Diagnostic) in
            try context.services.workspace.existingStore()?.model(name)
        }
        let runner = JobRunner(context.services.workspace, clock: context.services.clock)
        var output = try await context.train(try prepared(request, runner))
        output.blocks = remarks + output.blocks
        if let earlier, earlier.name != nil {
            output.blocks.append(
                .note("the name '\(earlier.displayName)' was \(earlier.id) before")
            )
        }
        return output
    }

    private func prepared(
        _ request: JobRunner.Request,
        _ runner: JobRunner
    ) throws -> JobRunner.Prepared {
        do {
            return try runner.prepare(request)
        } catch let diagnostic as Diagnostic where diagnostic.parameter == "class_weights" {
            throw diagnostic.located(at: classWeights?.span)
        }
    }

    /// What it takes at a provider; nil for a model of this machine.
    private func estimate(_ dataset: Dataset, _ context: Context) throws -> TuningEstimate? {
        try ProviderLibrary(context.services.workspace).estimate(
            base.text,
            try parentFormat(context) ?? dataset.requiredFormat(),
            on: dataset,
            epochs: hyperparameters.epochs
        )
    }

    /// The format that a tuned model keeps; nil for a base model.
    func parentFormat(_ context: Context) throws(Diagnostic) -> PromptFormat? {
        let library = context.services.models
        return try library.base(base.text) == nil ? try library.model(base.text).format : nil
    }

    func checkBase(_ context: Context) throws(Diagnostic) {
        let library = context.services.models
        guard try library.base(base.text) == nil else { return }
        do {
            _ = try library.model(base.text)
        } catch {
            let names = try library.bases().map(\.name)
            throw error.located(at: base.span).hinting(
                "base models: " + names.joined(separator: ", ")
            )
        }
    }
}
