import FettleCore

/// What one look at the examples found, and what is done about it.
struct PreparationStep {
    /// What is said at once.
    var remark: String?
    /// What has been done because it must be.
    var necessary: String?
    /// What the user may want.
    var proposal: Proposal?

    /// A change that the user is asked about.
    struct Proposal {
        var question: String
        /// Makes the change, and returns what is to be said of it.
        var apply: (inout PreparationPairs) -> String?

        init(question: String, apply: @escaping (inout PreparationPairs) -> String?) {
            (self.question, self.apply) = (question, apply)
        }

        init(_ question: String, _ apply: @escaping (inout PreparationPairs) -> Void) {
            self.init(question: question) {
                apply(&$0)
                return nil
            }
        }
    }
}

/// The looks at the examples, in the order of the old command line; each sees the pairs as they are before any
/// proposal is accepted.
enum PreparationSteps {
    static var all: [(PreparationPairs) throws -> PreparationStep] {
        [
            { task($0) }, { repeats($0) }, { long($0) },
            { upperCase($0.prompts, "prompt", \.prompts) },
            { upperCase($0.completions, "completion", \.completions) },
            { try promptSuffix($0) }, { promptPrefix($0) }, { completionPrefix($0) },
            { try completionSuffix($0) }, { completionSpace($0) },
        ]
    }

    private static func task(_ pairs: PreparationPairs) -> PreparationStep {
        guard pairs.task == .classification else { return PreparationStep() }
        return PreparationStep(
            remark: """
                Based on your data it seems like you're trying to fine-tune a model for classification
                - For classification, `ada` is the fast choice
                - For classification, keep a part of the data out of training to measure the model on
                """
        )
    }

    private static func repeats(_ pairs: PreparationPairs) -> PreparationStep {
        let places = pairs.repeats
        guard !places.isEmpty else { return PreparationStep() }
        return PreparationStep(
            remark: "There are \(places.count) duplicated prompt-completion sets. "
                + "These are rows: \(places)",
            proposal: .init("Remove \(places.count) duplicate rows") { pairs in
                let places = Set(pairs.repeats)
                pairs.keep { !places.contains($0) }
            }
        )
    }

    private static func long(_ pairs: PreparationPairs) -> PreparationStep {
        guard pairs.task != .openEnded else { return PreparationStep() }
        let places = pairs.long
        guard !places.isEmpty else { return PreparationStep() }
        return PreparationStep(
            remark: "There are \(places.count) examples that are very long. These are rows: "
                + "\(places)\nAn example should not have more than 2048 tokens.",
            proposal: .init(
                question: "Remove \(places.count) long examples",
                apply: { pairs in
                    let now = pairs.long
                    let dropped = Set(now)
                    pairs.keep { !dropped.contains($0) }
                    guard now != places else { return nil }
                    return "The rows of the long examples have changed by what was done before.\n"
                        + "The \(now.count) long examples to be dropped are now rows: \(now)\n"
                }
            )
        )
    }

    private static func upperCase(
        _ texts: [String],
        _ name: String,
        _ part: WritableKeyPath<PreparationPairs, [String]>
    ) -> PreparationStep {
        var (upper, lower) = (0, 0)
        for text in texts {
            for scalar in text.unicodeScalars {
                switch scalar.properties.generalCategory {
                case .uppercaseLetter: upper += 1
                case .lowercaseLetter: lower += 1
                case .modifierLetter, .otherLetter:
                    if scalar.properties.isLowercase { lower += 1 }
                default: continue
                }
            }
        }
        guard upper * 2 > lower else { return PreparationStep() }
        return PreparationStep(
            remark:
                "More than a third of your `\(name)` column/key is uppercase. Lower case tends to do "
                + "better, where the data allows it",
            proposal: .init("Lowercase all your data in column/key `\(name)`") { pairs in
                pairs[keyPath: part] = pairs[keyPath: part].map { $0.lowercased() }
            }
        )
    }

    // MARK: - What texts begin and end with

    private static func promptSuffix(
        _ pairs: PreparationPairs
    ) throws -> PreparationStep {
        guard pairs.task != .openEnded else { return PreparationStep() }
        let common = CommonText.suffix(pairs.prompts)
        guard !pairs.prompts.allSatisfy({ $0 == common }) else {
            throw PreparationFile.Refusal(
                check: "common_suffix",
                message: "All prompts are identical: `\(common)`\nLeave the prompts blank for "
                    + "open-ended generation, otherwise make them different"
            )
        }
        let hasNewline = pairs.prompts.contains { $0.unicodeScalars.contains("\n") }
        let candidates =
            (hasNewline ? [] : [" ->"]) + [
                "\n\n###\n\n", "\n\n===\n\n", "\n\n---\n\n", "\n\n===>\n\n", "\n\n--->\n\n",
            ]
        let separator = free(candidates, in: pairs.prompts) ?? "\n\n### =>\n\n"
        guard common.isEmpty else {
            return PreparationStep(
                remark: remark(on: common, of: "prompt", in: pairs.prompts, better: separator)
            )
        }
        return PreparationStep(
            remark:
                "Your data does not contain a common separator at the end of your prompts. A separator "
                + "shows the model where the completion begins",
            proposal: .init("Add a suffix separator `\(separator.onOneLine)` to all prompts") {
                pairs in
                pairs.prompts = pairs.prompts.map { $0 + separator }
            }
        )
    }

