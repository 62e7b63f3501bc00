import FettleCore

/// A JSON array with an object for each row, one a line.
///
/// A missing cell is left out of its object; null and cells with nothing to show are `null`.
public enum JSONForm: TableForm {
    /// The name.
    public static let name = "json"

    /// Returns the array.
    public static func text(of table: TextTable) -> String {
        let objects = jsonObjects(of: table)
        guard !objects.isEmpty else { return "[]\n" }
        return "[\n  " + objects.map { $0.text() }.joined(separator: ",\n  ") + "\n]\n"
    }
}

/// Returns the rows as objects.
func jsonObjects(of table: TextTable) -> [JSONValue] {
    let names = table.memberNames
    return table.machineRows.map { row in
        .object(
            zip(names, row).compactMap { name, cell in
                guard case .value(let value) = cell else { return nil }
                return JSONValue.Member(name, value)
            }
        )
    }
}
