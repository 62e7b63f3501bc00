import FettleCore
import FettleData
import FettleEvaluation
import FettleNotebook
import FettleWorkbench

/// Shows rows whose labels are likely wrong.
struct NoiseView {
    /// Rows shown on the screen when no limit is given.
    private static let usualRows = 20

    private let result: NoiseSearch.Result
    private let source: Dataset

    /// Makes a view of what was found in a dataset.
    init(_ result: NoiseSearch.Result, _ source: Dataset) {
        self.result = result
        self.source = source
    }

    private var issues: [ConfidentLearning.Issue] { result.learning.issues }

    func blocks(limit: Int?) -> [OutputBlock] {
        let total = result.scores.rows
        let errors = result.learning.estimatedErrors
        let about = NumberText.count(Int(errors.rounded()))
        let right = Double(result.scores.correct.count { $0 }) / Double(total)
        var blocks: [OutputBlock] = [
            .text(
                "\(source.name): \(NumberText.count(issues.count)) of "
                    + "\(NumberText.count(total, "label")) look wrong, about \(about) "
                    + "(\(NumberText.percent(errors / Double(total)))) by confident learning's count; models "
                    + "that had not seen them give \(NumberText.percent(right)) of the labels"
            )
        ]
        if result.skippedRows > 0 {
            let skipped = NumberText.count(result.skippedRows, "row")
            blocks.append(.warning("\(skipped) left out: the completion is null or missing"))
        }
        guard !issues.isEmpty else { return blocks }
        blocks.append(.table(table(issues.prefix(limit ?? Self.usualRows))))
        blocks.append(
            .note(
                "look at them first; 'noise … as NAME' keeps them for 'drop rows=NAME' and "
                    + "'relabel COLUMN rows=NAME'"
            )
        )
        return blocks
    }

    private func table(_ shown: ArraySlice<ConfidentLearning.Issue>) -> TextTable {
        let compiled = source.format.flatMap { try? source.compiled($0) }
        var table = TextTable(
            columns: [
                .init("#", .right), .init("label"), .init("suggested"), .init("p", .right),
                .init("p label", .right), .init("prompt"),
            ],
            rows: shown.map { issue in
                let position = result.rows[issue.row]
                return [
                    .text(String(position + 1)), .text(Judgement.bare(label(of: issue))),
                    .text(Judgement.bare(suggestion(of: issue))),
                    ErrorsView.probability(issue.probability),
                    ErrorsView.probability(issue.labelProbability),
                    .text(ErrorsView.start(of: compiled?.prompt(at: position))),
                ]
            }
        )
        if shown.count < issues.count {
            table.footer =
                "\(NumberText.count(shown.count)) of \(NumberText.count(issues.count, "row"))"
        }
        return table
    }

    private func label(of issue: ConfidentLearning.Issue) -> String {
        result.scores.classes[Int(result.scores.truth[issue.row])]
    }

    private func suggestion(of issue: ConfidentLearning.Issue) -> String {
        result.scores.labels[issue.suggested]
    }

    /// The rows with their numbers, suggestions and probabilities as columns.
    func rows(limit: Int?) throws -> Dataset {
        let wanted = issues.prefix(limit ?? issues.count)
        var findings = RowFindings(source, wanted.map { result.rows[$0.row] })
        try findings.add(labels: wanted.map { suggestion(of: $0) }, as: "suggested")
        findings.add(wanted.map(\.probability), as: "probability")
        findings.add(wanted.map(\.labelProbability), as: "probability_true")
        return findings.dataset(made: "noise")
    }

    /// The same as one object.
    var value: JSONValue {
        .object([
            .init("dataset", .string(source.name)),
            .init("rows", .integer(Int64(result.scores.rows))),
            .init("estimated_errors", .number(result.learning.estimatedErrors)),
            .init("labels", .array(result.scores.classes.map { .string($0) })),
            .init(
                "joint",
                .array(
                    result.learning.joint.map { counts in
                        .array(counts.map { .integer(Int64($0)) })
                    }
                )
            ),
            .init(
                "issues",
                .array(
                    issues.map { issue in
                        .object([
                            .init("row", .integer(Int64(result.rows[issue.row] + 1))),
                            .init("label", .string(label(of: issue))),
                            .init("suggested", .string(suggestion(of: issue))),
                            .init("probability", .number(issue.probability)),
                            .init("probability_true", .number(issue.labelProbability)),
                        ])
                    }
                )
            ),
        ])
    }
}
