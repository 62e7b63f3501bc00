import FettleCore

/// Prompts that stand also in another part of the whole.
struct Leaks: DatasetCheck {
    static let code = "leak"
    static let summary = "no prompt stands also in another part, such as train and test"

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        guard examples.task != .openEnded else { return [] }
        let input = examples.input
        var findings: [Finding] = []
        let key = RowKey.template(examples.prompt.template)
        for part in input.otherParts {
            let names = examples.prompt.template.columns
            guard names.allSatisfy({ part.frame.position(of: $0) != nil }) else { continue }
            let report = try LeakReport(between: part.frame, and: input.frame, key: key)
            guard report.rowsInSecond > 0 else { continue }
            let prompts =
                report.sharedKeys == report.rowsInSecond
                ? "" : " (\(NumberText.count(report.sharedKeys, "different prompt")))"
            findings.append(
                Finding(
                    Self.code,
                    .warning,
                    "\(NumberText.count(report.rowsInSecond, "row")) of '\(input.dataset)'"
                        + (report.rowsInSecond == 1
                            ? " has a prompt that stands" : " have prompts that stand")
                        + " also in '\(part.name)'" + prompts,
                    count: report.rowsInSecond,
                    rows: report.positions.prefix(Finding.mostRows).map { $0 + 1 },
                    fix: fix(input, part, key)
                )
            )
        }
        return findings
    }

    /// Cutting the whole anew keeps equal prompts together; the whole may have another format, or none.
    private func fix(_ input: CheckInput, _ part: CheckInput.Part, _ key: RowKey) -> CheckFix? {
        guard let whole = Self.whole(of: input.dataset), whole == Self.whole(of: part.name) else {
            return nil
        }
        return CheckFix(commands: [
            "use \(CommandText.word(whole))", "split 80/10/10" + key.setting,
        ])
    }

    static func whole(of name: String) -> String? {
        name.lastIndex(of: ".").map { String(name[..<$0]) }
    }
}
