import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

/// How long the texts of columns are.
enum LengthsPlot: PlotKind {
    static let name = "lengths"
    static let synonyms = ["histogram", "sizes"]
    static let summary = "how long the texts of columns are"
    static let names = 0...1
    /// Characters that the longest text of a column has at least, unless the column is named.
    private static let longText = 40
    /// Columns that are drawn unless they are named.
    private static let mostColumns = 4

    static func draw(
        _ request: PlotRequest,
        in session: Session,
        _ context: Context
    ) async throws -> (plot: Plot, remarks: [OutputBlock]) {
        let source = try request.rows(in: session, context)
        let named = try request.column.map { word throws(Diagnostic) in
            try source.frame.columnNames([word])
        }
        var found: [(name: String, lengths: LengthSummary)] = []
        for column in named ?? source.frame.columnNames {
            let summary = try ColumnSummary(of: column, in: source.frame)
            guard summary.kind == .text, let lengths = summary.lengths else { continue }
            if named != nil || lengths.maximum > longText { found.append((column, lengths)) }
        }
        guard !found.isEmpty else {
            throw Diagnostic(
                "nothing-to-draw",
                named.map { "no texts in '\($0.joined(separator: ", "))'" }
                    ?? "no column of '\(source.name)' has a text of more than \(longText) characters",
                span: request.column?.span ?? request.span,
                hint: "'columns' shows what each column holds; name one: column=NAME"
            )
        }
        let left = named == nil ? found.count - mostColumns : 0
        let shown = left > 0 ? Array(found.prefix(mostColumns)) : found
        let remarks: [OutputBlock] =
            left > 0
            ? [.note("\(NumberText.count(left, "more column")) with long texts: column=NAME")] : []
        return (plot(shown, source), remarks)
    }

    private static func plot(
        _ columns: [(name: String, lengths: LengthSummary)],
        _ source: Dataset
    ) -> Plot {
        let panels = columns.map { column -> Plot.Panel in
            let bins = column.lengths.histogram
            let width = Double((bins.first.map { $0.upper - $0.lower }) ?? 1)
            var series = Plot.Series(
                "texts",
                style: .columns,
                bins.map { .init(Double($0.lower + $0.upper) / 2, Double($0.count)) }
            )
            series.width = width
            let median = NumberText.count(column.lengths.median)
            let long = NumberText.count(column.lengths.percentile95)
            return .init(
                "\(column.name): median \(median), 95 % up to \(long) characters",
                x: .init("characters"),
                y: .init("rows", holdsZero: true),
                .series([series])
            )
        }
        let figures = columns.map { column in
            Plot.Figures(
                TextTable(
                    columns: [
                        .init("from", .right), .init("below", .right), .init("rows", .right),
                    ],
                    rows: column.lengths.histogram.map { bin in
                        [bin.lower, bin.upper, bin.count].map {
                            .number(Double($0), NumberText.count($0))
                        }
                    }
                ),
                heading: column.name
            )
        }
        return Plot(
            "\(source.name): lengths of texts, \(NumberText.count(source.frame.count, "row"))",
            panels,
            figures: figures
        )
    }
}
