import FettleCore

/// Keeps some columns, in the order given.
public struct Select: RecipeStep {
    /// The names.
    public let columns: [String]

    /// Makes the step.
    public init(_ columns: [String]) {
        self.columns = columns
    }

    /// The command line, such as `select title stars`.
    public var summary: String {
        "select " + columns.map(CommandText.word).joined(separator: " ")
    }

    /// Returns the frame with the columns named, in that order.
    public func apply(to frame: Frame) throws -> Frame {
        var kept: [Frame.NamedColumn] = []
        for name in columns {
            let column = try frame.column(name)
            guard !kept.contains(where: { $0.name == name }) else {
                throw Diagnostic(
                    "repeated-column",
                    "column '\(name)' is named twice",
                    hint: "name each column once"
                )
            }
            kept.append(Frame.NamedColumn(name, column))
        }
        guard !kept.isEmpty else { throw noColumnLeft(frame) }
        return Frame(columns: kept, rows: frame.rows)
    }
}

/// Takes columns away.
public struct Drop: RecipeStep {
    /// The names.
    public let columns: [String]

    /// Makes the step.
    public init(_ columns: [String]) {
        self.columns = columns
    }

    /// The command line, such as `drop reviewer_id`.
    public var summary: String {
        "drop " + columns.map(CommandText.word).joined(separator: " ")
    }

    /// Returns the frame without the columns named.
    public func apply(to frame: Frame) throws -> Frame {
        for name in columns { _ = try frame.column(name) }
        let kept = frame.columns.filter { !columns.contains($0.name) }
        guard !kept.isEmpty else { throw noColumnLeft(frame) }
        return Frame(columns: kept, rows: frame.rows)
    }
}

private func noColumnLeft(_ frame: Frame) -> Diagnostic {
    Diagnostic(
        "no-column-left",
        "no column would be left",
        hint: "columns: " + frame.columnNames.joined(separator: ", ")
    )
}
