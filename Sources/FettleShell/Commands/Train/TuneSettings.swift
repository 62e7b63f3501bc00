public import FettleCore
public import FettleLanguage

extension LanguageHyperparameters.Schedule: ArgumentValue {}
extension LanguageHyperparameters.Kept: ArgumentValue {}
extension LanguageHyperparameters.BestBy: ArgumentValue {}
extension LanguageHyperparameters.Trained: ArgumentValue {}

/// The settings of `tune` that only language models take.
enum TuneSettings {
    private static let section = "language models"
    private static let ending = "language models: when to end, and memory"

    static let train = Option<LanguageHyperparameters.Trained>.setting(
        "train",
        default: "adapter",
        section: section,
        help: "what is tuned: an adapter beside the weights, the output matrix, or all weights"
    )
    static let rank = Option<Int>.setting(
        "rank",
        aliases: ["lora_rank"],
        default: "16",
        section: section,
        help: "how many directions each projection's update has (LoRA)"
    )
    static let alpha = Option<Double>.setting(
        "alpha",
        aliases: ["lora_alpha"],
        default: "twice the rank",
        section: section,
        help: "updates count alpha/rank times"
    )
    static let dropout = Option<Double>.setting(
        "dropout",
        aliases: ["lora_dropout"],
        default: "0",
        section: section,
        help: "share of an update's inputs left out at random, against learning by heart"
    )
    static let projections = Option<ArgumentWord>.setting(
        "projections",
        aliases: ["target_modules"],
        default: "all",
        section: section,
        help: "which are tuned, with commas: q_proj,v_proj"
    )
    static let layers = Option<ArgumentWord>.setting(
        "layers",
        default: "all",
        section: section,
        help: "which are tuned: 8 for the last 8, or a range counted from 0, 4-29"
    )
    static let schedule = Option<LanguageHyperparameters.Schedule>.setting(
        "schedule",
        aliases: ["lr_scheduler_type"],
        default: "linear",
        section: section,
        help: "how the rate falls after its rise"
    )
    static let warmup = Option<ArgumentWord>.setting(
        "warmup",
        default: "0.1",
        section: section,
        help: "how long the rate rises: steps, or a share of the run"
    )
    static let weightDecay = Option<Double>.setting(
        "weight_decay",
        default: "0",
        section: section,
        help: "how much weights shrink at each step, times the rate (AdamW)"
    )
    static let clip = Option<Double>.setting(
        "clip",
        aliases: ["max_grad_norm"],
        default: "1",
        section: section,
        help: "the largest norm of a step's gradient; 0 for any"
    )
    static let maxPromptTokens = Option<Int>.setting(
        "max_prompt_tokens",
        default: "128",
        unit: "tokens",
        section: section,
        help: "a longer prompt loses its middle, in tuning and in use"
    )
    static let promptLossWeight = Option<Double>.setting(
        "prompt_loss_weight",
        default: "0",
        section: section,
        help: "what a prompt's token counts in the loss, where the completion's count 1"
    )
    static let groupByLength = Option<Bool>.setting(
        "group_by_length",
        default: "false",
        section: section,
        help: "put examples of like length together in a batch"
    )
    static let earlyStopping = Option<Int>.setting(
        "early_stopping",
        default: "off",
        unit: "measurements",
        section: ending,
        help: "end after so many without a better one"
    )
    static let keep = Option<LanguageHyperparameters.Kept>.setting(
        "keep",
        default: "best with validate=",
        section: ending,
        help: "which weights: those of the best measurement, or of the last step"
    )
    static let bestBy = Option<LanguageHyperparameters.BestBy>.setting(
        "metric_for_best_model",
        default: "loss",
        section: ending,
        help:
            "which figure of the validation examples says what is better, for early_stopping and keep"
    )
    static let memory = Option<ArgumentWord>.setting(
        "memory",
        default: "what is free",
        section: ending,
        help:
            "most that the run may take, such as 1.5GB; where keeping values would take more, they are "
            + "computed twice"
    )

    static let parameters: [Parameter] = [
        train.parameter, rank.parameter, alpha.parameter, dropout.parameter,
        projections.parameter, layers.parameter, schedule.parameter, warmup.parameter,
        weightDecay.parameter,
        clip.parameter, maxPromptTokens.parameter, promptLossWeight.parameter,
        groupByLength.parameter, earlyStopping.parameter, bestBy.parameter,
        keep.parameter, memory.parameter,
    ]

