/// What the user may set for tuning a language model, beside what every model takes.
///
/// Nil means that the engine chooses and says why, or that it leaves the thing out.
public struct LanguageHyperparameters: Hashable, Sendable {
    /// How the learning rate goes on after the warm-up.
    public enum Schedule: String, Hashable, Sendable, CaseIterable {
        /// Down to 0 in a straight line.
        case linear
        /// Down to 0 along half a cosine.
        case cosine
        /// As it is.
        case constant
    }

    /// By what the best of the measurements on validation examples is found.
    public enum BestBy: String, Hashable, Sendable, CaseIterable {
        /// The smallest loss.
        case loss
        /// The highest share of right completions.
        case accuracy
        /// The highest mean F1 of the classes.
        case macroF1 = "macro_f1"
    }

    /// Which weights a run gives where it measures on validation examples.
    public enum Kept: String, Hashable, Sendable, CaseIterable {
        /// Those of the best measurement.
        case best
        /// Those of the last step.
        case last
    }

    /// What tuning changes.
    public enum Trained: String, Hashable, Sendable, CaseIterable {
        /// Low-rank updates beside frozen weights.
        case adapter
        /// The output matrix and the norm before it.
        case head
        /// All weights.
        case all
    }

    /// The layers that are tuned.
    public enum Layers: Hashable, Sendable {
        /// The last so many, which are next to the answer.
        case last(Int)
        /// From one to another, counted from 0.
        case from(Int, to: Int)
    }

    /// How long the learning rate rises.
    public enum Warmup: Hashable, Sendable {
        /// So many steps.
        case steps(Int)
        /// A share of the run, under 1.
        case share(Double)
    }

    /// What is tuned.
    public var train: Trained?
    /// The rank of each update.
    public var rank: Int?
    /// The updates are multiplied by alpha / rank.
    public var alpha: Double?
    /// The share of an update's inputs that training drops.
    public var dropout: Double?
    /// The projections that are tuned, by the last part of their names; nil for all.
    public var projections: [String]?
    /// The layers that are tuned; nil for all.
    public var layers: Layers?
    /// How the rate falls.
    public var schedule: Schedule?
    /// How long it rises.
    public var warmup: Warmup?
    /// AdamW's decay of weights.
    public var weightDecay: Double?
    /// The largest norm of a step's gradient; 0 for any.
    public var clip: Double?
    /// Most tokens of a prompt; a longer one loses its middle.
    public var maxPromptTokens: Int?
    /// What a prompt's token counts in the loss, where one of the completion counts 1.
    public var promptLossWeight: Double?
    /// Whether examples of like length come together.
    public var groupsByLength: Bool?
    /// After how many measurements without a better one the run ends.
    public var earlyStopping: Int?
    /// Which measurement is better than another.
    public var bestBy: BestBy?
    /// Which weights the run gives.
    public var keep: Kept?
    /// Bytes that the run may take; nil for what is free.
    public var memory: Int?

    /// Makes settings of which nothing is set.
    public init() {}
}

extension LanguageHyperparameters {
    /// The names and texts of what is set, in the order in which it is shown.
    public var settings: [ChosenSetting] {
        let all: [(String, String?)] = [
            ("train", train?.rawValue),
            ("rank", rank.map(String.init)),
            ("alpha", alpha.map(Self.text)),
            ("dropout", dropout.map(Self.text)),
            ("projections", projections.map { $0.joined(separator: ",") }),
            ("layers", layers?.text),
            ("schedule", schedule?.rawValue),
            ("warmup", warmup?.text),
            ("weight_decay", weightDecay.map(Self.text)),
            ("clip", clip.map(Self.text)),
            ("max_prompt_tokens", maxPromptTokens.map(String.init)),
            ("prompt_loss_weight", promptLossWeight.map(Self.text)),
            ("group_by_length", groupsByLength.map(String.init)),
            ("early_stopping", earlyStopping.map(String.init)),
            ("metric_for_best_model", bestBy?.rawValue),
            ("keep", keep?.rawValue),
            ("memory", memory.map(String.init)),
        ]
        return all.compactMap { name, value in value.map { ChosenSetting(name: name, value: $0) } }
    }

    /// Reads back ``settings``; what is not there is not set.
    public init(_ settings: [ChosenSetting]) {
        func value(_ name: String) -> String? { settings.first { $0.name == name }?.value }
        train = value("train").flatMap { Trained(rawValue: $0) }
        rank = value("rank").flatMap { Int($0) }
        alpha = value("alpha").flatMap { Double($0) }
        dropout = value("dropout").flatMap { Double($0) }
        projections = value("projections")?.split(separator: ",").map(String.init)
        layers = value("layers").flatMap { Layers($0) }
        schedule = value("schedule").flatMap { Schedule(rawValue: $0) }
        warmup = value("warmup").flatMap { Warmup($0) }
        weightDecay = value("weight_decay").flatMap { Double($0) }
        clip = value("clip").flatMap { Double($0) }
        maxPromptTokens = value("max_prompt_tokens").flatMap { Int($0) }
        promptLossWeight = value("prompt_loss_weight").flatMap { Double($0) }
        groupsByLength = value("group_by_length").flatMap { Bool($0) }
        earlyStopping = value("early_stopping").flatMap { Int($0) }
        bestBy = value("metric_for_best_model").flatMap { BestBy(rawValue: $0) }
        keep = value("keep").flatMap { Kept(rawValue: $0) }
        memory = value("memory").flatMap { Int($0) }
    }

    /// A number as short as it can be read back.
    static func text(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }
}

extension LanguageHyperparameters.Layers {
    /// The choice as it is written: `8`, or `4-29`.
    public var text: String {
        switch self {
        case .last(let count): "\(count)"
        case .from(let first, let last): "\(first)-\(last)"
        }
    }

    /// Reads a number of layers from 1, or a range of them; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        switch (parts.count, numbers.count) {
        case (1, 1) where numbers[0] >= 1: self = .last(numbers[0])
        case (2, 2) where numbers[0] <= numbers[1]: self = .from(numbers[0], to: numbers[1])
        default: return nil
        }
    }
}

extension LanguageHyperparameters.Warmup {
    /// The length as it is written: `20`, or `0.1`.
    public var text: String {
        switch self {
        case .steps(let count): "\(count)"
        case .share(let share): "\(share)"
        }
    }

    /// Reads a whole number of steps, or a share of more than 0 and less than 1; nil for anything else.
    public init?(_ text: String) {
        if let count = Int(text) {
            guard (0...1_000_000_000).contains(count) else { return nil }
            self = .steps(count)
        } else if let share = Double(text), share > 0, share < 1 {
            self = .share(share)
        } else {
            return nil
        }
    }
}
