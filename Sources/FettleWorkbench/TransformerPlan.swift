import FettleCore
import FettleTransformer

/// What tuning a language model will do, and why where the user left it open.
///
/// The rate, the rank and the batch are those of the measurements in which 2,000 reviews were learnt in one
/// epoch as well as by transformers and peft.
struct TransformerPlan {
    /// Most tokens of a prompt.
    static let usualPromptTokens = 128
    private static let usualRate = 1e-3
    /// The rate of weights themselves, each of which an update moves by about the rate: that of transformers'
    /// trainer.
    private static let usualRateOfWeights = 5e-5
    private static let usualBatch = 8
    private static let usualWarmup = 0.1
    /// Examples that a run shows at least, in up to ``mostEpochs`` epochs.
    private static let usualExamples = 2_000
    private static let mostEpochs = 4

    /// What is known of the run before it is planned.
    struct Facts {
        /// The tokens of each prompt.
        var lengths: [Int]
        /// The most tokens of a prompt in the model that is tuned on.
        var known: Int?
        /// The most that the model takes.
        var limit: Int
        /// What is trained.
        var part: TunedPart
        /// Whether that is what was of the model that is tuned on.
        var goesOn: Bool
        /// Whether there are examples to measure on.
        var measures: Bool
    }

    var options: TuningOptions
    let promptTokens: Int
    /// Every setting with its value, and the reason where the user left it open.
    let chosen: [ChosenSetting]

    /// Makes a plan of what the user set.
    init(_ user: Hyperparameters, _ facts: Facts) {
        let examples = facts.lengths.count
        let set = user.language
        let most = min(set.maxPromptTokens ?? facts.known ?? Self.usualPromptTokens, facts.limit)
        promptTokens = max(1, most)
        let epochs =
            user.epochs
            ?? min(Self.mostEpochs, max(1, (Self.usualExamples + examples - 1) / max(1, examples)))
        let batch = user.batchSize ?? Self.usualBatch
        let multiplier = user.learningRateMultiplier ?? 1
        let steps = (examples + batch - 1) / batch
        let (total, overflow) = steps.multipliedReportingOverflow(by: epochs)
        var options = TuningOptions()
        options.epochs = epochs
        options.batchSize = batch
        let rate = facts.part.adapter == nil ? Self.usualRateOfWeights : Self.usualRate
        options.learningRate = Float(rate * multiplier)
        options.schedule = Self.schedule(set.schedule ?? .linear)
        switch set.warmup ?? .share(Self.usualWarmup) {
        case .steps(let count): options.warmupSteps = count
        case .share(let share): options.warmupSteps = overflow ? 0 : Int(share * Double(total))
        }
        options.weightDecay = Float(set.weightDecay ?? 0)
        options.clipNorm = set.clip.map { $0 == 0 ? nil : Float($0) } ?? options.clipNorm
        options.promptLossWeight = Float(set.promptLossWeight ?? 0)
        options.groupsByLength = set.groupsByLength ?? false
        options.keepsBest = facts.measures && set.keep != .last
        options.patience = set.earlyStopping
        options.shuffles = user.shuffle != .none
        options.seed = user.seed
        options.threads = LanguageModels.threads
        self.options = options
        chosen =
            Self.common(user, options, examples: examples)
            + Self.trained(set, facts)
            + [
                ChosenSetting(
                    name: "max_prompt_tokens",
                    value: "\(promptTokens)",
                    reason: Self.promptReason(promptTokens, set.maxPromptTokens != nil, facts)
                )
            ]
            + Self.others(set)
    }

    private static func schedule(
        _ schedule: LanguageHyperparameters.Schedule
    ) -> LearningRateSchedule {
        switch schedule {
        case .linear: .linear
        case .cosine: .cosine
        case .constant: .constant
        }
    }

