/// Tab-separated values, with quotes as in CSV.
public enum TSVForm: TableForm {
    /// The name.
    public static let name = "tsv"
    /// Another name.
    public static let aliases = ["tab"]

    /// Returns the table with a line for the heads and one for each row.
    public static func text(of table: TextTable) -> String {
        separated(table, by: "\t")
    }
}
