import FettleCore

/// Completions with nothing in them that comes from a row.
struct EmptyCompletion: DatasetCheck {
    static let code = "empty-completion"
    static let summary = "every row has a completion"

    func findings(in examples: ExampleFacts) -> [Finding] {
        let rows = examples.completion.rows { examples.completion.blank[$0] }
        guard rows.count > 0 else { return [] }
        return [
            Finding(
                Self.code,
                .error,
                "\(NumberText.count(rows.count, "row")) \(rows.count == 1 ? "has" : "have") an empty"
                    + " completion",
                count: rows.count,
                rows: rows.numbers,
                fix: BlankRows.fix(examples.completion, rows.count, of: examples.count)
            )
        ]
    }
}
