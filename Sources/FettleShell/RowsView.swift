import FettleCore
import FettleData
import FettleNotebook

/// Shows rows as a table.
enum RowsView {
    /// Rows shown when none are asked for.
    static let defaultCount = 10
    /// Rows of one part of a table that shows all.
    private static let rowsAtOnce = 5_000
    /// Characters of a cell that a table can show at most.
    private static let longestCell = 400

    /// Returns a table of the first rows with their numbers, from 1, and a footer when some are left out.
    ///
    /// `count` is how many were asked for; nil shows some, and `last` then shows the others.
    static func table(_ frame: Frame, first count: Int? = nil) -> TextTable {
        let shown = min(max(0, count ?? defaultCount), frame.count)
        let rows = (0..<shown).map { position in
            [.text(String(position + 1))]
                + frame.columns.indices.map { cell(frame.cell($0, at: position)) }
        }
        let footer =
            shown < frame.count
            ? "\(NumberText.count(shown)) of \(NumberText.count(frame.count, "row"))" : nil
        var table = TextTable(columns: heads(of: frame), rows: rows, footer: footer)
        table.left = count == nil ? frame.count - shown : 0
        return table
    }

    /// Returns the parts of a table that has all rows, nothing of them cut, and gives them to `show`.
    static func showAll(_ frame: Frame, show: (TextTable) -> Void) throws {
        guard frame.count > rowsAtOnce else {
            show(part(of: frame, 0..<frame.count))
            return
        }
        // Columns stand under each other only when the widest cell of all parts is known.
        var widths: [Int] = []
        try forEachPart(of: frame) { table, _ in
            let wanted = table.wantedWidths
            widths = widths.isEmpty ? wanted : zip(widths, wanted).map(max)
        }
        try forEachPart(of: frame) { table, range in
            var table = table
            table.part = .init(
                widths: widths,
                start: range.lowerBound,
                isLast: range.upperBound == frame.count
            )
            show(table)
        }
    }

    private static func forEachPart(
        of frame: Frame,
        _ body: (TextTable, Range<Int>) -> Void
    ) throws {
        for start in stride(from: 0, to: frame.count, by: rowsAtOnce) {
            try Task.checkCancellation()
            let range = start..<min(frame.count, start + rowsAtOnce)
            body(part(of: frame, range), range)
        }
    }

    private static func part(of frame: Frame, _ range: Range<Int>) -> TextTable {
        var table = TextTable(columns: heads(of: frame), rows: [])
        table.rows = range.map { position in
            [.text(String(position + 1))]
                + frame.columns.indices.map { whole(frame.cell($0, at: position)) }
        }
        table.isWhole = true
        table.left = 0
        return table
    }

    private static func heads(of frame: Frame) -> [TextTable.Column] {
        [TextTable.Column("#", .right)]
            + frame.columns.map { column in
                switch column.column.kind {
                case .integer, .number: TextTable.Column(column.name, .right)
                case .text, .boolean, .json: TextTable.Column(column.name)
                }
            }
    }

    private static func whole(_ cell: Cell) -> TextTable.Cell {
        switch cell {
        case .missing: .missing
        case .null: .null
        default: .text(cell.displayText)
        }
    }

    /// Returns how a table shows a cell.
    static func cell(_ cell: Cell) -> TextTable.Cell {
        switch cell {
        case .missing: .missing
        case .null: .null
        case .text(let text) where text.utf8.count > longestCell:
            .text(String(text.prefix(longestCell)))
        case .number(let value) where cell.displayText.utf8.count > 10:
            .number(value, NumberText.decimal(value, digits: 6))
        default: .text(cell.displayText)
        }
    }
}
