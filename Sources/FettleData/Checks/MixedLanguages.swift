import FettleCore

/// Prompts in other languages than the commonest one.
struct MixedLanguages: DatasetCheck {
    static let code = "mixed-languages"
    static let summary = "the prompts are in one language, as far as theirs are known"
    static let isThorough = true

    /// A smaller share of prompts in other languages is no mixture, and may be a mistake of the identifier.
    private static let leastShare = 0.01

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        let frame = examples.input.frame
        let prompt = examples.prompt
        guard examples.task != .openEnded else { return [] }
        let names = prompt.template.columns
        let languages = try Self.languages(
            try ComparedTexts(.columns(names), frame, at: prompt.groups.first),
            progress: examples.input.progress
        )
        var counts: [String: Int] = [:]
        for group in prompt.groups.group { counts[languages[Int(group)], default: 0] += 1 }
        let unknown = counts.removeValue(forKey: LanguageIdentifier.unknown) ?? 0
        let ranked = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        guard let main = ranked.first else { return [] }
        let known = counts.values.reduce(0, +)
        guard Double(known - main.value) >= max(1, Double(known) * Self.leastShare) else {
            return []
        }
        let rows = prompt.rows {
            languages[$0] != main.key && languages[$0] != LanguageIdentifier.unknown
        }
        let others = ranked.dropFirst().map { "\($0.key) \(NumberText.count($0.value))" }
        return [
            Finding(
                Self.code,
                .note,
                "\(NumberText.count(main.value, "prompt")) \(main.value == 1 ? "is" : "are") in '\(main.key)' and"
                    + " \(NumberText.count(rows.count)) in other languages: \(others.joined(separator: ", "))"
                    + (unknown > 0 ? "; \(NumberText.count(unknown)) in no known one" : ""),
                count: rows.count,
                rows: rows.numbers,
                fix: fix(prompt, main.key)
            )
        ]
    }

    private static func languages(
        _ texts: ComparedTexts,
        progress: (Int, Int) -> Void
    ) throws -> [String] {
        try texts.withRaw { texts in
            var found: [String] = []
            while found.count < texts.count {
                let start = found.count
                let count = min(1 << 13, texts.count - start)
                found += try Chunks.map(rows: count, size: 1 << 8) { range in
                    let scratch = ScratchBytes(capacity: 4096)
                    return range.map { text in
                        texts.write(start + text, to: scratch)
                        return LanguageIdentifier.language(of: scratch.bytes)
                    }
                }.flatMap(\.self)
                progress(found.count, texts.count)
            }
            return found
        }
    }

    /// The step that keeps the language, and texts whose language is not known.
    private func fix(_ prompt: PartFacts, _ language: String) -> CheckFix? {
        var terms: [String] = []
        for name in prompt.template.columns {
            guard let word = CheckText.column(name),
                let kind = prompt.columns.first(where: { $0.name == name })?.column.kind
            else { return nil }
            terms.append("coalesce(\(kind == .text ? word : "text(\(word))"), '')")
        }
        let source =
            "language(\(terms.joined(separator: " + ' ' + "))) in"
            + " ['\(language)', '\(LanguageIdentifier.unknown)']"
        guard let condition = try? Expression(parsing: source) else { return nil }
        return CheckFix([.step(Where(condition))], isAutomatic: false)
    }
}
