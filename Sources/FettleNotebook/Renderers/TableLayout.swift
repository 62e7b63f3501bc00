/// Fits a table to a window: columns side by side while they can be read, else one field a line.
///
/// Columns of numbers keep their width; the others share what is left, the longest shrinking first.
struct TableLayout {
    private static let gap = 2
    private static let narrowest = 4
    private static let narrowWindow = 40
    private static let linesOfAField = 3

    private let table: TextTable
    private let width: Int
    private let heads: [String]
    private let rows: [[StyledLine.Piece]]

    init(_ table: TextTable, width: Int) {
        self.table = table
        self.width = width
        heads = table.columns.map { Sanitizer.line($0.name) }
        let columns = table.columns.count
        rows = table.rows.map { row in
            (0..<columns).map { $0 < row.count ? Self.piece(row[$0]) : Self.piece(.blank) }
        }
    }

    func lines() -> [StyledLine] {
        var lines: [StyledLine] = []
        if !heads.isEmpty {
            if let widths = columnWidths() {
                lines = horizontal(widths)
            } else {
                lines = vertical()
            }
        }
        if let footer = table.footer {
            lines += wrap(Sanitizer.line(footer), to: width).map { StyledLine($0, .dim) }
        }
        return lines
    }

    private static func piece(_ cell: TextTable.Cell) -> StyledLine.Piece {
        switch cell {
        case .text(""): StyledLine.Piece(text: "\"\"", style: .dim)
        case .text(let text): StyledLine.Piece(text: Sanitizer.line(text), style: .plain)
        case .number(_, let shown): StyledLine.Piece(text: Sanitizer.line(shown), style: .plain)
        case .null: StyledLine.Piece(text: "null", style: .dim)
        case .missing: StyledLine.Piece(text: "·missing", style: .dim)
        case .blank: StyledLine.Piece(text: "", style: .plain)
        }
    }

    /// Returns the width of each column, or nil when the columns cannot stand side by side.
    private func columnWidths() -> [Int]? {
        var widths = heads.map { DisplayWidth.of($0) }
        for row in rows {
            for (column, cell) in row.enumerated() {
                widths[column] = max(widths[column], DisplayWidth.of(cell.text))
            }
        }
        let room = width - Self.gap * (widths.count - 1)
        guard widths.reduce(0, +) > room else { return widths }
        guard width >= Self.narrowWindow else { return nil }
        let elastic = widths.indices.filter { table.columns[$0].alignment == .left }
        let fixed = widths.indices.filter { table.columns[$0].alignment == .right }
        let left = room - fixed.reduce(0) { $0 + widths[$1] }
        return share(left, among: elastic, wanted: widths)
    }

    /// Returns the widths with `room` shared among the elastic columns: each gets what it wants up to
    /// a common limit, and the blanks that the limit leaves go to the first ones over it.
    private func share(_ room: Int, among elastic: [Int], wanted: [Int]) -> [Int]? {
        var widths = wanted
        var left = room
        var waiting = elastic.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
        while let column = waiting.first, wanted[column] * waiting.count <= left {
            left -= wanted[column]
            waiting.removeFirst()
        }
        guard !waiting.isEmpty else { return left >= 0 ? widths : nil }
        let limit = left / waiting.count
        guard limit >= Self.narrowest else { return nil }
        var extra = left % waiting.count
        for column in waiting.sorted() {
            let wants = min(wanted[column], limit + (extra > 0 ? 1 : 0))
            extra -= max(0, wants - limit)
            widths[column] = wants
        }
        return widths
    }

    private func horizontal(_ widths: [Int]) -> [StyledLine] {
        var lines = [
            line(heads.map { StyledLine.Piece(text: $0, style: .head) }, widths),
            line(
                widths.map {
                    StyledLine.Piece(text: String(repeating: "─", count: $0), style: .dim)
                },
                widths
            ),
        ]
        for row in rows { lines.append(line(row, widths)) }
        return lines
    }

    private func line(_ cells: [StyledLine.Piece], _ widths: [Int]) -> StyledLine {
        var line = StyledLine()
        for (column, cell) in cells.enumerated() {
            let text = DisplayWidth.fit(cell.text, to: widths[column])
            let blanks = String(repeating: " ", count: widths[column] - DisplayWidth.of(text))
            let isRight = table.columns[column].alignment == .right
            if column > 0 { line.append(String(repeating: " ", count: Self.gap)) }
            if isRight { line.append(blanks) }
            line.append(text, cell.style)
            if !isRight { line.append(blanks) }
        }
        return line.trimmed
    }

    private func vertical() -> [StyledLine] {
        var lines: [StyledLine] = []
        for (number, row) in rows.enumerated() {
            lines.append(StyledLine("─── \(number + 1)", .dim))
            let fields = zip(heads, row).map { ($0, $1.text, $1.style) }
            lines += Layout(width: width).fieldLines(fields, limit: Self.linesOfAField)
        }
        return lines
    }
}
