import FettleCore

/// Classes with so few examples that nothing can be learned of them.
struct RareClasses: DatasetCheck {
    static let code = "rare-classes"
    static let summary = "every class has enough examples to be learned at all"

    func findings(in examples: ExampleFacts) -> [Finding] {
        let least = examples.input.limits.fewestOfClass
        let rare = examples.classes.filter { $0.count < least }
        guard !rare.isEmpty else { return [] }
        let groups = Set(rare.map(\.group))
        let rows = examples.completion.rows { groups.contains($0) }
        return [
            Finding(
                Self.code,
                .warning,
                "\(NumberText.count(rare.count)) of"
                    + " \(NumberText.count(examples.classes.count, "class", plural: "classes"))"
                    + " \(rare.count == 1 ? "has" : "have") fewer than"
                    + " \(NumberText.count(least, "example")):"
                    + " \(CheckText.list(rare.map(\.withCount)))",
                count: rare.count,
                rows: rows.numbers,
                fix: rare.count == examples.classes.count ? nil : fix(groups, examples)
            )
        ]
    }

    /// The step that leaves the classes out.
    private func fix(_ groups: Set<Int>, _ examples: ExampleFacts) -> CheckFix? {
        guard let label = examples.labelColumn, let name = CheckText.column(label.name) else {
            return nil
        }
        var values: [String] = []
        for group in groups.sorted() {
            let first = Int(examples.completion.groups.first[group])
            switch label.column[Int(examples.input.frame.rows[first])] {
            case .text(let text): values.append(CheckText.literal(text))
            case .integer(let value) where value >= 0: values.append(String(value))
            default: return nil
            }
        }
        let source = "\(name) not in [\(values.joined(separator: ", "))]"
        guard let condition = try? Expression(parsing: source) else { return nil }
        return CheckFix([.step(Where(condition))], isAutomatic: false)
    }
}
