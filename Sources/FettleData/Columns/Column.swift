import FettleCore

/// What a column's cells are.
public enum ColumnKind: String, Hashable, Sendable, CaseIterable {
    /// UTF-8 text.
    case text
    /// 64-bit signed integers.
    case integer
    /// Double-precision numbers.
    case number
    /// True or false.
    case boolean
    /// Arrays and objects, kept as their JSON text.
    case json
}

/// One cell's value.
///
/// Null, missing and the empty text are three different things.
public enum Cell: Hashable, Sendable {
    /// The row does not have this column.
    case missing
    /// The row says null.
    case null
    case text(String)
    case integer(Int64)
    case number(Double)
    case boolean(Bool)
    /// An array or object as JSON text.
    case json(String)

    /// Whether the cell is null or missing.
    public var isAbsent: Bool {
        self == .missing || self == .null
    }
}

/// An immutable column of cells, indexed by the rows of its source, not by a dataset's order.
public struct Column: Sendable {
    /// Whether a cell of a number or boolean column has a value.
    public enum Presence: UInt8, Sendable {
        case value, null, missing
    }

    enum Storage: Sendable {
        case text([TextReference], ByteHeap)
        case integer([Int64])
        case number([Double])
        case boolean([Bool])
    }

    /// What the cells are.
    public let kind: ColumnKind
    let storage: Storage
    /// One entry a cell, or empty when every cell has a value; text columns keep it in the reference.
    let presence: [Presence]

    /// Makes a text column, or one of JSON texts when `json`.
    public init(text references: [TextReference], in heap: ByteHeap, json: Bool = false) {
        kind = json ? .json : .text
        storage = .text(references, heap)
        presence = []
    }

    /// Makes an integer column; `presence` is empty or has an entry for each cell.
    public init(integers: [Int64], presence: [Presence] = []) {
        precondition(presence.isEmpty || presence.count == integers.count)
        kind = .integer
        storage = .integer(integers)
        self.presence = presence
    }

    /// Makes a number column; `presence` is empty or has an entry for each cell.
    public init(numbers: [Double], presence: [Presence] = []) {
        precondition(presence.isEmpty || presence.count == numbers.count)
        kind = .number
        storage = .number(numbers)
        self.presence = presence
    }

    /// Makes a boolean column; `presence` is empty or has an entry for each cell.
    public init(booleans: [Bool], presence: [Presence] = []) {
        precondition(presence.isEmpty || presence.count == booleans.count)
        kind = .boolean
        storage = .boolean(booleans)
        self.presence = presence
    }

    /// Cells in the column.
    public var count: Int {
        switch storage {
        case .text(let references, _): references.count
        case .integer(let values): values.count
        case .number(let values): values.count
        case .boolean(let values): values.count
        }
    }

    /// Whether the cell at `row` has a value, is null or is missing.
    public func presence(at row: Int) -> Presence {
        if case .text(let references, _) = storage {
            return references[row] == .null
                ? .null : references[row] == .missing ? .missing : .value
        }
        return presence.isEmpty ? .value : presence[row]
    }

    /// Sees to it that the file which texts are read from still has the bytes that were loaded.
    func checkSource() throws(Diagnostic) {
        guard case .text(_, let heap) = storage else { return }
        try heap.checkSource()
    }

    /// The cell at `row`.
    public subscript(row: Int) -> Cell {
        switch presence(at: row) {
        case .null: return .null
        case .missing: return .missing
        case .value: break
        }
        switch storage {
        case .text(let references, let heap):
            let bytes = heap.bytes(at: references[row].offset, count: references[row].count)
            let text = String(decoding: bytes, as: UTF8.self)
            return kind == .json ? .json(text) : .text(text)
        case .integer(let values): return .integer(values[row])
        case .number(let values): return .number(values[row])
        case .boolean(let values): return .boolean(values[row])
        }
    }

    /// Calls `body` with the UTF-8 bytes of a cell as a template shows it: text as it is, numbers in
    /// their shortest form, nothing at all for null and missing.
    ///
    /// - Complexity: O(1) for text columns, whose bytes are not copied.
    public func withBytes<Result>(
        at row: Int,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        if case .text(let references, let heap) = storage {
            let reference = references[row]
            guard !reference.isAbsent else {
                return try body(UnsafeRawBufferPointer(start: nil, count: 0))
            }
            return try withExtendedLifetime(heap) {
                try body(heap.bytes(at: reference.offset, count: reference.count))
            }
        }
        var text = self[row].displayText
        return try text.withUTF8 { try body(UnsafeRawBufferPointer($0)) }
    }
}

extension Cell {
    /// The cell as a template shows it: empty for null and missing, `5` for five, `0.5` for a half.
    public var displayText: String {
        switch self {
        case .missing, .null: ""
        case .text(let text), .json(let text): text
        case .integer(let value): String(value)
        case .number(let value): Cell.text(of: value)
        case .boolean(let value): value ? "true" : "false"
        }
    }

    private static func text(of value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
