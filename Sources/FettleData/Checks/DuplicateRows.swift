import FettleCore

/// Rows whose prompt and completion are those of an earlier row.
struct DuplicateRows: DatasetCheck {
    static let code = "duplicate-rows"
    static let summary = "no prompt and completion stand twice"

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        let prompts = examples.prompt.groups.group
        let completions = examples.completion.groups.group
        let sizes = examples.prompt.sizes
        let single = sizes.count { $0 == 1 }
        guard single < prompts.count else { return [] }
        var pairs = ContentTally(reserving: prompts.count - single)
        var rows = ConcernedRows()
        for position in prompts.indices where sizes[Int(prompts[position])] > 1 {
            if position & 0xFFF == 0 { try Task.checkCancellation() }
            let pair = UInt64(prompts[position]) << 32 | UInt64(completions[position])
            let before = pairs.distinct
            pairs.add(Self.spread(pair), row: UInt32(position))
            if pairs.distinct == before { rows.add(position) }
        }
        guard rows.count > 0 else { return [] }
        return [
            Finding(
                Self.code,
                .warning,
                "\(NumberText.count(rows.count, "row")) \(rows.count == 1 ? "repeats" : "repeat")"
                    + " the prompt and completion of an earlier row",
                count: rows.count,
                rows: rows.numbers,
                fix: try fix(examples, distinct: single + pairs.distinct)
            )
        ]
    }

    /// Mixes the bits of a number so that different numbers stay different.
    private static func spread(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The columns make the same rows equal as the texts do, except for null beside the empty text and
    /// for words that move from one column to the next.
    private func fix(_ examples: ExampleFacts, distinct: Int) throws -> CheckFix? {
        let frame = examples.input.frame
        let names = examples.input.format.columns
        guard !names.isEmpty else { return nil }
        let key = RowKey.columns(names)
        // A command lists columns with commas.
        if !names.contains(where: { $0.contains(",") }),
            try RowGroups(frame, by: key).count == distinct
        {
            return CheckFix([.step(Dedupe(key))])
        }
        let parts = [examples.prompt, examples.completion].map(\.template.source)
        let whole = try PromptTemplate(parts.joined(separator: "\u{1F}"))
        return CheckFix([.step(Dedupe(.template(whole)))])
    }
}
