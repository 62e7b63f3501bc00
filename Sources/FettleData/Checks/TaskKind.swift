import FettleCore

/// Says that the examples make a classification, of which a part should be kept to measure on.
struct TaskKind: DatasetCheck {
    static let code = "classification"
    static let summary = "a classification has a part to measure on"

    func findings(in examples: ExampleFacts) -> [Finding] {
        guard examples.task == .classification, examples.input.otherParts.isEmpty else {
            return []
        }
        var command = "split 80/10/10"
        if examples.completion.columns.count == 1, let label = examples.completion.columns.first {
            command += " by=\(CommandText.word(label.name))"
        }
        return [
            Finding(
                Self.code,
                .note,
                "\(NumberText.count(examples.classes.count, "different completion")) in"
                    + " \(NumberText.count(examples.count, "row")) make a classification; keep a"
                    + " part of the rows to measure on",
                count: examples.count,
                fix: CheckFix(commands: [command])
            )
        ]
    }
}
