import FettleCore

/// Prompts, or completions, that are all the same.
struct IdenticalTexts: DatasetCheck {
    static let code = "identical-texts"
    static let summary = "neither all prompts nor all completions are the same"

    func findings(in examples: ExampleFacts) -> [Finding] {
        guard examples.count > 1 else { return [] }
        return [examples.prompt, examples.completion].compactMap { part in
            guard part.groups.count == 1, !part.blank[0] else { return nil }
            return Finding(
                Self.code,
                .error,
                "all \(NumberText.count(examples.count, part.name)) are the same:"
                    + " \(CheckText.shown(part.text(ofGroup: 0)))",
                count: examples.count
            )
        }
    }
}
