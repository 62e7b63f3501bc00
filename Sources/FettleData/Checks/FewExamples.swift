import FettleCore

/// Datasets, and classes, with few examples.
struct FewExamples: DatasetCheck {
    static let code = "few-examples"
    static let summary = "there are enough examples, in all and of each class"

    func findings(in examples: ExampleFacts) -> [Finding] {
        let limits = examples.input.limits
        guard examples.count > 0 else {
            return [
                Finding(Self.code, .error, "'\(examples.input.dataset)' has no row", count: 0)
            ]
        }
        let least = limits.fewestExamples
        guard examples.count >= least else {
            return [
                Finding(
                    Self.code,
                    .warning,
                    "'\(examples.input.dataset)' has"
                        + " \(NumberText.count(examples.count, "example")), fewer than"
                        + " \(NumberText.count(least)); each doubling of them helps",
                    count: examples.count
                )
            ]
        }
        let few = examples.classes.filter { $0.count < least && $0.count >= limits.fewestOfClass }
        guard !few.isEmpty else { return [] }
        return [
            Finding(
                Self.code,
                .note,
                "\(NumberText.count(few.count)) of"
                    + " \(NumberText.count(examples.classes.count, "class", plural: "classes"))"
                    + " \(few.count == 1 ? "has" : "have") fewer than"
                    + " \(NumberText.count(least, "example")):"
                    + " \(CheckText.list(few.map(\.withCount)))",
                count: few.count
            )
        ]
    }
}
