import FettleCore

/// Comma-separated values (RFC 4180 with `\n` line ends).
///
/// Null and missing cells are empty, the empty text is `""`, so that they stay apart.
public enum CSVForm: TableForm {
    /// The name.
    public static let name = "csv"

    /// Returns the table with a line for the heads and one for each row.
    public static func text(of table: TextTable) -> String {
        separated(table, by: ",")
    }
}

/// Returns the lines of a table whose cells stand between `separator`, quoted where they must be.
func separated(_ table: TextTable, by separator: Character) -> String {
    guard !table.columns.isEmpty else { return "" }
    var out = table.columns.map { quoted($0.name, separator) }.joined(separator: String(separator))
    out += "\n"
    for row in table.machineRows {
        let cells = row.map { cell -> String in
            switch cell {
            case .missing, .value(.null): return ""
            case .value(.string(let text)): return quoted(text, separator)
            case .value(let value): return value.text()
            }
        }
        out += cells.joined(separator: String(separator)) + "\n"
    }
    return out
}

/// Returns the cell in quotes when it is empty or has a quote, a separator or a line end in it.
private func quoted(_ text: String, _ separator: Character) -> String {
    let mustQuote =
        text.isEmpty
        || text.unicodeScalars.contains {
            $0 == "\"" || $0 == "\n" || $0 == "\r" || Character($0) == separator
        }
    guard mustQuote else { return text }
    var out = "\""
    for scalar in text.unicodeScalars {
        if scalar == "\"" { out += "\"" }
        out.unicodeScalars.append(scalar)
    }
    return out + "\""
}
