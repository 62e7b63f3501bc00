import FettleCore

/// Prompts that stand nearly the same in another part of the whole.
struct NearLeaks: DatasetCheck {
    static let code = "near-leak"
    static let summary = "no prompt stands nearly the same in another part, such as train and test"
    static let isThorough = true

    /// The most rows that a fix names one by one.
    private static let mostNamed = 100

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        guard examples.task != .openEnded else { return [] }
        let input = examples.input
        let key = RowKey.template(examples.prompt.template)
        let names = examples.prompt.template.columns
        var findings: [Finding] = []
        for part in input.otherParts where names.allSatisfy({ part.frame.position(of: $0) != nil })
        {
            let pairs = try NearLeakReport(
                of: input.frame,
                in: part.frame,
                key: key,
                threshold: input.limits.near,
                progress: input.progress
            ).pairs
            guard !pairs.isEmpty else { continue }
            findings.append(finding(pairs, input, part, key))
        }
        return findings
    }

    private func finding(
        _ pairs: [NearLeakReport.Pair],
        _ input: CheckInput,
        _ part: CheckInput.Part,
        _ key: RowKey
    ) -> Finding {
        Finding(
            Self.code,
            .warning,
            "\(NumberText.count(pairs.count, "row")) of '\(input.dataset)'"
                + (pairs.count == 1 ? " has a prompt" : " have prompts")
                + " nearly the same as in '\(part.name)': \(input.limits.near.text) or more of their"
                + " shingles are the same",
            count: pairs.count,
            rows: pairs.prefix(Finding.mostRows).map { $0.position + 1 },
            details: pairs.prefix(Finding.mostRows).map { pair in
                "row \(NumberText.count(pair.position + 1)) and row \(NumberText.count(pair.other + 1))"
                    + " of '\(part.name)': \(NumberText.decimal(pair.similarity, digits: 2)) alike"
            },
            fix: fix(pairs, input, part, key)
        )
    }

    /// The step that drops the rows; of many rows, the whole without near-duplicates, cut anew.
    private func fix(
        _ pairs: [NearLeakReport.Pair],
        _ input: CheckInput,
        _ part: CheckInput.Part,
        _ key: RowKey
    ) -> CheckFix? {
        guard pairs.count < input.frame.count else { return nil }
        if pairs.count > Self.mostNamed, let whole = Leaks.whole(of: input.dataset),
            whole == Leaks.whole(of: part.name)
        {
            return CheckFix(commands: [
                "use \(CommandText.word(whole))",
                Dedupe(key, near: input.limits.near).summary,
                "split 80/10/10" + key.setting,
            ])
        }
        let rows = RowNumbers(pairs.map { $0.position + 1 })
        return CheckFix([.step(DropRows(rows))], isAutomatic: false)
    }
}
