import FettleCore

/// Prompts of which more than a third of the letters are upper case.
struct UpperCasePrompt: DatasetCheck {
    static let code = "upper-case-prompt"
    static let summary = "at most a third of the prompts' letters are upper case"

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        try LetterCases.findings(Self.code, examples.prompt, examples)
    }
}
