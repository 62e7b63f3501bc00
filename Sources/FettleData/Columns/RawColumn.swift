/// A column's cells as pointers, for loops over many rows on several threads: reading a cell counts no
/// references.
///
/// The pointers are good within ``withRaw(_:_:)``.
struct RawColumn: @unchecked Sendable {
    fileprivate enum Values {
        case text(UnsafePointer<TextReference>)
        case integer(UnsafePointer<Int64>)
        case number(UnsafePointer<Double>)
        case boolean(UnsafePointer<Bool>)
        case nothing
    }

    fileprivate var values = Values.nothing
    private let count: Int
    private let mapped: UnsafeRawBufferPointer
    private let side: UnsafeRawBufferPointer
    private var presence = UnsafeBufferPointer<Column.Presence>(start: nil, count: 0)

    fileprivate init(_ column: Column) {
        count = column.count
        if case .text(_, let heap) = column.storage {
            (mapped, side) = heap.regions
        } else {
            mapped = UnsafeRawBufferPointer(start: nil, count: 0)
            side = mapped
        }
    }

    /// Calls `body` with the cells of columns.
    static func withRaw<Result>(
        _ columns: [Column],
        _ body: ([RawColumn]) throws -> Result
    ) rethrows -> Result {
        try withRaw(columns[...], after: [], body)
    }

    private static func withRaw<Result>(
        _ columns: ArraySlice<Column>,
        after done: [RawColumn],
        _ body: ([RawColumn]) throws -> Result
    ) rethrows -> Result {
        guard let column = columns.first else { return try body(done) }
        return try withExtendedLifetime(column) {
            try column.withValues { values in
                try column.presence.withUnsafeBufferPointer { presence in
                    var raw = RawColumn(column)
                    raw.values = values
                    raw.presence = presence
                    return try withRaw(columns.dropFirst(), after: done + [raw], body)
                }
            }
        }
    }

    /// Whether a cell has a value, is null or is missing.
    @inline(__always)
    func presence(at row: Int) -> Column.Presence {
        precondition(row < count, "row \(row) of \(count)")
        if case .text(let references) = values {
            guard references[row].isAbsent else { return .value }
            return references[row] == .null ? .null : .missing
        }
        return presence.isEmpty ? .value : presence[row]
    }

    /// The bytes of a cell of a text column, none when it is null or missing; nil for other columns.
    @inline(__always)
    func text(at row: Int) -> UnsafeRawBufferPointer? {
        guard case .text(let references) = values else { return nil }
        precondition(row < count, "row \(row) of \(count)")
        let reference = references[row]
        guard !reference.isAbsent else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let (start, length) = (reference.offset, reference.count)
        if start < mapped.count {
            return UnsafeRawBufferPointer(rebasing: mapped[start..<start &+ length])
        }
        let place = start &- mapped.count
        return UnsafeRawBufferPointer(rebasing: side[place..<place &+ length])
    }

    /// The integer of a cell of an integer column, 0 when it is null or missing; nil for other columns.
    @inline(__always)
    func integer(at row: Int) -> Int64? {
        guard case .integer(let integers) = values else { return nil }
        precondition(row < count, "row \(row) of \(count)")
        return integers[row]
    }

    /// The text of a cell that is no text of its own, as a template shows it.
    func shown(at row: Int) -> String {
        guard presence(at: row) == .value else { return "" }
        return switch values {
        case .text, .nothing: ""
        case .integer(let integers): String(integers[row])
        case .number(let numbers): Cell.number(numbers[row]).displayText
        case .boolean(let booleans): booleans[row] ? "true" : "false"
        }
    }

    /// Appends a cell as a template shows it.
    @inline(__always)
    func append(row: Int, to out: ScratchBytes) {
        if let text = text(at: row) { return out.append(text) }
        var text = shown(at: row)
        text.withUTF8 { out.append(UnsafeRawBufferPointer($0)) }
    }

    /// Appends a cell as it stands inside a JSON string.
    @inline(__always)
    func append(escaped row: Int, to out: inout [UInt8]) {
        if let text = text(at: row) { return ByteText.append(escaped: text, to: &out) }
        if let value = integer(at: row), presence(at: row) == .value {
            return ByteText.append(value, to: &out)
        }
        out.append(contentsOf: shown(at: row).utf8)
    }
}

extension Column {
    fileprivate func withValues<Result>(
        _ body: (RawColumn.Values) throws -> Result
    ) rethrows -> Result {
        switch storage {
        case .text(let references, _):
            try references.withUnsafeBufferPointer {
                try body($0.baseAddress.map(RawColumn.Values.text) ?? .nothing)
            }
        case .integer(let values):
            try values.withUnsafeBufferPointer {
                try body($0.baseAddress.map(RawColumn.Values.integer) ?? .nothing)
            }
        case .number(let values):
            try values.withUnsafeBufferPointer {
                try body($0.baseAddress.map(RawColumn.Values.number) ?? .nothing)
            }
        case .boolean(let values):
            try values.withUnsafeBufferPointer {
                try body($0.baseAddress.map(RawColumn.Values.boolean) ?? .nothing)
            }
        }
    }
}
