/// A table as HTML; null, missing and the empty text stay three different things.
enum HTMLTable {
    /// Returns the `table` element, and its footer after it.
    static func html(_ table: TextTable) -> String {
        guard !table.columns.isEmpty else { return footer(table) }
        var out = "<table>\n<thead><tr>"
        for column in table.columns {
            out += "<th scope=\"col\"\(side(column))>\(Markup.line(column.name))</th>"
        }
        out += "</tr></thead>\n<tbody>\n"
        for row in table.rows {
            out += "<tr>"
            for (index, column) in table.columns.enumerated() {
                let cell = index < row.count ? row[index] : .blank
                out += "<td\(side(column))\(width(cell))>\(html(cell))</td>"
            }
            out += "</tr>\n"
        }
        return out + "</tbody>\n</table>\n" + footer(table)
    }

    /// Numbers stand right; said in the element itself, for pages with styles of their own.
    private static func side(_ column: TextTable.Column) -> String {
        column.alignment == .right ? " style=\"text-align:right\"" : ""
    }

    /// Long texts get the room that they are read in; the others decide by themselves.
    private static func width(_ cell: TextTable.Cell) -> String {
        guard case .text(let text) = cell, text.utf8.count > 40 else { return "" }
        return " class=\"long\""
    }

    private static func footer(_ table: TextTable) -> String {
        table.footer.map { "<p class=\"note\">\(Markup.line($0))</p>\n" } ?? ""
    }

    private static func html(_ cell: TextTable.Cell) -> String {
        switch cell {
        case .text(""): "<i class=\"absent\">&quot;&quot;</i>"
        case .text(let text): Markup.block(text)
        case .number(_, let shown): Markup.line(shown)
        case .null: "<i class=\"absent\">null</i>"
        case .missing: "<i class=\"absent\">·missing</i>"
        case .blank: ""
        }
    }
}
