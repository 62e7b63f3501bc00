import FettleCore

/// Prompts that stand with different completions.
struct ContradictoryLabels: DatasetCheck {
    static let code = "contradictory-labels"
    static let summary = "no prompt stands with different completions"

    func findings(in examples: ExampleFacts) -> [Finding] {
        guard examples.task != .openEnded else { return [] }
        let (prompt, completion) = (examples.prompt, examples.completion)
        var label = [UInt32](repeating: .max, count: prompt.groups.count)
        var differs = [Bool](repeating: false, count: prompt.groups.count)
        for (position, group) in prompt.groups.group.enumerated() {
            let given = completion.groups.group[position]
            guard !prompt.blank[Int(group)], !completion.blank[Int(given)] else { continue }
            if label[Int(group)] == .max { label[Int(group)] = given }
            if label[Int(group)] != given { differs[Int(group)] = true }
        }
        let prompts = differs.count { $0 }
        guard prompts > 0 else { return [] }
        let rows = prompt.rows { differs[$0] }
        let isClassification = examples.task == .classification
        return [
            Finding(
                Self.code,
                isClassification ? .warning : .note,
                "\(NumberText.count(prompts, "prompt")) \(prompts == 1 ? "stands" : "stand") with"
                    + " different completions, in \(NumberText.count(rows.count, "row"))",
                count: rows.count,
                rows: rows.numbers,
                fix: CheckFix(
                    [.step(Dedupe(.template(prompt.template)))],
                    isAutomatic: isClassification
                )
            )
        ]
    }
}
