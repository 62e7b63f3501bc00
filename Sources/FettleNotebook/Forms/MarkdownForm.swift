/// A Markdown table (GitHub's pipe tables), cells shown as on the screen.
public enum MarkdownForm: TableForm {
    /// The name.
    public static let name = "md"
    /// Another name.
    public static let aliases = ["markdown"]

    /// Returns the table; nothing for a table without columns.
    public static func text(of table: TextTable) -> String {
        guard !table.columns.isEmpty else { return "" }
        var lines = [
            line(table.columns.map { escaped($0.name) }),
            line(table.columns.map { $0.alignment == .right ? "---:" : "---" }),
        ]
        for row in table.rows {
            lines.append(
                line(table.columns.indices.map { shown($0 < row.count ? row[$0] : .blank) })
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ cells: [String]) -> String {
        "| " + cells.joined(separator: " | ") + " |"
    }

    private static func shown(_ cell: TextTable.Cell) -> String {
        switch cell {
        case .text(""): "\"\""
        case .text(let text), .number(_, let text): escaped(text)
        case .null: "null"
        case .missing: "·missing"
        case .blank: ""
        }
    }

    /// Returns the text with what Markdown would read as its own signs escaped, line ends as `<br>`.
    private static func escaped(_ text: String) -> String {
        var out = ""
        for character in Sanitizer.block(text) {
            switch character {
            case "\n": out += "<br>"
            case "\t": out += " "
            case "\\", "|", "`", "*", "_", "<", ">", "[", "]", "#", "~": out += "\\\(character)"
            default: out.append(character)
            }
        }
        return out
    }
}
