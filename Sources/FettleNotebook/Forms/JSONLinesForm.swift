import FettleCore

/// A JSON object for each row, one a line.
public enum JSONLinesForm: TableForm {
    /// The name.
    public static let name = "jsonl"
    /// Another name.
    public static let aliases = ["ndjson"]

    /// Returns the lines.
    public static func text(of table: TextTable) -> String {
        jsonObjects(of: table).reduce(into: "") { $0 += $1.text() + "\n" }
    }
}
