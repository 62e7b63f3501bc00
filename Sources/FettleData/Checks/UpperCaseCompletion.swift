import FettleCore

/// Completions of which more than a third of the letters are upper case.
struct UpperCaseCompletion: DatasetCheck {
    static let code = "upper-case-completion"
    static let summary = "at most a third of the completions' letters are upper case"

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        try LetterCases.findings(Self.code, examples.completion, examples)
    }
}
