import FettleCore
import Glibc

/// Classes of which one is far more frequent than another.
struct ClassImbalance: DatasetCheck {
    static let code = "class-imbalance"
    static let summary = "no class is far more frequent than another"

    func findings(in examples: ExampleFacts) -> [Finding] {
        let limits = examples.input.limits
        guard let rarest = examples.classes.first, let largest = examples.classes.last else {
            return []
        }
        let ratio = Double(largest.count) / Double(rarest.count)
        guard ratio >= limits.notedImbalance else { return [] }
        let total = Double(examples.classes.reduce(0) { $0 + $1.count })
        let entropy = examples.classes.reduce(0.0) { sum, item in
            let share = Double(item.count) / total
            return sum - share * log2(share)
        }
        let most = log2(Double(examples.classes.count))
        let rows = examples.completion.rows { $0 == rarest.group }
        return [
            Finding(
                Self.code,
                ratio >= limits.warnedImbalance ? .warning : .note,
                "class \(CheckText.shown(largest.label)) has"
                    + " \(NumberText.multiple(ratio)) as many examples as"
                    + " \(CheckText.shown(rarest.label)), the rarest of"
                    + " \(NumberText.count(examples.classes.count)) (entropy"
                    + " \(NumberText.decimal(entropy, digits: 2)) of"
                    + " \(NumberText.decimal(most, digits: 2)) bits)",
                count: rows.count,
                rows: rows.numbers,
                fix: rarest.count < limits.fewestOfClass ? nil : fix(examples)
            )
        ]
    }

    private func fix(_ examples: ExampleFacts) -> CheckFix? {
        guard let label = examples.labelColumn,
            examples.input.frame.rows.allSatisfy({
                label.column.presence(at: Int($0)) == .value
            })
        else { return nil }
        return CheckFix(
            [.step(Balance(by: label.name, .under, seed: 0))],
            isAutomatic: false
        )
    }
}
