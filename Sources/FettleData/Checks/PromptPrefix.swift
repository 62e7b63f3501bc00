import FettleCore

/// A long text that all prompts begin with, such as an instruction.
struct PromptPrefix: DatasetCheck {
    static let code = "prompt-prefix"
    static let summary = "the prompts do not all begin with the same long text"

    func findings(in examples: ExampleFacts) -> [Finding] {
        guard case .completion(let template, _) = examples.input.format else { return [] }
        let prefix = CommonPrefix(examples.prompt, template, above: 12, keepsBlank: false)
        guard let prefix, let removed = prefix.removed(from: examples) else { return [] }
        return [
            Finding(
                Self.code,
                .note,
                "all prompts begin with \(CheckText.shown(prefix.text)), which a tuned model does"
                    + " not need",
                count: examples.count,
                fix: CheckFix(
                    removed.steps + removed.format { try $0.replacing(prompt: $1) },
                    of: examples.input.format
                )
            )
        ]
    }
}
