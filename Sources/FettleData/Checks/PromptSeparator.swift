import FettleCore

/// Prompts without a separator that says where the completion begins.
struct PromptSeparator: DatasetCheck {
    static let code = "prompt-separator"
    static let summary = "all prompts end with a short separator that stands nowhere else in them"

    private static let separators = [
        "\n\n###\n\n", "\n\n===\n\n", "\n\n---\n\n", "\n\n===>\n\n", "\n\n--->\n\n",
        "\n\n### =>\n\n",
    ]

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        guard case .completion(let template, _) = examples.input.format,
            examples.task != .openEnded, examples.prompt.groups.count > 1
        else { return [] }
        let ending = try Ending(examples.prompt, template)
        return try ending.findings(Self.code, "prompt", "separator", examples) {
            let arrow = try ending.hasNewline() ? [] : [" ->"]
            let separator = try ending.suggestion(among: arrow + Self.separators) {
                "\n\n### \($0) =>\n\n"
            }
            return try examples.input.format.replacing(
                prompt: ending.source(endingWith: separator)
            )
        }
    }
}
