import FettleCore

/// Rows with nothing in their prompt or completion that comes from them.
enum BlankRows {
    /// Returns the step that keeps the rows of which some column of the part has a text.
    static func fix(_ part: PartFacts, _ blank: Int, of all: Int) -> CheckFix? {
        guard blank < all else { return nil }
        var conditions: [String] = []
        for named in part.columns {
            guard let name = CheckText.column(named.name) else { return nil }
            conditions.append(
                named.column.kind == .text
                    ? "trim(\(name)) != ''" : "not (is_null(\(name)) or is_missing(\(name)))"
            )
        }
        guard let condition = try? Expression(parsing: conditions.joined(separator: " or ")) else {
            return nil
        }
        return CheckFix([.step(Where(condition))])
    }
}
