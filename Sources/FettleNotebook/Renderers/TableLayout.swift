import FettleCore

/// Fits a table to a window: columns side by side, those at the right hidden when they cannot be read, and
/// one field a line in a narrow window or when nothing may be cut.
///
/// Columns of numbers keep their width; the others share what is left, the longest shrinking first.
struct TableLayout {
    private static let gap = 2
    private static let narrowest = 4
    /// Columns of text are not cut below this to make room for one more.
    private static let narrowestBesideHidden = 8
    private static let narrowWindow = 40
    private static let linesOfAField = 3

    private let table: TextTable
    private let width: Int
    private let hints: Bool
    private let heads: [String]
    private let rows: [[StyledLine.Piece]]

    init(_ table: TextTable, width: Int, hints: Bool = true) {
        self.hints = hints
        self.table = table
        self.width = width
        heads = table.columns.map { Sanitizer.line($0.name) }
        let columns = table.columns.count
        rows = table.rows.map { row in
            (0..<columns).map { $0 < row.count ? Self.piece(row[$0]) : Self.piece(.blank) }
        }
    }

    func lines() -> [StyledLine] {
        let wanted = wantedWidths()
        guard !heads.isEmpty else { return footer(hidden: 0) }
        if let widths = columnWidths(wanted, narrowest: Self.narrowest) {
            return horizontal(widths) + footer(hidden: 0)
        }
        guard !table.isWhole, width >= Self.narrowWindow else {
            return vertical(limit: table.isWhole ? nil : Self.linesOfAField) + footer(hidden: 0)
        }
        // No more columns than of one letter each can stand side by side.
        var count = min(heads.count - 1, (width + Self.gap) / (1 + Self.gap))
        while count > 1 {
            let some = Array(wanted[..<count])
            if let widths = columnWidths(some, narrowest: Self.narrowestBesideHidden) {
                return horizontal(widths) + footer(hidden: heads.count - count)
            }
            count -= 1
        }
        return vertical(limit: Self.linesOfAField) + footer(hidden: 0)
    }

    /// Returns what stands under the table: its own line, and what the window has no room for.
    private func footer(hidden: Int) -> [StyledLine] {
        guard table.part?.isLast != false else { return [] }
        var parts = table.footer.map { [$0] } ?? []
        if hidden > 0 { parts.append(NumberText.count(hidden, "column") + " hidden") }
        guard !parts.isEmpty else { return [] }
        var text = parts.joined(separator: ", ")
        if hints, hidden > 0 || table.left ?? 0 > 0 { text += ": 'last' shows all" }
        return wrap(Sanitizer.line(text), to: width).map { StyledLine($0, .dim) }
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

    /// Returns the columns that each column takes when nothing is cut.
    func wantedWidths() -> [Int] {
        if let part = table.part { return part.widths }
        var widths = heads.map { DisplayWidth.of($0) }
        for row in rows {
            for (column, cell) in row.enumerated() {
                widths[column] = max(widths[column], DisplayWidth.of(cell.text))
            }
        }
        return widths
    }

    /// Returns the width of each of the first columns, or nil when they cannot stand side by side.
    private func columnWidths(_ widths: [Int], narrowest: Int) -> [Int]? {
        let room = width - Self.gap * (widths.count - 1)
        guard widths.reduce(0, +) > room else { return widths }
        guard width >= Self.narrowWindow, !table.isWhole else { return nil }
        let elastic = widths.indices.filter { table.columns[$0].alignment == .left }
        let fixed = widths.indices.filter { table.columns[$0].alignment == .right }
        let left = room - fixed.reduce(0) { $0 + widths[$1] }
        return share(left, among: elastic, wanted: widths, narrowest: narrowest)
    }

    /// Returns the widths with `room` shared among the elastic columns: each gets what it wants up to
    /// a common limit, and the blanks that the limit leaves go to the first ones over it.
    private func share(
        _ room: Int,
        among elastic: [Int],
        wanted: [Int],
        narrowest: Int
    ) -> [Int]? {
        var widths = wanted
        var left = room
        var waiting = elastic.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
        while let column = waiting.first, wanted[column] * waiting.count <= left {
            left -= wanted[column]
            waiting.removeFirst()
        }
        guard !waiting.isEmpty else { return left >= 0 ? widths : nil }
        let limit = left / waiting.count
        guard limit >= narrowest else { return nil }
        var extra = left % waiting.count
        for column in waiting.sorted() {
            let wants = min(wanted[column], limit + (extra > 0 ? 1 : 0))
            extra -= max(0, wants - limit)
            widths[column] = wants
        }
        return widths
    }

    private func horizontal(_ widths: [Int]) -> [StyledLine] {
        guard table.part?.start ?? 0 == 0 else {
            return rows.map { line(Array($0.prefix(widths.count)), widths) }
        }
        var lines = [
            line(
                heads.prefix(widths.count).map { StyledLine.Piece(text: $0, style: .head) },
                widths
            ),
            line(
                widths.map {
                    StyledLine.Piece(text: String(repeating: "─", count: $0), style: .dim)
                },
                widths
            ),
        ]
        for row in rows { lines.append(line(Array(row.prefix(widths.count)), widths)) }
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

    private func vertical(limit: Int?) -> [StyledLine] {
        var lines: [StyledLine] = []
        let start = table.part?.start ?? 0
        for (number, row) in rows.enumerated() {
            lines.append(StyledLine("─── \(start + number + 1)", .dim))
            let fields = zip(heads, row).map { ($0, $1.text, $1.style) }
            lines += Layout(width: width).fieldLines(fields, limit: limit)
        }
        return lines
    }
}
