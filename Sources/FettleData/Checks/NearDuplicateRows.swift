import FettleCore

/// Rows whose prompts are nearly those of earlier rows.
struct NearDuplicateRows: DatasetCheck {
    static let code = "near-duplicates"
    static let summary = "no prompt is nearly the same as another"
    static let isThorough = true

    func findings(in examples: ExampleFacts) throws -> [Finding] {
        guard examples.task != .openEnded else { return [] }
        let input = examples.input
        let near = input.limits.near
        let key = RowKey.template(examples.prompt.template)
        let found = try NearDuplicates(
            in: input.frame,
            key: key,
            threshold: near,
            progress: input.progress
        )
        let clusters = found.differing
        guard !clusters.isEmpty else { return [] }
        let rows = clusters.flatMap(\.others).sorted()
        return [
            Finding(
                Self.code,
                .note,
                "\(NumberText.count(rows.count, "row")) \(rows.count == 1 ? "has a prompt" : "have prompts")"
                    + " nearly the same as an earlier row's: \(near.text) or more of their shingles are the"
                    + " same, in \(NumberText.count(clusters.count, "cluster"))",
                count: rows.count,
                rows: rows.prefix(Finding.mostRows).map { $0 + 1 },
                groups: clusters.map { [$0.kept + 1] + $0.others.map { $0 + 1 } },
                details: clusters.prefix(Finding.mostRows).map(Self.line),
                fix: CheckFix([.step(Dedupe(key, near: near))], isAutomatic: false)
            )
        ]
    }

    private static func line(_ cluster: NearDuplicates.Cluster) -> String {
        let others = cluster.others.prefix(Finding.mostRows).map { NumberText.count($0 + 1) }
        let more =
            cluster.others.count > others.count
            ? " and \(NumberText.count(cluster.others.count - others.count)) more" : ""
        let least = cluster.others.count == 1 ? "" : "at least "
        return
            "rows \(NumberText.count(cluster.kept + 1)) and \(others.joined(separator: ", "))\(more):"
            + " \(least)\(NumberText.decimal(cluster.least, digits: 2)) alike"
    }
}
