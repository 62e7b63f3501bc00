import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

/// Columns of numbers over another one.
enum LinesPlot: PlotKind {
    static let name = "lines"
    static let synonyms = ["line", "xy", "scatter", "chart"]
    static let summary = "columns of numbers over the first of those that column= names"
    static let names = 0...1
    /// Lines that can be told from each other.
    private static let mostLines = 6
    /// Points of a line, which is as many as a picture has room for.
    private static let mostPoints = 10_000

    static func draw(
        _ request: PlotRequest,
        in session: Session,
        _ context: Context
    ) async throws -> (plot: Plot, remarks: [OutputBlock]) {
        let source = try request.rows(in: session, context)
        guard let word = request.column else {
            throw Diagnostic(
                "missing-argument",
                "'plot lines' needs columns: one to go along, and one or more to draw",
                span: request.span,
                hint: "such as: plot lines \(source.name) column=step,loss"
            )
        }
        let names = try source.frame.columnNames([word])
        guard (2...mostLines + 1).contains(names.count) else {
            throw Diagnostic(
                "bad-value",
                "'plot lines' takes 2 to \(mostLines + 1) columns, got \(names.count)",
                span: word.span,
                hint: "the first is what the others are drawn over"
            )
        }
        guard source.frame.count <= mostPoints else {
            throw Diagnostic(
                "bad-value",
                "'\(source.name)' has \(NumberText.count(source.frame.count, "row")), and a line has at most "
                    + NumberText.count(mostPoints, "point"),
                span: request.span,
                hint: "take some: sample \(NumberText.count(mostPoints / 10))"
            )
        }
        let columns = try names.map { name in try numbers(name, source, word) }
        let series = zip(names, columns).dropFirst().map { name, values in
            let points = zip(columns[0], values).compactMap { x, y -> Plot.Series.Point? in
                x.flatMap { x in y.map { .init(x, $0) } }
            }
            return Plot.Series(name, points.sorted { $0.x < $1.x })
        }
        let title = names.count == 2 ? names[1] : ""
        let plot = Plot(
            "\(source.name): \(names.dropFirst().joined(separator: ", ")) over \(names[0])",
            [.init(x: .init(names[0]), y: .init(title), .series(series))],
            figures: [.init(table(names, columns))]
        )
        return (plot, [])
    }

    /// Returns the numbers of a column; nil where there is none.
    private static func numbers(
        _ name: String,
        _ source: Dataset,
        _ word: ArgumentWord
    ) throws(Diagnostic) -> [Double?] {
        let column = try source.frame.column(name)
        guard [.integer, .number].contains(column.kind) else {
            throw Diagnostic(
                "nothing-to-draw",
                "the column '\(name)' has no numbers",
                span: word.span,
                hint: "'columns' shows what each column holds"
            )
        }
        return (0..<source.frame.count).map { row in
            switch column[row] {
            case .integer(let value): Double(value)
            case .number(let value) where value.isFinite: value
            default: nil
            }
        }
    }

    private static func table(_ names: [String], _ columns: [[Double?]]) -> TextTable {
        TextTable(
            columns: names.map { .init($0, .right) },
            rows: (columns.first ?? []).indices.map { row in
                columns.map { column in
                    column[row].map { .number($0, NumberText.decimal($0, digits: 3)) }
                        ?? .blank
                }
            }
        )
    }
}
