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
    private static let usualBatch = 8
    /// Examples that a run shows at least, in up to ``mostEpochs`` epochs.
    private static let usualExamples = 2_000
    private static let mostEpochs = 4

    let options: TuningOptions
    let promptTokens: Int
    /// Every setting with its value, and the reason where the user left it open.
    let chosen: [ChosenSetting]

    /// Makes a plan.
    ///
    /// - Parameters:
    ///   - user: what the user set.
    ///   - lengths: the tokens of each prompt.
    ///   - known: the most tokens of a prompt in the model that is tuned on.
    ///   - limit: the most that the model takes.
    init(_ user: Hyperparameters, lengths: [Int], known: Int?, limit: Int) {
        let examples = lengths.count
        let longest = lengths.max() ?? 1
        let most = min(known ?? Self.usualPromptTokens, limit)
        promptTokens = max(1, most)
        let cut = lengths.count { $0 > most }
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
        options.learningRate = Float(Self.usualRate * multiplier)
        options.warmupSteps = overflow ? 0 : total / 10
        options.shuffles = user.shuffle != .none
        options.seed = user.seed
        options.threads = LanguageModels.threads
        self.options = options
        chosen = [
            ChosenSetting(
                name: "n_epochs",
                value: "\(epochs)",
                reason: user.epochs == nil
                    ? "\(NumberText.count(examples, "example")); fewer than "
                        + "\(NumberText.count(Self.usualExamples)) are shown more often" : nil
            ),
            ChosenSetting(
                name: "batch_size",
                value: "\(batch)",
                reason: user.batchSize == nil ? "what the rate was chosen for" : nil
            ),
            ChosenSetting(
                name: "learning_rate_multiplier",
                value: "\(multiplier)",
                reason: user.learningRateMultiplier == nil ? "the engine's own rate" : nil
            ),
            ChosenSetting(
                name: "learning_rate",
                value: "\(options.learningRate)",
                reason: "rising over the first tenth, "
                    + "\(NumberText.count(options.warmupSteps, "step")), then falling to 0"
            ),
            ChosenSetting(
                name: "lora",
                value: "rank 16, alpha 32",
                reason: "on all projections"
            ),
            ChosenSetting(
                name: "prompt_tokens",
                value: "\(promptTokens)",
                reason: Self.reason(cut, of: examples, longest: longest, isKnown: known != nil)
            ),
        ]
    }

    private static func reason(
        _ cut: Int,
        of count: Int,
        longest: Int,
        isKnown: Bool
    ) -> String {
        let kept = isKnown ? "that of the model that is tuned on; " : ""
        guard cut > 0 else { return kept + "the longest prompt has \(NumberText.count(longest))" }
        let prompts = NumberText.count(count, "prompt")
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