    private static func common(
        _ user: Hyperparameters,
        _ options: TuningOptions,
        examples: Int
    ) -> [ChosenSetting] {
        let rise = NumberText.count(options.warmupSteps, "step")
        let fall =
            switch options.schedule {
            case .linear: "falling to 0"
            case .cosine: "falling to 0 along half a cosine"
            case .constant: "staying"
            }
        let isUsual = user.language.warmup == nil
        return [
            ChosenSetting(
                name: "n_epochs",
                value: "\(options.epochs)",
                reason: user.epochs == nil
                    ? "\(NumberText.count(examples, "example")); fewer than "
                        + "\(NumberText.count(Self.usualExamples)) are shown more often" : nil
            ),
            ChosenSetting(
                name: "batch_size",
                value: "\(options.batchSize)",
                reason: user.batchSize == nil ? "what the rate was chosen for" : nil
            ),
            ChosenSetting(
                name: "learning_rate_multiplier",
                value: "\(user.learningRateMultiplier ?? 1)",
                reason: user.learningRateMultiplier == nil ? "the engine's own rate" : nil
            ),
            ChosenSetting(
                name: "learning_rate",
                value: "\(options.learningRate)",
                reason: "rising over " + (isUsual ? "the first tenth, \(rise)" : rise)
                    + ", then \(fall)"
            ),
        ]
    }

    private static func trained(
        _ set: LanguageHyperparameters,
        _ facts: Facts
    ) -> [ChosenSetting] {
        let kept = "that of the model that is tuned on"
        guard let shape = facts.part.adapter else {
            let name = facts.part.trained.rawValue
            return [
                ChosenSetting(name: "train", value: name, reason: set.train == nil ? kept : nil)
            ]
        }
        func setting(
            _ name: String,
            _ value: String,
            isSet: Bool,
            _ reason: String
        ) -> ChosenSetting {
            ChosenSetting(
                name: name,
                value: value,
                reason: isSet ? nil : facts.goesOn ? kept : reason
            )
        }
        var settings = [
            setting(
                "rank",
                "\(shape.rank)",
                isSet: set.rank != nil,
                "what the rate was chosen for"
            ),
            setting("alpha", "\(shape.alpha)", isSet: set.alpha != nil, "twice the rank"),
            setting(
                "projections",
                shape.projections.sorted().joined(separator: ","),
                isSet: set.projections != nil,
                "all of them"
            ),
        ]
        if shape.layers != nil {
            settings.append(
                setting(
                    "layers",
                    LanguageHyperparameters.text(shape.layers),
                    isSet: set.layers != nil,
                    "all of them"
                )
            )
        }
        return settings
    }

    /// What is off unless it is set, and then needs no reason.
    private static func others(_ set: LanguageHyperparameters) -> [ChosenSetting] {
        let shown: Set<String> = [
            "dropout", "schedule", "warmup", "weight_decay", "clip", "prompt_loss_weight",
            "group_by_length", "early_stopping", "metric_for_best_model",
        ]
        return set.settings.filter { shown.contains($0.name) }
    }

    private static func promptReason(_ most: Int, _ isSet: Bool, _ facts: Facts) -> String {
        let kept =
            !isSet && facts.known != nil ? "that of the model that is tuned on; " : ""
        let cut = facts.lengths.count { $0 > most }
        guard cut > 0 else {
            return kept + "the longest prompt has \(NumberText.count(facts.lengths.max() ?? 1))"
        }
        let prompts = NumberText.count(facts.lengths.count, "prompt")
        return kept + "\(NumberText.count(cut)) of \(prompts) are longer, and lose their middle"
    }

    /// Checks what the user set.
    ///
    /// - Throws: `bad-hyperparameter`.
    static func check(_ user: Hyperparameters) throws(Diagnostic) {
        guard user.shuffle != .once else {
            throw Diagnostic(
                "bad-hyperparameter",
                "shuffle is 'once', and a language model takes 'epoch' or 'none'",
                hint: "shuffle the dataset itself, and write shuffle=none"
            )
        }
    }
}
