import FettleCore

/// Completions that do not begin with a blank, which most tokenizers take into the first word.
struct CompletionSpace: DatasetCheck {
    static let code = "completion-space"
    static let summary = "all completions begin with a blank"

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        guard case .completion(_, let template) = examples.input.format else { return [] }
        // Some tokenizers never take a blank into what follows it, such as a digit.
        guard !LabelTokens.areWholeWithoutBlank(examples) else { return [] }
        let part = examples.completion
        let begins = try part.texts { bytes in
            bytes.first.map { [0x20, 0x0A, 0x09, 0x0D].contains($0) } ?? false
        }
        let rows = part.rows { !begins[$0] && !part.blank[$0] }
        guard rows.count > 0 else { return [] }
        let isMixed = part.sizes.indices.contains { begins[$0] && !part.blank[$0] }
        return [
            Finding(
                Self.code,
                .warning,
                "\(NumberText.count(rows.count, "completion"))"
                    + " \(rows.count == 1 ? "does" : "do") not begin with a blank",
                count: rows.count,
                rows: rows.numbers,
                fix: try fix(template, isMixed, examples)
            )
        ]
    }

    /// A blank in the format; where some rows bring their own, it is taken off them before.
    private func fix(
        _ template: PromptTemplate,
        _ isMixed: Bool,
        _ examples: ExampleFacts
    ) throws -> CheckFix? {
        var changes: [CheckFix.Change] = []
        if isMixed, case .column(let name, _)? = template.segments.first,
            examples.input.format.uses(of: name) == 1, CheckText.isDerivable(name),
            let word = CheckText.column(name),
            try examples.input.frame.column(name).kind == .text
        {
            let cut = try Expression(parsing: "replace(\(word), '\\A\\s+', '')")
            changes.append(.step(Derive(name, cut)))
        }
        let spaced = try examples.input.format.replacing(completion: " " + template.source)
        return CheckFix(changes + [.format(spaced)], of: examples.input.format)
    }
}
