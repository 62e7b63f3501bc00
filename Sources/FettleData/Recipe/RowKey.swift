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

    /// Appends the key of a source row.
    func write(row: Int, to out: ScratchBytes) {
        if let template {
            template.render(row: row, to: out)
            return
        }
        for column in columns {
            // Presence and length before each cell keep ("ab", "c") apart from ("a", "bc").
            out.append(CollectionOfOne(column.presence(at: row).rawValue))
            let start = out.count
            out.append([0, 0, 0, 0])
            column.append(row: row, to: out)
            out.store(UInt32(truncatingIfNeeded: out.count - start - 4), at: start)
        }
    }
}

/// The rows of a frame sorted into groups of equal keys; the number of a group is the order in which
/// its first row is seen.
struct RowGroups {
    /// The group of each position.
    private(set) var group: [UInt32] = []
    /// The first position of each group.
    private(set) var first: [UInt32] = []
    private var hashes: [UInt64] = []
    private var slots: [UInt32]
    private let scratch = ScratchBytes(capacity: 4096)
    private let other = ScratchBytes(capacity: 4096)

    /// The number of groups.
    var count: Int { first.count }

    /// Groups the positions of a frame.
    ///
    /// Keys with equal 64-bit hashes are compared byte by byte, so that no two different rows are ever
    /// taken for the same.
    init(_ frame: Frame, by writer: RowKeyWriter) throws {
        slots = Array(repeating: .max, count: 1 << 10)
        group.reserveCapacity(frame.count)
        for position in 0..<frame.count {
            if position & 0x3FF == 0 { try Task.checkCancellation() }
            scratch.count = 0
            writer.write(row: Int(frame.rows[position]), to: scratch)
            let hash = ContentHash.xxh3_64(scratch.bytes)
            let slot = find(hash) { candidate in
                other.count = 0
                writer.write(row: Int(frame.rows[Int(first[candidate])]), to: other)
                return TextOrder.equal(scratch.bytes, other.bytes)
            }
            if slots[slot] == .max {
                slots[slot] = UInt32(first.count)
                first.append(UInt32(position))
                hashes.append(hash)
                group.append(UInt32(first.count - 1))
                if first.count * 2 > slots.count { grow() }
            } else {
                group.append(slots[slot])
            }
        }
    }

    /// The group in `frame`, which this was made of, of a key written by another frame's writer.
    func groupOf(_ key: ScratchBytes, _ frame: Frame, _ writer: RowKeyWriter) -> Int? {
        let slot = find(ContentHash.xxh3_64(key.bytes)) { candidate in
            other.count = 0
            writer.write(row: Int(frame.rows[Int(first[candidate])]), to: other)
            return TextOrder.equal(key.bytes, other.bytes)
        }
        return slots[slot] == .max ? nil : Int(slots[slot])
    }

    private func find(_ hash: UInt64, same: (Int) -> Bool) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != .max {
            let candidate = Int(slots[slot])
            if hashes[candidate] == hash, same(candidate) { return slot }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private mutating func grow() {
        slots = Array(repeating: .max, count: slots.count * 2)
        for (index, hash) in hashes.enumerated() {
            slots[find(hash) { _ in false }] = UInt32(index)
        }
    }
}
