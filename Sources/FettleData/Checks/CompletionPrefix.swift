import FettleCore

/// A text that all completions begin with.
struct CompletionPrefix: DatasetCheck {
    static let code = "completion-prefix"
    static let summary = "the completions do not all begin with the same text"

    func findings(in examples: ExampleFacts) -> [Finding] {
        guard case .completion(_, let template) = examples.input.format else { return [] }
        let prefix = CommonPrefix(examples.completion, template, above: 4, keepsBlank: true)
        guard let prefix, let removed = prefix.removed(from: examples) else { return [] }
        return [
            Finding(
                Self.code,
                .warning,
                "all completions begin with \(CheckText.shown(prefix.text)), which the model only"
                    + " repeats",
                count: examples.count,
                fix: CheckFix(
                    removed.steps + removed.format { try $0.replacing(completion: $1) },
                    of: examples.input.format
                )
            )
        ]
    }
}
