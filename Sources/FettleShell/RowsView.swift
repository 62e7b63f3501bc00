import FettleCore
import FettleData
import FettleNotebook

/// Shows rows as a table.
enum RowsView {
    /// Rows shown when none are asked for.
    static let defaultCount = 10
    /// Characters of a cell that a table can show at most.
    private static let longestCell = 400

    /// Returns a table of the first `count` rows with their numbers, from 1, and a footer when some are
    /// left out.
    static func table(_ frame: Frame, first count: Int = defaultCount) -> TextTable {
        let shown = min(max(0, count), frame.count)
        var heads = [TextTable.Column("#", .right)]
        heads += frame.columns.map { column in
            switch column.column.kind {
            case .integer, .number: TextTable.Column(column.name, .right)
            case .text, .boolean, .json: TextTable.Column(column.name)
            }
        }
        let rows = (0..<shown).map { position in
            [.text(String(position + 1))]
                + frame.columns.indices.map { cell(frame.cell($0, at: position)) }
        }
        let footer =
            shown < frame.count
            ? "\(NumberText.count(shown)) of \(NumberText.count(frame.count, "row"))" : nil
        return TextTable(columns: heads, rows: rows, footer: footer)
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
