import CDisplayWidth

/// A small terminal emulator: the screen that a program's output makes, for tests to look at.
///
/// It knows cursor movement, erasing, inserting and deleting, wrapping with the "pending wrap" of
/// xterm, double-width characters and reflow on resize. Colours and mode switches are ignored;
/// a sequence it does not know is kept in ``unknownSequences``.
public struct ScreenModel: Sendable {
    private struct Cell {
        /// A character with what combines with it; "" is the right half of a wide one.
        var text = " "
        /// The SGR parameters that it was drawn with.
        var colour = ""
    }

    private struct Row {
        var cells: [Cell]
        /// Whether the text goes on in the next row without a line end.
        var isWrapped = false
    }

    private enum State {
        case ground
        case escape
        case control([UInt8])
        case operatingSystem
        case skipOne
    }

    /// The width in character cells.
    public private(set) var columns: Int

    /// The height in character cells.
    public private(set) var rows: Int

    /// The cursor's row, from 0 at the top.
    public private(set) var cursorRow = 0

    /// The cursor's column, from 0 at the left.
    public private(set) var cursorColumn = 0

    /// Control sequences that the model does not know, for tests to find none.
    public private(set) var unknownSequences: [String] = []

    /// Whether the program asked for bracketed paste.
    public private(set) var isPasteBracketed = false

    /// Whether joined emoji and flags share one cell, as on newer terminals; else each part has its own.
    private let joinsEmoji: Bool
    private var colour = ""
    private var grid: [Row]
    private var isWrapPending = false
    private var saved = (row: 0, column: 0)
    private var state = State.ground
    private var partial: [UInt8] = []

    /// Creates an empty screen.
    ///
    /// - Parameters:
    ///   - columns: The width in character cells.
    ///   - rows: The height in character cells.
    ///   - joinsEmoji: Whether joined emoji and flags share one cell, as on newer terminals.
    public init(columns: Int, rows: Int, joinsEmoji: Bool = false) {
        self.joinsEmoji = joinsEmoji
        self.columns = columns
        self.rows = rows
        grid = Array(repeating: Row(cells: Array(repeating: Cell(), count: columns)), count: rows)
    }

