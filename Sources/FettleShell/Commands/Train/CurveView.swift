import FettleCore
import FettleNotebook

/// Draws the curves of training jobs.
enum CurveView {
    /// A job's part in the picture.
    struct Run {
        var name: String
        var heading: String
        var points: [CurvePoint]

        init(_ name: String, _ heading: String, _ points: [CurvePoint]) {
            self.name = name
            self.heading = heading
            self.points = points
        }
    }

    /// Returns the losses over the accuracies, the runs over each other; a run that is named twice has its place
    /// with its name.
    static func plot(_ runs: [Run]) -> Plot {
        var groups: [String?] = runs.count == 1 ? [nil] : []
        for run in runs where runs.count > 1 {
            let isTaken = groups.contains(run.name)
            groups.append(isTaken ? "\(groups.count + 1): \(run.name)" : run.name)
        }
        let loss = zip(runs, groups).flatMap { run, group in
            [
                series("training", group, run.points) { $0.trainingLoss },
                series("validation", group, run.points, \.validationLoss),
            ]
        }
        let accuracy = zip(runs, groups).flatMap { run, group in
            [
                series("training", group, run.points) { $0.trainingAccuracy },
                series("validation", group, run.points, \.validationAccuracy),
            ]
        }
        let others = runs.dropLast().map(\.name).joined(separator: ", ")
        let last = runs.last?.name ?? ""
        let names = others.isEmpty ? last : "\(others) and \(last)"
        var plot = Plot(
            "Loss and accuracy of \(names) by step",
            [
                .init(
                    x: .init("step"),
                    y: .init("loss (nats)"),
                    .series(loss.filter { !$0.points.isEmpty })
                ),
                .init(
                    x: .init("step"),
                    y: .init("accuracy", isShare: true),
                    .series(accuracy.filter { !$0.points.isEmpty })
                ),
            ],
            figures: zip(runs, groups).map { run, group in
                .init(table(run.points), heading: run.heading, group: group)
            }
        )
        plot.isTableInText = true
        return plot
    }

    private static func table(_ points: [CurvePoint]) -> TextTable {
        TextTable(
            columns: [
                .init("step", .right), .init("examples", .right), .init("loss", .right),
                .init("validation loss", .right), .init("accuracy", .right),
                .init("validation accuracy", .right),
            ],
            rows: points.map { point in
                [
                    .text(NumberText.count(point.step)), .text(NumberText.count(point.examples)),
                    .number(point.trainingLoss, NumberText.decimal(point.trainingLoss, digits: 3)),
                    cell(point.validationLoss) { NumberText.decimal($0, digits: 3) },
                    .number(point.trainingAccuracy, NumberText.percent(point.trainingAccuracy)),
                    cell(point.validationAccuracy) { NumberText.percent($0) },
                ]
            }
        )
    }

    private static func series(
        _ name: String,
        _ group: String?,
        _ points: [CurvePoint],
        _ height: (CurvePoint) -> Double?
    ) -> Plot.Series {
        Plot.Series(
            name,
            group: group,
            points.compactMap { point in height(point).map { .init(Double(point.step), $0) } }
        )
    }

    private static func cell(_ value: Double?, _ shown: (Double) -> String) -> TextTable.Cell {
        value.map { .number($0, shown($0)) } ?? .blank
    }
}
