import FettleCore

/// Completions without an ending that says where to stop.
struct CompletionEnding: DatasetCheck {
    static let code = "completion-ending"
    static let summary = "all completions that are texts end with the same short ending"

    private static let endings = [
        "\n", ".", " END", "***", "+++", "&&&", "$$$", "@@@", "%%%", " [END]",
    ]

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        guard case .completion(_, let template) = examples.input.format,
            examples.task == .conditional, examples.completion.groups.count > 1
        else { return [] }
        let ending = try Ending(examples.completion, template)
        return try ending.findings(Self.code, "completion", "ending", examples) {
            let text = try ending.suggestion(among: Self.endings) { " [END \($0)]" }
            return try examples.input.format.replacing(
                completion: ending.source(endingWith: text)
            )
        }
    }
}
