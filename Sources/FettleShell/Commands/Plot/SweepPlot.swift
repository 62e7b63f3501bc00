import FettleCore
import FettleEvaluation
import FettleLanguage
import FettleNotebook
import FettleStore
import FettleWorkbench
import Foundation

/// The trials of a search: a learning curve where they differ in their rows alone, else parallel coordinates.
enum SweepPlot: PlotKind {
    static let name = "sweep"
    static let synonyms = ["hyperparameters", "search", "grid", "parallel", "trials"]
    static let summary = "the trials of a search by its number: settings and figure"
    static let names = 1...1

    static func draw(
        _ request: PlotRequest,
        in session: Session,
        _ context: Context
    ) async throws -> (plot: Plot, remarks: [OutputBlock]) {
        let services = context.services
        let word = request.names[0]
        guard let number = Int(word.text) else {
            throw expected("the number of a sweep, as 'sweeps' lists them", word, for: "sweep")
        }
        let (sweep, metric) = try services.sweep(number, at: word.span)
        let all = try services.workspace.store().trials(ofSweep: number)
        let measured = all.filter { $0.figure != nil }
        guard let first = measured.first else {
            throw Diagnostic(
                "no-rows",
                "sweep \(number) has no trial with a figure to draw",
                span: word.span,
                hint: "the command that began it goes on where it stopped"
            )
        }
        let view = try services.view(of: sweep, all, metric)
        let title = "sweep \(number): \(sweep.base) on \(sweep.dataset), \(metric.name)"
        let figures = view.blocks(limit: nil).compactMap { block -> Plot.Figures? in
            if case .table(let table) = block { Plot.Figures(table) } else { nil }
        }
        let isCurve = first.settings.map(\.name) == ["rows"]
        let panel =
            isCurve ? curve(measured, metric) : parallel(measured, best: sweep.best, metric)
        return (Plot(title, [panel], figures: figures), [])
    }

    /// Figures by training rows, with their intervals.
    private static func curve(_ trials: [TrialRecord], _ metric: any Metric.Type) -> Plot.Panel {
        let points = trials.sorted { $0.rows < $1.rows }.compactMap { trial in
            trial.figure.map {
                Plot.Series.Point(
                    Double(trial.rows),
                    $0.value,
                    low: $0.interval?.lowerBound,
                    high: $0.interval?.upperBound
                )
            }
        }
        return .init(
            x: .init("training rows"),
            y: .init(metric.name, isShare: metric.isShare),
            .series([.init("\(metric.name), with 95 % interval", points)])
        )
    }

    private static func parallel(
        _ trials: [TrialRecord],
        best: Int?,
        _ metric: any Metric.Type
    ) -> Plot.Panel {
        let last = trials.map(\.round).max() ?? 0
        var scales = (trials.first?.settings.map(\.name) ?? []).enumerated().map { place, name in
            Scale(name, trials.map { $0.settings[place].value })
        }
        if Set(trials.map(\.rows)).count > 1 {
            scales.append(Scale("rows", trials.map { String($0.rows) }, isCount: true))
        }
        let values = trials.compactMap(\.figure?.value)
        let (low, high) = (values.min() ?? 0, values.max() ?? 0)
        func shown(_ value: Double) -> String { SweepView.figure(value, isShare: metric.isShare) }
        let lines = trials.enumerated().map { place, trial in
            let value = trial.figure?.value ?? .nan
            let height = high > low ? (value - low) / (high - low) : 0.5
            return Plot.Parallel.Line(
                "trial \(trial.number)",
                scales.map { $0.heights[place] } + [height],
                isMarked: trial.number == best && trial.round == last
            )
        }
        let axes =
            scales.map { Plot.Parallel.Axis($0.name, low: $0.low, high: $0.high) }
            + [.init(metric.name, low: shown(low), high: shown(high))]
        return .init(
            x: .init(""),
            y: .init(""),
            .parallel(.init(axes: axes, lines: lines))
        )
    }

    /// Where the values of a setting stand on its axis: by their size where all are numbers, on a logarithmic
    /// scale where they span a factor of ten or more, else evenly in the order in which they come.
    private struct Scale {
        let name: String
        let low: String
        let high: String
        let heights: [Double]

        init(_ name: String, _ values: [String], isCount: Bool = false) {
            self.name = name
            let numbers = values.compactMap(Double.init)
            if numbers.count == values.count, let least = numbers.min(), let most = numbers.max(),
                least < most
            {
                let isLogarithmic = least > 0 && most / least >= 10
                func place(_ value: Double) -> Double { isLogarithmic ? log(value) : value }
                heights = numbers.map {
                    (place($0) - place(least)) / (place(most) - place(least))
                }
                func text(_ value: Double) -> String {
                    isCount
                        ? NumberText.count(Int(value)) : values[numbers.firstIndex(of: value) ?? 0]
                }
                (low, high) = (text(least), text(most))
                return
            }
            var order: [String] = []
            for value in values where !order.contains(value) { order.append(value) }
            heights = values.map { value in
                order.count > 1
                    ? Double(order.firstIndex(of: value) ?? 0) / Double(order.count - 1) : 0.5
            }
            low = order.first ?? ""
            high = order.last ?? ""
        }
    }
}