    /// Reads what was given.
    ///
    /// - Throws: `bad-value` with the place of the word.
    static func read(_ arguments: Arguments) throws(Diagnostic) -> LanguageHyperparameters {
        var settings = LanguageHyperparameters()
        settings.train = try arguments.value(train)
        settings.rank = try whole(rank, arguments, 1...4096)
        settings.alpha = try real(alpha, arguments, "a number of more than 0 and at most 10,000") {
            $0 > 0 && $0 <= 10_000
        }
        settings.dropout = try real(dropout, arguments, "a number of at least 0 and less than 1") {
            $0 >= 0 && $0 < 1
        }
        settings.projections = try names(arguments)
        settings.layers = try read(
            layers,
            arguments,
            "a number of layers, such as 8, a range counted from 0, such as 4-29, or all"
        ) { LanguageHyperparameters.Layers($0) }
        settings.schedule = try arguments.value(schedule)
        settings.warmup = try read(
            warmup,
            arguments,
            "a whole number of steps, or a share of the run of more than 0 and less than 1"
        ) { LanguageHyperparameters.Warmup($0) }
        settings.weightDecay = try real(weightDecay, arguments, "a number from 0 to 1") {
            (0...1).contains($0)
        }
        settings.clip = try real(clip, arguments, "0, or a number from 0.000001 to 1,000,000") {
            $0 == 0 || (1e-6...1e6).contains($0)
        }
        settings.maxPromptTokens = try whole(maxPromptTokens, arguments, 1...1_000_000)
        settings.promptLossWeight = try real(
            promptLossWeight,
            arguments,
            "a number from 0 to 1"
        ) { (0...1).contains($0) }
        settings.groupsByLength = try arguments.value(groupByLength)
        settings.earlyStopping = try whole(earlyStopping, arguments, 1...1_000_000)
        settings.bestBy = try arguments.value(bestBy)
        settings.keep = try arguments.value(keep)
        settings.memory = try read(
            memory,
            arguments,
            "an amount of memory, such as 800MB or 1.5GB"
        ) { bytes($0) }
        return settings
    }

    /// The word of an option, unless it says what none would.
    private static func given<Value>(
        _ option: Option<Value>,
        _ arguments: Arguments
    ) -> ArgumentWord? {
        arguments.word(option).flatMap { ["auto", "all", "off"].contains($0.text) ? nil : $0 }
    }

    private static func read<Value>(
        _ option: Option<ArgumentWord>,
        _ arguments: Arguments,
        _ what: String,
        _ value: (String) -> Value?
    ) throws(Diagnostic) -> Value? {
        guard let word = given(option, arguments) else { return nil }
        guard let value = value(word.text) else {
            throw expected(what, word, for: option.parameter.name)
        }
        return value
    }

    private static func whole(
        _ option: Option<Int>,
        _ arguments: Arguments,
        _ range: ClosedRange<Int>
    ) throws(Diagnostic) -> Int? {
        guard let word = given(option, arguments) else { return nil }
        guard let value = Int(word.text), range.contains(value) else {
            let words =
                "a whole number from \(NumberText.count(range.lowerBound)) to "
                + NumberText.count(range.upperBound)
            throw expected(words, word, for: option.parameter.name)
        }
        return value
    }

    private static func real(
        _ option: Option<Double>,
        _ arguments: Arguments,
        _ what: String,
        _ holds: (Double) -> Bool
    ) throws(Diagnostic) -> Double? {
        guard let word = given(option, arguments) else { return nil }
        guard let value = Double(word.text), holds(value) else {
            throw expected(what, word, for: option.parameter.name)
        }
        return value
    }

    /// The projections' names; whether the model has them is its own affair.
    private static func names(_ arguments: Arguments) throws(Diagnostic) -> [String]? {
        guard let word = given(projections, arguments) else { return nil }
        let names = word.text.split(separator: ",", omittingEmptySubsequences: false)
            .map { String($0).filter { $0 != " " } }
        guard !names.contains(""), Set(names).count == names.count else {
            throw expected(
                "names with commas, each once, such as q_proj,v_proj, or all",
                word,
                for: projections.parameter.name
            )
        }
        return names
    }

    /// Returns the bytes of an amount such as `1.5GB`, in steps of 1,000, or nil.
    private static func bytes(_ text: String) -> Int? {
        let units = ["KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12]
        let upper = text.uppercased()
        let unit = units.first { upper.hasSuffix($0.key) }
        let digits = unit == nil ? upper : String(upper.dropLast(2))
        guard let number = Double(digits), number > 0, number.isFinite else { return nil }
        let bytes = number * (unit?.value ?? 1)
        return bytes >= 1 && bytes < 1e15 ? Int(bytes) : nil
    }
}
