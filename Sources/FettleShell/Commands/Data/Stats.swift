import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

struct Stats: Command {
    static let dataset = Option<ArgumentWord>.word(
        "dataset",
        required: false,
        kind: .dataset,
        default: "the current one",
        help: "what to look at"
    )
    static let by = Option<ArgumentWord>.setting(
        "by",
        kind: .columns,
        default: "columns with few values",
        help: "columns whose values are counted"
    )
    static let top = Option<Int>.setting(
        "top",
        default: "40",
        unit: "values",
        help: "how many of a column's values are shown"
    )

    static let declaration = CommandDeclaration(
        "stats",
        group: .data,
        summary: "draw the balance of classes and the lengths of texts as bars",
        parameters: [dataset.parameter, by.parameter, top.parameter],
        effect: .none,
        takesRows: true,
        examples: [
            .init("stats by=stars", "how many reviews of each star"),
            .init("stats reviews.train by=product_category top=10", "the ten commonest categories"),
            .init("stats", "columns with few values, and the lengths of the others"),
        ]
    )

    let dataset: ArgumentWord?
    let by: ArgumentWord?
    let top: Int

    init(_ arguments: Arguments) throws(Diagnostic) {
        dataset = try arguments.value(Self.dataset)
        by = try arguments.value(Self.by)
        top = max(1, try arguments.value(Self.top, or: 40))
    }

    func run(in session: inout Session, _ context: Context) async throws -> CommandOutput {
        let source = try context.source(dataset, session)
        let frame = source.frame
        let names = try by.map { word throws(Diagnostic) in try frame.columnNames([word]) }
        var blocks: [OutputBlock] = [
            .text("\(source.name): \(NumberText.count(frame.count, "row"))")
        ]
        guard frame.count > 0 else { return CommandOutput(blocks: blocks) }
        for name in names ?? frame.columnNames {
            let summary = try ColumnSummary(of: name, in: frame, mostFrequent: 1000)
            if names != nil || Self.isClass(summary) {
                blocks.append(.bars(balance(summary, frame.count)))
            } else if summary.kind == .text, let lengths = summary.lengths, lengths.maximum > 40 {
                blocks.append(.bars(Self.histogram(name, lengths)))
            }
        }
        return CommandOutput(blocks: blocks)
    }

    /// A column whose values repeat enough to be classes.
    private static func isClass(_ summary: ColumnSummary) -> Bool {
        summary.distinct >= 2 && summary.distinct <= 60 && summary.distinct * 10 <= summary.values
    }

    private func balance(_ summary: ColumnSummary, _ rows: Int) -> BarChart {
        let isNumeric = summary.kind == .integer || summary.kind == .number
        var frequent = Array(summary.frequent.prefix(top))
        if isNumeric {
            frequent.sort { Double($0.cell.displayText) ?? 0 < Double($1.cell.displayText) ?? 0 }
        }
        let bars = frequent.map { item in
            let share = NumberText.percent(Double(item.count) / Double(rows))
            return BarChart.Bar(
                Self.label(item.cell),
                Double(item.count),
                "\(NumberText.count(item.count)) (\(share))"
            )
        }
        let shown = bars.count < summary.distinct ? ", \(bars.count) shown" : ""
        return BarChart(
            title: "\(summary.name): \(NumberText.count(summary.distinct, "value"))\(shown)",
            bars: bars
        )
    }

    private static func label(_ cell: Cell) -> String {
        switch cell {
        case .null: "null"
        case .missing: "·missing"
        case .text(""): "\"\""
        default: String(cell.displayText.prefix(40))
        }
    }

    private static func histogram(_ name: String, _ lengths: LengthSummary) -> BarChart {
        BarChart(
            title: "\(name): characters, median \(NumberText.count(lengths.median)), "
                + "95 % up to \(NumberText.count(lengths.percentile95))",
            bars: lengths.histogram.map { bin in
                .init(
                    "\(bin.lower)–\(bin.upper - 1)",
                    Double(bin.count),
                    NumberText.count(bin.count)
                )
            }
        )
    }
}
