public import FettleCore

/// Named columns, and which of their rows are seen in which order.
///
/// A step of a recipe makes a new frame that shares the columns and has its own row numbers; nothing is
/// copied but those. A row number may stand more than once (over-sampling).
public struct Frame: Sendable {
    /// A column with its name.
    public struct NamedColumn: Sendable {
        /// The name, unique in its frame.
        public let name: String
        /// The cells, indexed by source row.
        public let column: Column

        /// Makes a named column.
        public init(_ name: String, _ column: Column) {
            self.name = name
            self.column = column
        }
    }

    /// The columns in order; all have the same number of cells.
    public let columns: [NamedColumn]
    /// Source row numbers in the order seen.
    public let rows: [UInt32]
    /// The equal keys found so far; shared by all frames that show rows of the same columns.
    let groups: FoundGroups

    /// Rows seen.
    public var count: Int { rows.count }
    /// The columns' names in order.
    public var columnNames: [String] { columns.map(\.name) }

    /// Makes a frame; without `rows` it shows every cell in the order of the source.
    public init(columns: [NamedColumn], rows: [UInt32]? = nil) {
        let all = { Array(0..<UInt32(columns.first?.column.count ?? 0)) }
        self.init(columns: columns, rows: rows ?? all(), groups: FoundGroups())
    }

    private init(columns: [NamedColumn], rows: [UInt32], groups: FoundGroups) {
        self.columns = columns
        self.rows = rows
        self.groups = groups
    }

    /// The position of the column called `name`.
    public func position(of name: String) -> Int? {
        columns.firstIndex { $0.name == name }
    }

    /// The column called `name`, or an `unknown-column` error with near names.
    public func column(_ name: String) throws(Diagnostic) -> Column {
        if let position = position(of: name) { return columns[position].column }
        throw unknownColumn(name)
    }

    /// The error for a name that is no column of this frame.
    public func unknownColumn(_ name: String, span: SourceSpan? = nil) -> Diagnostic {
        var diagnostic = Diagnostic("unknown-column", "no column '\(name)'", span: span)
        if let nearest = didYouMean(name, among: columnNames) { diagnostic.hints.append(nearest) }
        diagnostic.hints.append("columns: " + columnNames.joined(separator: ", "))
        return diagnostic
    }

    /// Sees to it that the files which texts are read from still have the bytes that were loaded.
    ///
    /// - Throws: `source-changed`, which names the file.
    public func checkSources() throws(Diagnostic) {
        for column in columns { try column.column.checkSource() }
    }

    /// Returns the same columns with other rows.
    public func showing(_ rows: [UInt32]) -> Frame {
        Frame(columns: columns, rows: rows, groups: groups)
    }

    /// Returns the frame with a column added at the end, or replaced when the name is taken.
    public func setting(_ name: String, to column: Column) -> Frame {
        var next = columns
        if let position = position(of: name) {
            next[position] = NamedColumn(name, column)
        } else {
            next.append(NamedColumn(name, column))
        }
        return Frame(columns: next, rows: rows)
    }

    /// The cell of a column at a position of the order seen, from 0.
    public func cell(_ column: Int, at position: Int) -> Cell {
        columns[column].column[Int(rows[position])]
    }
}
