public import FettleCore

/// What makes two rows the same.
public enum RowKey: Hashable, Sendable {
    /// All columns.
    case row
    /// Some columns.
    case columns([String])
    /// The text that a template makes of the row, such as a prompt.
    case template(PromptTemplate)

    /// The settings that say the key on a command line, with a blank before them; empty for `row`.
    var setting: String {
        switch self {
        case .row: ""
        case .columns(let names): " on=" + names.map(CommandText.word).joined(separator: ",")
        case .template(let template): " prompt=" + CommandText.quoted(template.source)
        }
    }
}

/// Writes the bytes of rows' keys: equal bytes for equal keys, also between frames.
struct RowKeyWriter {
    private let columns: [Column]
    private let template: CompiledTemplate?

    /// Binds a key to a frame; `order` gives the columns of a whole row when it is compared with
    /// another frame's.
    init(_ key: RowKey, _ frame: Frame, order: [String]? = nil) throws(Diagnostic) {
        var columns: [Column] = []
        var template: CompiledTemplate?
        switch key {
        case .row:
            for name in order ?? frame.columnNames { columns.append(try frame.column(name)) }
        case .columns(let names):
            for name in names { columns.append(try frame.column(name)) }
        case .template(let source): template = try CompiledTemplate(source, frame)
        }
        self.columns = columns
        self.template = template
    }

    /// The one column whose integers are the keys, when that is all there is to them.
    var integers: Column? {
        columns.count == 1 && columns[0].kind == .integer ? columns[0] : nil
    }

    /// Calls `body` with what writes keys in loops over many rows.
    func withRaw<Result>(_ body: (RawKey) throws -> Result) rethrows -> Result {
        if let template { return try template.withRaw { try body(RawKey(template: $0)) } }
        return try RawColumn.withRaw(columns) { columns in
            try columns.withUnsafeBufferPointer { try body(RawKey(columns: $0)) }
        }
    }
}

/// Writes keys; good within ``RowKeyWriter/withRaw(_:)``.
struct RawKey: @unchecked Sendable {
    private let template: RawTemplate?
    private let columns: UnsafeBufferPointer<RawColumn>

    fileprivate init(template: RawTemplate) {
        self.template = template
        columns = UnsafeBufferPointer(start: nil, count: 0)
    }

    fileprivate init(columns: UnsafeBufferPointer<RawColumn>) {
        template = nil
        self.columns = columns
    }

    /// Writes the key of a source row in place of what `out` holds.
    @inline(__always)
    func write(row: Int, to out: ScratchBytes) {
        out.count = 0
        if let template { return template.render(row: row, to: out) }
        for column in columns {
            // Presence and length before each cell keep ("ab", "c") apart from ("a", "bc").
            out.append(column.presence(at: row).rawValue)
            let start = out.count
            out.append([0, 0, 0, 0])
            column.append(row: row, to: out)
            out.store(UInt32(truncatingIfNeeded: out.count - start - 4), at: start)
        }
    }

    /// Fills in the hashes of the keys of source rows, on several threads.
    func hash(_ rows: [UInt32], into hashes: UnsafeMutableBufferPointer<UInt64>) throws {
        struct Places: @unchecked Sendable {
            // Each thread sets other places.
            let hashes: UnsafeMutableBufferPointer<UInt64>
        }
        let places = Places(hashes: hashes)
        try Chunks.forEach(rows: rows.count) { range in
            let scratch = ScratchBytes(capacity: 4096)
            for position in range {
                write(row: Int(rows[position]), to: scratch)
                places.hashes[position] = ContentHash.xxh3_64(scratch.bytes)
            }
        }
    }
}
