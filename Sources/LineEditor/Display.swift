/// What the terminal shows of the line being edited, and how it is made to show something else.
///
/// libedit keeps the text and its keys; its own drawing goes nowhere (`fettle_el_mute`), because it
/// writes rows by its own count of columns and knows no colours within a line. Only rows and cells that
/// changed are written.
struct Display {
    /// A row as it is on the screen.
    private struct Shown {
        var row: ScreenLayout.Row
        /// Whether the terminal itself went on to the next row, and would join the two when widened.
        var isSoft = false
    }

    /// Where the terminal's cursor is.
    private struct Place {
        var row = 0
        /// The column, or nil where the last column was just written: terminals differ about that.
        var column: Int? = 0
    }

    private var shown: [Shown] = []
    private var place = Place()
    /// The first row of the layout that is on the screen, where there are more than it can hold.
    private var top = 0
    /// How many rows there are from the first one down, empty ones included.
    private var height = 1
    private var colour = ""
    private var output = ""

    /// Returns what makes the terminal show a layout in a window of this size.
    mutating func update(to layout: ScreenLayout, columns: Int, rows: Int) -> String {
        output = ""
        let visible = window(of: layout, rows: max(rows, 1))
        let new = Array(layout.rows[visible])
        for index in new.indices {
            draw(new[index], at: index, above: index > 0 ? new[index - 1] : nil, columns)
        }
        if new.count < shown.count {
            move(toRow: new.count, column: 0)
            output += "\u{1B}[J"
            shown.removeSubrange(new.count...)
        }
        setColour("")
        move(toRow: layout.cursorRow - visible.lowerBound, column: layout.cursorColumn)
        return output
    }

    /// Returns what puts the cursor at the start of an empty row below everything.
    mutating func leave() -> String {
        guard !shown.isEmpty else { return "" }
        output = ""
        move(toRow: max(0, shown.count - 1), column: 0)
        defer { forget() }
        return output + "\r\n"
    }

    /// Returns what erases everything and leaves the cursor at the start of its first row.
    ///
    /// Terminals that wrap text anew have done so at the new number of columns when this is called.
    mutating func erase(columns: Int) -> String {
        let above = rowsAbove(columns: max(columns, 2))
        forget()
        return (above > 0 ? "\u{1B}[\(above)A" : "") + "\r\u{1B}[J"
    }

    /// Takes it that the cursor is at the start of an empty row and nothing is shown.
    mutating func forget() {
        self = Display()
    }

    // MARK: - Rows

    /// The rows of a layout to show: all, or so many that the cursor is among them.
    private mutating func window(of layout: ScreenLayout, rows: Int) -> Range<Int> {
        let count = layout.rows.count
        guard count > rows else {
            top = 0
            return 0..<count
        }
        top = min(max(top, layout.cursorRow - rows + 1), layout.cursorRow)
        top = min(top, count - rows)
        return top..<(top + rows)
    }

    private mutating func draw(
        _ row: ScreenLayout.Row,
        at index: Int,
        above: ScreenLayout.Row?,
        _ columns: Int
    ) {
        let old = index < shown.count ? shown[index].row : nil
        if old == row { return }
        var first = 0
        if let old {
            while first < min(old.cells.count, row.cells.count),
                old.cells[first] == row.cells[first]
            {
                first += 1
            }
        }
        let start = row.cells[..<first].reduce(0) { $0 + $1.glyph.width }
        if first == 0, let above, above.isWrapped, index > 0 {
            flow(from: above, into: row, index)
        }
        if place.row != index || place.column != start {
            move(toRow: index, column: start)
        }
        for cell in row.cells[first...] {
            write(cell, columns)
        }
        if row.width < columns, (old?.width ?? 0) > row.width || old == nil {
            setColour("")
            output += "\u{1B}[K"
            if index < shown.count { shown[index].isSoft = false }
        }
        if index < shown.count {
            shown[index].row = row
            if !row.isWrapped { shown[index].isSoft = false }
        } else {
            shown.append(Shown(row: row))
        }
    }

    /// Lets the terminal wrap by itself, so that it knows that the two rows are one line.
    private mutating func flow(
        from above: ScreenLayout.Row,
        into row: ScreenLayout.Row,
        _ index: Int
    ) {
        guard !shown[index - 1].isSoft, let last = above.cells.last, let next = row.cells.first,
            !last.glyph.isDoubtful, !next.glyph.isDoubtful
        else { return }
        if place.row != index - 1 || place.column != nil {
            move(toRow: index - 1, column: above.width - last.glyph.width)
            setColour(last.colour)
            output += last.glyph.text
        }
        shown[index - 1].isSoft = true
        setColour(next.colour)
        // The terminal moves on before it draws this, which is drawn again as part of its row.
        output += next.glyph.text + "\r"
        place = Place(row: index, column: 0)
        height = max(height, index + 1)
    }

    // MARK: - Cells

    private mutating func write(_ cell: ScreenLayout.Cell, _ columns: Int) {
        let glyph = cell.glyph
        setColour(cell.colour)
        guard let column = place.column else { return }
        let end = column + glyph.width
        if glyph.isDoubtful {
            // However wide the terminal draws it, it stands on blanks and the cursor goes on after it.
            let isAtMargin = column + glyph.widest > columns
            output += String(repeating: " ", count: glyph.width)
            place.column = nil
            setColumn(column)
            output += isAtMargin ? glyph.narrow : glyph.text
            place.column = nil
            if end < columns { setColumn(end) }
        } else {
            output += glyph.text
            place.column = end < columns ? end : nil
        }
    }

    private mutating func setColour(_ new: String) {
        guard new != colour else { return }
        colour = new
        output += new.isEmpty ? "\u{1B}[0m" : "\u{1B}[0;\(new)m"
    }

    // MARK: - Cursor

    private mutating func move(toRow row: Int, column: Int) {
        if row >= height {
            setColour("")
            if place.row < height - 1 { output += "\u{1B}[\(height - 1 - place.row)B" }
            output += String(repeating: "\r\n", count: row - height + 1)
            height = row + 1
            place = Place(row: row, column: 0)
        } else if row < place.row {
            output += "\u{1B}[\(place.row - row)A"
        } else if row > place.row {
            output += "\u{1B}[\(row - place.row)B"
        }
        place.row = row
        setColumn(column)
    }

    private mutating func setColumn(_ column: Int) {
        guard place.column != column else { return }
        output += column > 0 ? "\r\u{1B}[\(column)C" : "\r"
        place.column = column
    }

    /// How many rows the cursor is below the first one in a window of so many columns.
    private func rowsAbove(columns: Int) -> Int {
        var count = 0
        var column = 0
        for (index, line) in shown.enumerated() {
            let isCursors = index == place.row
            var walked = 0
            for cell in line.row.cells {
                // A wide character that does not fit leaves a column empty.
                if column + cell.glyph.width > columns {
                    count += 1
                    column = 0
                }
                if isCursors, walked >= place.column ?? .max { return count }
                column += cell.glyph.width
                walked += cell.glyph.width
            }
            if isCursors { return column < columns ? count : count + 1 }
            guard !line.isSoft else { continue }
            count += 1
            column = 0
        }
        return count
    }
}