    private static func completionSuffix(
        _ pairs: PreparationPairs
    ) throws -> PreparationStep {
        guard pairs.task == .conditional else { return PreparationStep() }
        let common = CommonText.suffix(pairs.completions)
        guard !pairs.completions.allSatisfy({ $0 == common }) else {
            throw PreparationFile.Refusal(
                check: "common_suffix",
                message: "All completions are identical: `\(common)`\nMake them different, or the "
                    + "model will just repeat `\(common)`"
            )
        }
        let candidates = ["\n", ".", " END", "***", "+++", "&&&", "$$$", "@@@", "%%%"]
        let ending = free(candidates, in: pairs.completions) ?? " [END]"
        guard common.isEmpty else {
            return PreparationStep(
                remark: remark(on: common, of: "completion", in: pairs.completions, better: ending)
            )
        }
        return PreparationStep(
            remark:
                "Your data does not contain a common ending at the end of your completions. An ending "
                + "shows the model where to stop",
            proposal: .init("Add a suffix ending `\(ending.onOneLine)` to all completions") {
                pairs in
                pairs.completions = pairs.completions.map { $0 + ending }
            }
        )
    }

    private static func free(_ candidates: [String], in texts: [String]) -> String? {
        candidates.first { candidate in !texts.contains { $0.holds(candidate) } }
    }

    private static func remark(
        on suffix: String,
        of name: String,
        in texts: [String],
        better: String
    ) -> String {
        var remark = "All \(name)s end with suffix `\(suffix.onOneLine)`"
        let length = suffix.unicodeScalars.count
        if length > 10 {
            remark +=
                ". This suffix seems very long. Consider replacing with a shorter suffix, such as "
                + "`\(better.onOneLine)`"
        }
        if texts.contains(where: { String($0.unicodeScalars.dropLast(length)).holds(suffix) }) {
            remark +=
                "\n  WARNING: Some of your \(name)s contain the suffix `\(suffix)` more than once. "
                + "Choose one that stands nowhere else"
        }
        return remark
    }

    private static func promptPrefix(_ pairs: PreparationPairs) -> PreparationStep {
        let prefix = CommonText.prefix(pairs.prompts)
        guard !prefix.isEmpty, !pairs.prompts.allSatisfy({ $0 == prefix }) else {
            return PreparationStep()
        }
        var step = PreparationStep(remark: "All prompts start with prefix `\(prefix)`")
        let length = prefix.unicodeScalars.count
        guard length > 12 else { return step }
        step.remark? +=
            ". A tuned model needs no instruction and no examples before the text itself"
        step.proposal = .init("Remove prefix `\(prefix)` from all prompts") { pairs in
            pairs.prompts = pairs.prompts.map { $0.droppingScalars(length) }
        }
        return step
    }

    private static func completionPrefix(_ pairs: PreparationPairs) -> PreparationStep {
        let prefix = CommonText.prefix(pairs.completions)
        let length = prefix.unicodeScalars.count
        guard length >= 5, !pairs.completions.allSatisfy({ $0 == prefix }) else {
            return PreparationStep()
        }
        let space = prefix.unicodeScalars.first == " " ? " " : ""
        return PreparationStep(
            remark:
                "All completions start with prefix `\(prefix)`. A completion should be the output alone",
            proposal: .init("Remove prefix `\(prefix)` from all completions") { pairs in
                pairs.completions = pairs.completions.map { space + $0.droppingScalars(length) }
            }
        )
    }

    private static func completionSpace(_ pairs: PreparationPairs) -> PreparationStep {
        guard !pairs.completions.allSatisfy({ $0.unicodeScalars.first == " " }) else {
            return PreparationStep()
        }
        return PreparationStep(
            remark:
                "The completion should start with a whitespace character (` `): with it the text is the "
                + "token that the model knows best",
            proposal: .init("Add a whitespace character to the beginning of the completion") {
                pairs in
                pairs.completions = pairs.completions.map {
                    $0.unicodeScalars.first == " " ? $0 : " " + $0
                }
            }
        )
    }
}
