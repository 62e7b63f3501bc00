import FettleCore

/// Columns that no example shows.
struct ExtraColumns: DatasetCheck {
    static let code = "extra-columns"
    static let summary = "there are no columns that the format does not read"

    func findings(in examples: ExampleFacts) -> [Finding] {
        let read = Set(examples.input.format.columns)
        let extra = examples.input.frame.columnNames.filter { !read.contains($0) }
        guard !extra.isEmpty else { return [] }
        return [
            Finding(
                Self.code,
                .note,
                "the format does not read \(NumberText.count(extra.count, "column")):"
                    + " \(CheckText.list(extra))",
                count: extra.count,
                fix: read.isEmpty ? nil : CheckFix([.step(Drop(extra))], isAutomatic: false)
            )
        ]
    }
}