    /// The text of each row without trailing blanks.
    public var lines: [String] {
        grid.map { row in
            var text = row.cells.map(\.text).joined()
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    /// The rows down to the last one that is not empty, joined by line feeds.
    public var text: String {
        var lines = lines
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    /// The text of a row in stretches of one colour, as `text` or `‹1;31›text`, without trailing blanks.
    public func colouredLine(_ row: Int) -> String {
        var text = ""
        var last = ""
        let end = (grid[row].cells.lastIndex { $0.text != " " } ?? -1) + 1
        for cell in grid[row].cells[..<end] {
            let colour = cell.text == " " && cell.colour.isEmpty ? "" : cell.colour
            if colour != last, !cell.text.isEmpty {
                text += "‹\(colour)›"
                last = colour
            }
            text += cell.text
        }
        return text
    }

    /// The text of the cursor's row without trailing blanks.
    public var currentLine: String { lines[cursorRow] }

    /// Shows what a program writes.
    public mutating func feed(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            switch state {
            case .ground: ground(byte)
            case .escape: escape(byte)
            case .control(let parameters): control(byte, parameters)
            case .operatingSystem:
                if byte == 0x07 || byte == 0x5C { state = .ground }
            case .skipOne: state = .ground
            }
        }
    }

    /// Changes the size and wraps text anew, as terminals that reflow do.
    public mutating func resize(columns newColumns: Int, rows newRows: Int) {
        var logical: [[Cell]] = [[]]
        var cursor = (line: 0, offset: 0)
        let lastUsed = max(cursorRow, grid.lastIndex { $0.cells.contains { $0.text != " " } } ?? 0)
        for (index, row) in grid.enumerated() where index <= lastUsed {
            if index == cursorRow {
                cursor = (logical.count - 1, logical[logical.count - 1].count + cursorColumn)
            }
            var cells = row.cells
            if !row.isWrapped {
                while cells.last?.text == " " { cells.removeLast() }
            }
            logical[logical.count - 1] += cells
            if !row.isWrapped, index < lastUsed { logical.append([]) }
        }
        var result: [Row] = []
        var place = (row: 0, column: 0)
        for (number, line) in logical.enumerated() {
            if number == cursor.line {
                place = (result.count + cursor.offset / newColumns, cursor.offset % newColumns)
            }
            var rest = line[...]
            repeat {
                var cells = Array(rest.prefix(newColumns))
                rest = rest.dropFirst(newColumns)
                cells += Array(repeating: Cell(), count: newColumns - cells.count)
                result.append(Row(cells: cells, isWrapped: !rest.isEmpty))
            } while !rest.isEmpty
        }
        let blank = Row(cells: Array(repeating: Cell(), count: newColumns))
        let excess = max(0, max(result.count, place.row + 1) - newRows)
        result.removeFirst(min(excess, result.count))
        while result.count < newRows { result.append(blank) }
        grid = result
        columns = newColumns
        rows = newRows
        cursorRow = min(max(0, place.row - excess), newRows - 1)
        cursorColumn = min(place.column, newColumns - 1)
        isWrapPending = false
    }
}

// MARK: - Output

extension ScreenModel {
    private mutating func ground(_ byte: UInt8) {
        switch byte {
        case 0x1B:
            state = .escape
        case 0x0D:
            move(toRow: cursorRow, column: 0)
        case 0x0A:
            lineFeed()
        case 0x08:
            move(toRow: cursorRow, column: cursorColumn - 1)
        case 0x09:
            move(toRow: cursorRow, column: (cursorColumn / 8 + 1) * 8)
        case ..<0x20, 0x7F:
            break
        default:
            partial.append(byte)
            let length = partial[0] < 0x80 ? 1 : partial[0] < 0xE0 ? 2 : partial[0] < 0xF0 ? 3 : 4
            guard partial.count == length else { return }
            let scalars = String(decoding: partial, as: UTF8.self).unicodeScalars
            partial = []
            for scalar in scalars { put(scalar) }
        }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        let width = max(0, Int(fettle_scalar_width(scalar.value)))
        if width == 0 || joins(scalar) {
            var column = isWrapPending ? cursorColumn : cursorColumn - 1
            if column > 0, grid[cursorRow].cells[column].text.isEmpty { column -= 1 }
            if column >= 0 { grid[cursorRow].cells[column].text.unicodeScalars.append(scalar) }
            return
        }
        if isWrapPending || cursorColumn + width > columns {
            grid[cursorRow].isWrapped = true
            lineFeed()
            cursorColumn = 0
            isWrapPending = false
        }
        clearHalves(at: cursorColumn)
        if width == 2 { clearHalves(at: cursorColumn + 1) }
        grid[cursorRow].cells[cursorColumn] = Cell(text: String(scalar), colour: colour)
        if width == 2 { grid[cursorRow].cells[cursorColumn + 1].text = "" }
        if cursorColumn + width >= columns {
            cursorColumn = columns - 1
            isWrapPending = true
        } else {
            cursorColumn += width
        }
    }

    /// Whether a scalar becomes part of the emoji before it.
    private func joins(_ scalar: Unicode.Scalar) -> Bool {
        guard joinsEmoji else { return false }
        var column = isWrapPending ? cursorColumn : cursorColumn - 1
        if column > 0, grid[cursorRow].cells[column].text.isEmpty { column -= 1 }
        guard column >= 0, let before = grid[cursorRow].cells[column].text.last else {
            return false
        }
        return String([before]).count == String(String([before]) + String(scalar)).count
    }

    /// Blanks the other half of a wide character of which one half is about to be overwritten.
    private mutating func clearHalves(at column: Int) {
        if grid[cursorRow].cells[column].text.isEmpty, column > 0 {
            grid[cursorRow].cells[column - 1] = Cell()
        }
        if column + 1 < columns, grid[cursorRow].cells[column + 1].text.isEmpty {
            grid[cursorRow].cells[column + 1] = Cell()
        }
    }

    private mutating func move(toRow row: Int, column: Int) {
        cursorRow = min(max(row, 0), rows - 1)
        cursorColumn = min(max(column, 0), columns - 1)
        isWrapPending = false
    }

    private mutating func lineFeed() {
        isWrapPending = false
        if cursorRow + 1 < rows {
            cursorRow += 1
        } else {
            grid.removeFirst()
            grid.append(blankRow)
        }
    }

    private var blankRow: Row { Row(cells: Array(repeating: Cell(), count: columns)) }
}

// MARK: - Sequences

extension ScreenModel {
    private mutating func escape(_ byte: UInt8) {
        state = .ground
        switch byte {
        case UInt8(ascii: "["): state = .control([])
        case UInt8(ascii: "]"): state = .operatingSystem
        case UInt8(ascii: "("), UInt8(ascii: ")"): state = .skipOne
        case UInt8(ascii: "7"): saved = (cursorRow, cursorColumn)
        case UInt8(ascii: "8"): move(toRow: saved.row, column: saved.column)
        case UInt8(ascii: "M"): move(toRow: cursorRow - 1, column: cursorColumn)
        case UInt8(ascii: "="), UInt8(ascii: ">"): break
        default: unknownSequences.append("ESC " + String(decoding: [byte], as: UTF8.self))
        }
    }

    private mutating func control(_ byte: UInt8, _ parameters: [UInt8]) {
        guard (0x40...0x7E).contains(byte) else {
            state = .control(parameters + [byte])
            return
        }
        state = .ground
        let text = String(decoding: parameters, as: UTF8.self)
        let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
        let first = numbers.first ?? nil
        let count = max(1, first ?? 1)
        switch byte {
        case UInt8(ascii: "A"): move(toRow: cursorRow - count, column: cursorColumn)
        case UInt8(ascii: "B"): move(toRow: cursorRow + count, column: cursorColumn)
        case UInt8(ascii: "C"): move(toRow: cursorRow, column: cursorColumn + count)
        case UInt8(ascii: "D"): move(toRow: cursorRow, column: cursorColumn - count)
        case UInt8(ascii: "G"): move(toRow: cursorRow, column: count - 1)
        case UInt8(ascii: "d"): move(toRow: count - 1, column: cursorColumn)
        case UInt8(ascii: "H"), UInt8(ascii: "f"):
            let column = numbers.count > 1 ? numbers[1] ?? 1 : 1
            move(toRow: count - 1, column: column - 1)
        case UInt8(ascii: "J"): eraseScreen(first ?? 0)
        case UInt8(ascii: "K"): eraseLine(first ?? 0)
        case UInt8(ascii: "@"): insertCells(count)
        case UInt8(ascii: "P"): deleteCells(count)
        case UInt8(ascii: "L"): insertRows(count)
        case UInt8(ascii: "M"): deleteRows(count)
        case UInt8(ascii: "X"):
            erase(row: cursorRow, cursorColumn..<min(columns, cursorColumn + count))
        case UInt8(ascii: "h"), UInt8(ascii: "l"):
            if text == "?2004" { isPasteBracketed = byte == UInt8(ascii: "h") }
        case UInt8(ascii: "m"): select(text)
        default:
            unknownSequences.append("CSI \(text)" + String(decoding: [byte], as: UTF8.self))
        }
    }

    /// Follows SGR: 0 ends all parameters before it.
    private mutating func select(_ text: String) {
        for parameter in text.split(separator: ";", omittingEmptySubsequences: false) {
            if parameter.isEmpty || parameter == "0" {
                colour = ""
            } else {
                colour += (colour.isEmpty ? "" : ";") + parameter
            }
        }
    }

    private mutating func erase(row: Int, _ range: Range<Int>) {
        for column in range { grid[row].cells[column] = Cell() }
        if range.upperBound == columns { grid[row].isWrapped = false }
    }

    private mutating func eraseLine(_ mode: Int) {
        switch mode {
        case 0: erase(row: cursorRow, cursorColumn..<columns)
        case 1: erase(row: cursorRow, 0..<(cursorColumn + 1))
        default: erase(row: cursorRow, 0..<columns)
        }
    }

    private mutating func eraseScreen(_ mode: Int) {
        eraseLine(mode)
        let range: Range<Int>
        switch mode {
        case 0: range = (cursorRow + 1)..<rows
        case 1: range = 0..<cursorRow
        default: range = 0..<rows
        }
        for row in range { grid[row] = blankRow }
    }

    private mutating func insertCells(_ count: Int) {
        let count = min(count, columns - cursorColumn)
        grid[cursorRow].cells.insert(
            contentsOf: Array(repeating: Cell(), count: count),
            at: cursorColumn
        )
        grid[cursorRow].cells.removeLast(count)
    }

    private mutating func deleteCells(_ count: Int) {
        let count = min(count, columns - cursorColumn)
        grid[cursorRow].cells.removeSubrange(cursorColumn..<(cursorColumn + count))
        grid[cursorRow].cells += Array(repeating: Cell(), count: count)
    }

    private mutating func insertRows(_ count: Int) {
        let count = min(count, rows - cursorRow)
        grid.insert(contentsOf: Array(repeating: blankRow, count: count), at: cursorRow)
        grid.removeLast(count)
    }

    private mutating func deleteRows(_ count: Int) {
        let count = min(count, rows - cursorRow)
        grid.removeSubrange(cursorRow..<(cursorRow + count))
        grid += Array(repeating: blankRow, count: count)
    }
}
