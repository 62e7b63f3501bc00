import FettleCore
import FettleData
import FettleNotebook

/// Shows rows as a table.
enum RowsView {
    /// Rows shown when none are asked for.
    static let defaultCount = 10
    /// Rows of one table when all are shown; its heads stand again over the next.
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

    /// Returns tables that together have all rows, nothing of them cut, and give them to `show`.
    static func showAll(_ frame: Frame, show: (TextTable) -> Void) throws {
        for start in stride(from: 0, to: max(1, frame.count), by: rowsAtOnce) {
            try Task.checkCancellation()
            var table = TextTable(columns: heads(of: frame), rows: [])
            table.rows = (start..<min(frame.count, start + rowsAtOnce)).map { position in
                [.text(String(position + 1))]
                    + frame.columns.indices.map { whole(frame.cell($0, at: position)) }
            }
            table.isWhole = true
            table.left = 0
            show(table)
        }
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
