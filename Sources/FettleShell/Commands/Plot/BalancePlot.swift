import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

/// How many rows have each value of a column.
enum BalancePlot: PlotKind {
    static let name = "balance"
    static let synonyms = ["classes", "distribution", "imbalance", "frequencies"]
    static let summary = "how many rows have each value of a column"
    static let names = 0...1

    static func draw(
        _ request: PlotRequest,
        in session: Session,
        _ context: Context
    ) async throws -> (plot: Plot, remarks: [OutputBlock]) {
        let source = try request.rows(in: session, context)
        let column = try Self.column(request, source)
        let summary = try ColumnSummary(of: column, in: source.frame, mostFrequent: 100_000)
        return (plot(summary, source, top: request.top), [])
    }

    /// The column that is named, or the only one of the format's completion.
    private static func column(
        _ request: PlotRequest,
        _ source: Dataset
    ) throws(Diagnostic) -> String {
        if let word = request.column {
            let names = try source.frame.columnNames([word])
            guard names.count == 1 else {
                throw expected("one column", word, for: "column")
            }
            return names[0]
        }
        let columns = source.format?.target.columns ?? []
        guard columns.count == 1 else {
            throw Diagnostic(
                "missing-argument",
                "'plot balance' needs a column, as '\(source.name)' has no format whose completion is one",
                span: request.span,
                hint: "such as: plot balance \(source.name) column=stars"
            )
        }
        return columns[0]
    }

    private static func plot(_ summary: ColumnSummary, _ source: Dataset, top: Int) -> Plot {
        let rows = source.frame.count
        var shown = Array(summary.frequent.prefix(top))
        let isNumeric = summary.kind == .integer || summary.kind == .number
        if isNumeric, shown.count == summary.frequent.count {
            shown.sort { Double($0.cell.displayText) ?? 0 < Double($1.cell.displayText) ?? 0 }
        }
        var counts = shown.map { (label: label($0.cell), count: $0.count) }
        let rest = summary.values - counts.reduce(0) { $0 + $1.count }
        if rest > 0 {
            let values = NumberText.count(summary.distinct - shown.count, "other value")
            counts.append(("(\(values))", rest))
        }
        let absent = summary.nulls + summary.missing
        if absent > 0 { counts.append(("(null or missing)", absent)) }
        let bars = counts.map { item in
            let share = NumberText.percent(Double(item.count) / Double(rows))
            return BarChart.Bar(
                item.label,
                Double(item.count),
                "\(NumberText.count(item.count)) (\(share))"
            )
        }
        let table = TextTable(
            columns: [.init(summary.name), .init("rows", .right), .init("share", .right)],
            rows: counts.map { item in
                let share = Double(item.count) / Double(rows)
                return [
                    .text(item.label), .number(Double(item.count), NumberText.count(item.count)),
                    .number(share, NumberText.percent(share)),
                ]
            }
        )
        return Plot(
            "\(source.name): \(NumberText.count(rows, "row")) by \(summary.name)",
            [.init(x: .init("rows"), y: .init(summary.name), .bars(bars))],
            figures: [.init(table)]
        )
    }

    private static func label(_ cell: Cell) -> String {
        switch cell {
        case .null: "null"
        case .missing: "·missing"
        case .text(""): "\"\""
        default: String(cell.displayText.prefix(60))
        }
    }
}
