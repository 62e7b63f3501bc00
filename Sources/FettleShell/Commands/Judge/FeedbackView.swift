import FettleCore
import FettleEvaluation
import FettleNotebook
import FettleWorkbench

/// Shows feedback as blocks.
enum FeedbackView {
    static func blocks(
        _ report: FeedbackReport,
        _ model: String,
        _ stretches: [FeedbackReport.Stretch],
        _ shift: DistributionShift?,
        _ sides: (String, String)
    ) -> [OutputBlock] {
        let kept = NumberText.count(report.recorded, "prediction")
        var blocks: [OutputBlock] = [
            .text("\(model): \(kept) kept, \(NumberText.count(report.judged.count)) judged")
        ]
        if report.judged.isEmpty {
            blocks.append(
                .note(
                    "programs say what is right with POST /v1/fettle/feedback {\"id\": …, \"label\": …}"
                )
            )
        } else {
            blocks.append(.table(accuracy(stretches + (stretches.count > 1 ? [report.total] : []))))
        }
        guard let shift else {
            blocks.append(.note("too few predictions to compare"))
            return blocks
        }
        blocks += [.text("\n"), .table(distribution(shift, sides)), .text(drift(shift, sides))]
        return blocks
    }

    private static func accuracy(_ stretches: [FeedbackReport.Stretch]) -> TextTable {
        TextTable(
            columns: [
                .init("judged answers"), .init("count", .right), .init("right", .right),
                .init("accuracy", .right), .init("95 % from", .right), .init("to", .right),
            ],
            rows: stretches.map { stretch in
                let accuracy = stretch.accuracy
                let interval = accuracy.interval ?? 0...1
                return [
                    .text(stretch.name),
                    .number(Double(stretch.judged), NumberText.count(stretch.judged)),
                    .number(Double(stretch.right), NumberText.count(stretch.right)),
                    .number(accuracy.value, NumberText.percent(accuracy.value)),
                    .number(interval.lowerBound, NumberText.percent(interval.lowerBound)),
                    .number(interval.upperBound, NumberText.percent(interval.upperBound)),
                ]
            }
        )
    }

    private static func distribution(
        _ shift: DistributionShift,
        _ sides: (String, String)
    ) -> TextTable {
        TextTable(
            columns: [.init("label"), .init(sides.0, .right), .init(sides.1, .right)],
            rows: shift.shares.map { share in
                let first = Double(share.first) / Double(shift.firstTotal)
                let second = Double(share.second) / Double(shift.secondTotal)
                return [
                    .text(share.label), .number(first, NumberText.percent(first)),
                    .number(second, NumberText.percent(second)),
                ]
            }
        )
    }

    private static func drift(_ shift: DistributionShift, _ sides: (String, String)) -> String {
        var text =
            "drift from \(sides.0) to \(sides.1): total variation \(NumberText.percent(shift.distance))"
        if let p = shift.p {
            text +=
                ", chi-square \(NumberText.decimal(shift.chiSquare, digits: 2)) with "
                + "\(NumberText.count(shift.degrees, "degree")) of freedom, \(NumberText.pValue(p))"
        }
        return text
    }

    static func json(
        _ report: FeedbackReport,
        _ stretches: [FeedbackReport.Stretch],
        _ shift: DistributionShift?,
        _ sides: (String, String)
    ) -> JSONValue {
        .object([
            .init("model", .string(report.model)),
            .init("recorded", .integer(Int64(report.recorded))),
            .init("judged", .integer(Int64(report.judged.count))),
            .init("right", .integer(Int64(report.right))),
            .init(
                "accuracy",
                report.judged.isEmpty
                    ? .null : .number(Double(report.right) / Double(report.judged.count))
            ),
            .init("stretches", .array(stretches.map(json))),
            .init("drift", shift.map { json($0, sides) } ?? .null),
        ])
    }

    private static func json(_ stretch: FeedbackReport.Stretch) -> JSONValue {
        let accuracy = stretch.accuracy
        return .object([
            .init("name", .string(stretch.name)),
            .init("judged", .integer(Int64(stretch.judged))),
            .init("right", .integer(Int64(stretch.right))),
            .init("accuracy", .number(accuracy.value)),
            .init("low", .number(accuracy.interval?.lowerBound ?? 0)),
            .init("high", .number(accuracy.interval?.upperBound ?? 1)),
        ])
    }

    private static func json(_ shift: DistributionShift, _ sides: (String, String)) -> JSONValue {
        .object([
            .init("from", .string(sides.0)), .init("to", .string(sides.1)),
            .init("total_variation", .number(shift.distance)),
            .init("chi_square", .number(shift.chiSquare)),
            .init("degrees", .integer(Int64(shift.degrees))),
            .init("p", shift.p.map { .number($0) } ?? .null),
            .init(
                "shares",
                .array(
                    shift.shares.map { share in
                        .object([
                            .init("label", .string(share.label)),
                            .init("from", .integer(Int64(share.first))),
                            .init("to", .integer(Int64(share.second))),
                        ])
                    }
                )
            ),
        ])
    }
}
