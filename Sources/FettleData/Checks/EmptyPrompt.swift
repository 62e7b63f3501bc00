import FettleCore

/// Prompts with nothing in them that comes from a row, among others that have something.
struct EmptyPrompt: DatasetCheck {
    static let code = "empty-prompt"
    static let summary = "every row has a prompt, or none has"

    func findings(in examples: ExampleFacts) -> [Finding] {
        guard examples.task != .openEnded else { return [] }
        let rows = examples.prompt.rows { examples.prompt.blank[$0] }
        guard rows.count > 0 else { return [] }
        return [
            Finding(
                Self.code,
                .warning,
                "\(NumberText.count(rows.count, "row")) \(rows.count == 1 ? "has" : "have") an empty"
                    + " prompt",
                count: rows.count,
                rows: rows.numbers,
                fix: BlankRows.fix(examples.prompt, rows.count, of: examples.count)
            )
        ]
    }
}
