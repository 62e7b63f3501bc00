import FettleCore

/// Examples that are longer than a model takes.
struct LongExamples: DatasetCheck {
    static let code = "long-examples"
    static let summary = "no prompt and completion are too long together"

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        let (prompt, completion) = (examples.prompt, examples.completion)
        let limits = examples.input.limits
        var rows = ConcernedRows()
        var shortest = Int.max
        for position in 0..<examples.count {
            if position & 0xFF == 0 { try Task.checkCancellation() }
            let group = Int(prompt.groups.group[position])
            let other = Int(completion.groups.group[position])
            let characters = prompt.lengths[group] + completion.lengths[other]
            let isLong: Bool
            if let tokens = limits.tokens {
                let text = prompt.text(ofGroup: group) + completion.text(ofGroup: other)
                // A token stands for a byte at least, and a character is four at most.
                isLong = characters > tokens.most / 4 && tokens.count(text) > tokens.most
            } else {
                isLong = characters > limits.longestExample
            }
            guard isLong else { continue }
            rows.add(position)
            shortest = min(shortest, characters)
        }
        guard rows.count > 0 else { return [] }
        let limit =
            limits.tokens.map { NumberText.count($0.most, "token") }
            ?? NumberText.count(limits.longestExample, "character")
        return [
            Finding(
                Self.code,
                .warning,
                "\(NumberText.count(rows.count, "example"))"
                    + " \(rows.count == 1 ? "is" : "are") longer than \(limit)",
                count: rows.count,
                rows: rows.numbers,
                fix: rows.count == examples.count
                    ? nil
                    : fix(
                        examples,
                        most: limits.tokens == nil ? limits.longestExample : shortest - 1
                    )
            )
        ]
    }

    /// The step that drops longer examples, with what the templates add taken off the limit.
    private func fix(_ examples: ExampleFacts, most: Int) -> CheckFix? {
        let parts = [examples.prompt, examples.completion]
        let left = parts.reduce(most) { $0 - $1.fixedLength }
        guard let length = CheckText.length(of: parts) else { return nil }
        let source = "\(length) <= \(left)"
        guard left >= 0, let condition = try? Expression(parsing: source) else { return nil }
        return CheckFix([.step(Where(condition))])
    }
}
