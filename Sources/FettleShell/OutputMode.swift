import FettleCore
import FettleData
import FettleLanguage
import FettleNotebook
import FettleWorkbench

/// A form that a command's output can be shown in.
enum OutputMode: String, CaseIterable, ArgumentValue {
    case table, wide, json, jsonl, csv, tsv, md, plain

    /// More columns than any line of a table has.
    private static let endless = 1 << 24

    /// Returns the output in this form.
    ///
    /// - Throws: `not-a-table` when a form for programs is wanted of an output that is no table, and
    ///   `CancellationError`.
    func blocks(of output: CommandOutput) throws -> [OutputBlock] {
        switch self {
        case .table:
            return try output.wholeBlocks().map { block in
                guard case .table(var table) = block else { return block }
                table.isWhole = false
                return .table(table)
            }
        case .wide: return try texts(output) { PlainRenderer(width: Self.endless).render($0) }
        case .plain: return try texts(output, Self.bare)
        case .md:
            if let rows = output.shownRows { return try written(rows) }
            return try texts(output) { block in
                block.text(PlainRenderer(width: 80)) { table in
                    MarkdownForm.text(of: table) + (table.footer.map { "\n\($0)\n" } ?? "")
                }
            }
        case .json, .jsonl, .csv, .tsv: return try forPrograms(output)
        }
    }

    private func texts(
        _ output: CommandOutput,
        _ text: (OutputBlock) -> String
    ) throws -> [OutputBlock] {
        try output.wholeBlocks().map { .data(text($0)) }
    }

    private func forPrograms(_ output: CommandOutput) throws -> [OutputBlock] {
        if let rows = output.shownRows { return try written(rows) }
        if let value = output.value, self == .json {
            return [.data(value.text(pretty: true) + "\n")]
        }
        if let value = output.value, self == .jsonl { return [.data(value.text() + "\n")] }
        // Beside a table, fields and bars are remarks.
        let real = output.blocks.flatMap(\.realTables)
        let tables = real.isEmpty ? output.blocks.flatMap(\.tables) : real
        guard !tables.isEmpty else {
            throw Diagnostic(
                "not-a-table",
                "the output is text, which has no form '\(rawValue)'",
                hint: "forms of text: table, wide, md, plain"
            )
        }
        let form = try TableForms.named(rawValue)
        let texts = tables.map { form.text(of: $0) }
        // Several arrays are the elements of one.
        if self == .json, texts.count > 1 {
            let arrays = texts.map {
                $0.split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
            }
            return [.data("[\n" + arrays.joined(separator: ",\n") + "\n]\n")]
        }
        return [.data(texts.joined(separator: self == .jsonl ? "" : "\n"))]
    }

    private func written(_ rows: Dataset) throws -> [OutputBlock] {
        [.data(try FrameWriter(format: rawValue).text(rows.frame))]
    }

    /// Returns the cells with tabs between them, without heads; other blocks as they are.
    private static func bare(_ block: OutputBlock) -> String {
        block.text(PlainRenderer(width: endless)) { table in
            // The number before a row is none of its cells.
            let first = table.left == nil ? 0 : 1
            return table.rows.reduce(into: "") { text, row in
                text += row.dropFirst(first).map(\.bareText).joined(separator: "\t") + "\n"
            }
        }
    }
}

extension CommandOutput {
    /// The rows, when a table of the output shows them.
    var shownRows: Dataset? {
        let showsRows = blocks.contains { block in
            if case .table(let table) = block { table.left != nil } else { false }
        }
        return showsRows ? rows : nil
    }

    /// Returns the blocks with nothing left out or cut.
    func wholeBlocks() throws -> [OutputBlock] {
        var whole: [OutputBlock] = []
        for block in blocks {
            guard case .table(var table) = block else {
                whole.append(block)
                continue
            }
            if table.left != nil, let rows {
                try RowsView.showAll(rows.frame) { whole.append(.table($0)) }
            } else {
                table.isWhole = true
                whole.append(.table(table))
            }
        }
        return whole
    }
}

extension OutputBlock {
    /// The tables of a block that shows some.
    var realTables: [TextTable] {
        switch self {
        case .table(let table): [table]
        case .plot(let plot): plot.figures.map(\.table)
        default: []
        }
    }

    /// The block as tables, if it has rows and columns.
    fileprivate var tables: [TextTable] {
        switch self {
        case .table, .plot: return realTables
        case .fields(let fields):
            return [
                TextTable(
                    columns: [.init("name"), .init("value")],
                    rows: fields.map { [.text($0.label), .text($0.value)] }
                )
            ]
        case .bars(let chart): return [chart.table]
        case .text, .guide, .note, .warning, .data: return []
        }
    }

    /// Returns the block as text: its tables as `write` has them, what has none and pictures as `renderer` does.
    fileprivate func text(_ renderer: PlainRenderer, _ write: (TextTable) -> String) -> String {
        guard case .plot(let plot) = self else {
            return tables.isEmpty ? renderer.render(self) : tables.map(write).joined()
        }
        guard plot.isTableInText else { return renderer.render(self) }
        return plot.figures.reduce(into: "") { text, figures in
            text += figures.heading.map { renderer.render(.text($0)) } ?? ""
            text += write(figures.table)
        }
    }
}

extension TextTable.Cell {
    /// The cell on one line, without signs round it; what is absent keeps its sign.
    fileprivate var bareText: String {
        switch self {
        case .text(""): "\"\""
        case .text(let text), .number(_, let text): Sanitizer.line(text)
        case .null: "null"
        case .missing: "·missing"
        case .blank: ""
        }
    }
}
