/// Where a dataset is read from.
public enum SourceInput: Hashable, Sendable {
    /// A file.
    case path(String)
    /// Standard input, to its end.
    case standardInput
    /// Bytes in memory, and what to call them.
    case bytes([UInt8], name: String)
}

/// How to read a source; what is nil is found out from the source.
public struct LoadOptions: Hashable, Sendable {
    /// The format's name.
    public var format: String?
    /// What separates the cells of a delimited text.
    public var delimiter: Character?
    /// Whether the first row of a delimited text names the columns.
    public var header: Bool?
    /// The encoding's name; only UTF-8 is read.
    public var encoding: String?
    /// The kinds of columns, by name, for those that should not be found out.
    public var types: [String: ColumnKind]
    /// The file that bad rows go to; without one, a bad row ends the loading.
    public var quarantine: String?
    /// Bytes of the pieces that are read side by side; tests make them small.
    package var pieceSize = SourcePieces.usualSize

    /// Makes options.
    public init(
        format: String? = nil,
        delimiter: Character? = nil,
        header: Bool? = nil,
        encoding: String? = nil,
        types: [String: ColumnKind] = [:],
        quarantine: String? = nil
    ) {
        self.format = format
        self.delimiter = delimiter
        self.header = header
        self.encoding = encoding
        self.types = types
        self.quarantine = quarantine
    }

    /// Returns the usual side file for the bad rows of the source at `path`.
    public static func usualQuarantine(of path: String) -> String {
        path + ".quarantine.jsonl"
    }
}

/// How far a loading has come.
public struct LoadProgress: Hashable, Sendable {
    /// Bytes read.
    public var bytesDone: Int
    /// Bytes of the source.
    public var bytesTotal: Int
    /// Rows read.
    public var rows: Int

    /// Makes a progress.
    public init(bytesDone: Int, bytesTotal: Int, rows: Int) {
        self.bytesDone = bytesDone
        self.bytesTotal = bytesTotal
        self.rows = rows
    }
}

/// What was found out about a column while it was read.
public struct ColumnFacts: Hashable, Sendable {
    /// The column's name.
    public var name: String
    /// What its cells are.
    public var kind: ColumnKind
    /// Cells with a value, empty texts among them.
    public var values: Int
    /// Cells that say null.
    public var nulls: Int
    /// Rows that do not have the column.
    public var missing: Int
    /// Texts of no characters.
    public var empty: Int
    /// What the user may want to know, such as `all integers`.
    public var remark: String?
}

/// A source that was read, and what was found out about it.
public struct LoadedSource: Sendable {
    /// The rows.
    public var frame: Frame
    /// The format's name.
    public var format: String
    /// What separates the cells, for delimited text.
    public var delimiter: Character?
    /// Whether the first row named the columns, for delimited text.
    public var header: Bool?
    /// `UTF-8` or `UTF-8 with byte order mark`.
    public var encoding: String
    /// The columns in order.
    public var columns: [ColumnFacts]
    /// The hash of the source's bytes.
    public var fingerprint: Fingerprint
    /// The source's bytes.
    public var byteCount: Int
    /// Rows left out because they were bad.
    public var quarantined: Int
    /// The file that they went to, when there are any.
    public var quarantinePath: String?
}
