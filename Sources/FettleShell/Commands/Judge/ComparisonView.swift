import FettleCore
import FettleEvaluation
import FettleNotebook

/// Shows a comparison as blocks.
enum ComparisonView {
    static func blocks(
        _ comparison: FettleEvaluation.Comparison,
        _ costs: TrainingCosts? = nil
    ) -> [OutputBlock] {
        var models = models(comparison)
        costs?.add(to: &models)
        let rows = NumberText.count(comparison.rows, "row")
        return [
            .text("\(comparison.dataset): \(rows)"), .table(models), .text("\n"),
            .table(pairs(comparison)), .text("\n"),
        ] + comparison.pairs.map { .text("\($0.second) against \($0.first): \($0.verdict)") }
    }

    /// The models with their figures, and the tests of each against the first.
    static func tables(_ comparison: FettleEvaluation.Comparison) -> [TextTable] {
        [models(comparison), pairs(comparison)]
    }

    private static func models(_ comparison: FettleEvaluation.Comparison) -> TextTable {
        let showsTime = comparison.models.contains { $0.seconds != nil }
        var table = TextTable(
            columns: [
                .init("model"), .init("exact", .right), .init("95 %", .right),
                .init("exact ×", .right), .init("seen", .right), .init("seen ×", .right),
            ],
            rows: comparison.models.map { model in
                [
                    .text(model.name),
                    .number(model.accuracy.value, NumberText.percent(model.accuracy.value)),
                    .text(model.accuracy.interval.map(interval) ?? ""),
                    multiple(model.accuracyMultiple, digits: 2),
                    model.trainingExamples.map { .text(NumberText.count($0)) } ?? .blank,
                    multiple(model.trainingExamplesMultiple),
                ]
            }
        )
        if showsTime {
            table.columns += [.init("seconds", .right), .init("seconds ×", .right)]
            for (row, model) in comparison.models.enumerated() {
                table.rows[row] += [
                    model.seconds.map { .number($0, NumberText.decimal($0, digits: 2)) } ?? .blank,
                    multiple(model.secondsMultiple),
                ]
            }
        }
        if comparison.models.contains(where: { $0.tokens != nil }) {
            table.columns.append(.init("tokens", .right))
            for (row, model) in comparison.models.enumerated() {
                table.rows[row].append(
                    model.tokens.map { .number($0, NumberText.decimal($0, digits: 1)) } ?? .blank
                )
            }
        }
        return table
    }

    private static func pairs(_ comparison: FettleEvaluation.Comparison) -> TextTable {
        var table = TextTable(
            columns: [
                .init("against \(comparison.models[0].name)"), .init("points", .right),
                .init("95 %", .right), .init("could show", .right), .init("p", .right),
            ],
            rows: comparison.pairs.map { pair in
                [
                    .text(pair.second), points(pair.bootstrap?.difference, signed: true),
                    .text(pair.bootstrap.map { signed($0.interval) } ?? ""),
                    points(pair.smallestDifference, signed: false), probability(pair.test.p),
                ]
            }
        )
        if comparison.pairs.count > 1 {
            table.columns.append(.init("Holm's p", .right))
            for (row, pair) in comparison.pairs.enumerated() {
                table.rows[row].append(probability(pair.correctedP))
            }
        }
        return table
    }

    private static func points(_ fraction: Double?, signed: Bool) -> TextTable.Cell {
        guard let fraction else { return .blank }
        let text = NumberText.decimal(fraction * 100, digits: 1)
        return .number(fraction, signed && !text.hasPrefix("-") ? "+" + text : text)
    }

    private static func probability(_ p: Double) -> TextTable.Cell {
        let text = NumberText.pValue(p)
        return .number(p, String(text.dropFirst(text.hasPrefix("p = ") ? 4 : 2)))
    }

    /// The ends of an interval of a difference as the table shows them: `-0.7 to +2.9`.
    private static func signed(_ interval: ClosedRange<Double>) -> String {
        [interval.lowerBound, interval.upperBound].map { end in
            let text = NumberText.decimal(end * 100, digits: 1)
            return text.hasPrefix("-") ? text : "+" + text
        }.joined(separator: " to ")
    }

    /// The ends of an interval as the table shows them: `59.7–68.6 %`.
    private static func interval(_ interval: ClosedRange<Double>) -> String {
        let low = NumberText.decimal(interval.lowerBound * 100, digits: 1)
        return "\(low)–\(NumberText.percent(interval.upperBound))"
    }

    private static func multiple(_ value: Double?, digits: Int = 1) -> TextTable.Cell {
        value.map { .number($0, "\(NumberText.decimal($0, digits: digits))×") } ?? .blank
    }
}
