/// Looks for one kind of fault in the examples of a dataset.
protocol DatasetCheck: Sendable {
    /// The stable name of its findings; kebab-case.
    static var code: String { get }
    /// What it looks for, one line.
    static var summary: String { get }
    /// Whether it takes long, so that it is left out where data are only about to be used.
    static var isThorough: Bool { get }

    init()

    /// Returns what it finds.
    ///
    /// - Throws: `CancellationError` when the task was cancelled.
    func findings(in examples: ExampleFacts) throws -> [Finding]
}

extension DatasetCheck {
    /// Most checks are done in a moment.
    static var isThorough: Bool { false }
}

/// The catalogue of checks.
enum DatasetChecks {
    /// All checks in the order in which their fixes are applied: rows are dropped before texts are
    /// changed, so that what is dropped decides about no text; one line a check.
    static let all: [any DatasetCheck.Type] = [
        EmptyCompletion.self,
        EmptyPrompt.self,
        AbsentCells.self,
        DuplicateRows.self,
        ContradictoryLabels.self,
        Leaks.self,
        NearDuplicateRows.self,
        NearLeaks.self,
        PersonalData.self,
        LongExamples.self,
        LengthOutliers.self,
        MixedLanguages.self,
        IdenticalTexts.self,
        UpperCasePrompt.self,
        UpperCaseCompletion.self,
        PromptPrefix.self,
        CompletionPrefix.self,
        PromptSeparator.self,
        CompletionEnding.self,
        CompletionSpace.self,
        LabelTokens.self,
        RareClasses.self,
        ClassImbalance.self,
        FewExamples.self,
        TaskKind.self,
        ExtraColumns.self,
    ]
}
