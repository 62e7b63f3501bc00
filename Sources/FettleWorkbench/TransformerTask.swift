import FettleCore
import FettleModelFiles
import FettleTransformer

/// What a language model is to learn in a run, wherever it learns it: examples as tokens, and the settings with what the
/// user left open.
struct TransformerTask {
    let files: LanguageFiles
    let labels: [String]
    let text: TokenText
    var plan: TransformerPlan
    let part: TunedPart
    /// Which measurement is better than another.
    let bestBy: LanguageHyperparameters.BestBy
    /// The model that is tuned on; nil for the base model.
    let parent: TunedAdapter?
    let examples: [TuningExample]
    /// What is measured on.
    let validation: ValidationRows
    /// The weights of the classes, where these have any.
    let classWeights: ChosenSetting?

    /// Turns the examples into tokens, and chooses what the user left open.
    ///
    /// - Throws: `no-examples`, `one-class`, `bad-hyperparameter`, `bad-example`; what is wrong with the weights to go on
    ///   from; `CancellationError`.
    init(_ run: BaseModel.Run, _ files: LanguageFiles) throws {
        self.files = files
        let settings = run.hyperparameters.language
        try TransformerPlan.check(run.hyperparameters)
        try settings.check(hasValidation: !run.validation.isEmpty)
        parent = try run.weights.map { try TunedAdapter($0, of: files) }
        part = try settings.part(files.configuration, from: parent?.part)
        let set = try CompletionSet(
            run.examples.lazy.map(\.completion),
            of: files.name,
            known: parent?.labels ?? []
        )
        labels = set.isClosed ? set.names : []
        bestBy = settings.bestBy ?? .loss
        try bestBy.check(hasLabels: !labels.isEmpty)
        let weights = try run.hyperparameters.classWeights?.values(
            of: CompletionSet.counts(run.examples)
        )
        classWeights = weights.flatMap { run.hyperparameters.classWeights?.setting($0) }
        let context = files.configuration.contextLength
        // What is tuned on keeps how it reads.
        let isNewChat = run.isChat && parent == nil
        let chat = isNewChat ? try ChatText(files) : parent?.text.chat
        let whole = TokenText(files, promptTokens: context, labels: labels, chat: chat)
        var lengths: [Int] = []
        var answers: [[Int32]] = []
        for (place, example) in run.examples.enumerated() {
            if place % 256 == 0 { try Task.checkCancellation() }
            lengths.append(whole.prompt(example.prompt).count)
            answers.append(whole.label(example.completion))
            guard example.completion.isEmpty else { continue }
            throw Diagnostic(
                "bad-example",
                "the completion of example \(place + 1) has no token to learn",
                hint: "leave out rows without a completion: where COLUMN is not null"
            )
        }
        let longest = answers.map(\.count).max() ?? 0
        plan = TransformerPlan(
            run.hyperparameters,
            TransformerPlan.Facts(
                lengths: lengths,
                known: parent?.text.promptTokens,
                limit: context - longest,
                part: part,
                goesOn: parent != nil,
                measures: !run.validation.isEmpty
            )
        )
        text = TokenText(files, promptTokens: plan.promptTokens, labels: labels, chat: chat)
        var examples: [TuningExample] = []
        for (place, example) in run.examples.enumerated() {
            if place % 256 == 0 { try Task.checkCancellation() }
            examples.append(
                TuningExample(
                    prompt: text.prompt(example.prompt),
                    completion: answers[place],
                    weight: Float(weights?[example.completion] ?? 1)
                )
            )
        }
        self.examples = examples
        validation = ValidationRows(run.validation, labels: labels, text)
    }

    /// Tokens of an epoch.
    var tokenCount: Int { examples.reduce(0) { $0 + $1.tokens.count } }

    /// The steps after which the validation rows are measured.
    var measuredSteps: Set<Int> {
        validation.steps(
            epochs: plan.options.epochs,
            perEpoch: order.stepsPerEpoch,
            learnt: tokenCount
        )
    }

    /// Which examples are in which step.
    var order: ExampleOrder {
        ExampleOrder(lengths: examples.map(\.tokens.count), options: plan.options)
    }

    /// The settings, as far as they are known before the run.
    var settings: [ChosenSetting] { plan.chosen + (classWeights.map { [$0] } ?? []) }
}
