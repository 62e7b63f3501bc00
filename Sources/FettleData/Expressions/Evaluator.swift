import Glibc

/// A part of an expression bound to columns: a closure from a source row to a value, nil for null.
///
/// A text's bytes are good until the same evaluator runs for another row.
enum Evaluator {
    typealias Truth = (Int) throws -> Bool?
    typealias Whole = (Int) throws -> Int64?
    typealias Real = (Int) throws -> Double?
    typealias Bytes = (Int) throws -> UnsafeRawBufferPointer?

    case boolean(Truth)
    case integer(Whole)
    case number(Real)
    case text(Bytes)
    case json(Bytes)
    /// Always null.
    case null

    /// The kind of its values; nil when it is always null.
    var kind: ColumnKind? {
        switch self {
        case .boolean: .boolean
        case .integer: .integer
        case .number: .number
        case .text: .text
        case .json: .json
        case .null: nil
        }
    }

    /// The value as a number, for integers, numbers and null.
    var real: Real? {
        switch self {
        case .number(let value): value
        case .integer(let value): { row in try value(row).map(Double.init) }
        case .null: { _ in nil }
        case .boolean, .text, .json: nil
        }
    }

    /// The value as an integer, for integers and null.
    var whole: Whole? {
        switch self {
        case .integer(let value): value
        case .null: { _ in nil }
        case .boolean, .number, .text, .json: nil
        }
    }

    /// The value as true or false, for booleans and null.
    var truth: Truth? {
        switch self {
        case .boolean(let value): value
        case .null: { _ in nil }
        case .integer, .number, .text, .json: nil
        }
    }

    /// The value's UTF-8, for texts, JSON texts and null.
    var bytes: Bytes? {
        switch self {
        case .text(let value), .json(let value): value
        case .null: { _ in nil }
        case .boolean, .integer, .number: nil
        }
    }

    /// Whether the value at `row` is null.
    func isNull(at row: Int) throws -> Bool {
        switch self {
        case .boolean(let value): try value(row) == nil
        case .integer(let value): try value(row) == nil
        case .number(let value): try value(row) == nil
        case .text(let value), .json(let value): try value(row) == nil
        case .null: true
        }
    }

    /// The value at `row` as a cell.
    func cell(at row: Int) throws -> Cell {
        switch self {
        case .boolean(let value): try value(row).map(Cell.boolean) ?? .null
        case .integer(let value): try value(row).map(Cell.integer) ?? .null
        case .number(let value): try value(row).map(Cell.number) ?? .null
        case .text(let value):
            try value(row).map { .text(String(decoding: $0, as: UTF8.self)) } ?? .null
        case .json(let value):
            try value(row).map { .json(String(decoding: $0, as: UTF8.self)) } ?? .null
        case .null: .null
        }
    }

    /// Reads a column; null and missing both give null.
    init(_ column: Column) {
        let presence = column.presence
        switch column.storage {
        case .text(let references, let heap):
            let read: Bytes = { row in
                let reference = references[row]
                guard !reference.isAbsent else { return nil }
                return heap.bytes(at: reference.offset, count: reference.count)
            }
            self = column.kind == .json ? .json(read) : .text(read)
        case .integer(let values): self = .integer(Self.reading(values, presence))
        case .number(let values): self = .number(Self.reading(values, presence))
        case .boolean(let values): self = .boolean(Self.reading(values, presence))
        }
    }

    private static func reading<Value>(
        _ values: [Value],
        _ presence: [Column.Presence]
    ) -> (Int) throws -> Value? {
        presence.isEmpty
            ? { row in values[row] }
            : { row in presence[row] == .value ? values[row] : nil }
    }

    /// Gives the same text for each row.
    init(constant text: String) {
        let scratch = ScratchBytes(text.utf8)
        self = .text { _ in scratch.bytes }
    }
}

/// Order and equality of UTF-8 texts, byte by byte, which is the order of their scalars.
enum TextOrder {
    static func equal(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        a.count == b.count && compare(a, b) == 0
    }

    static func starts(_ text: UnsafeRawBufferPointer, with head: UnsafeRawBufferPointer) -> Bool {
        text.count >= head.count
            && equal(UnsafeRawBufferPointer(rebasing: text[..<head.count]), head)
    }

    static func ends(_ text: UnsafeRawBufferPointer, with tail: UnsafeRawBufferPointer) -> Bool {
        text.count >= tail.count
            && equal(UnsafeRawBufferPointer(rebasing: text[(text.count - tail.count)...]), tail)
    }

    /// Negative, zero or positive as `a` stands before, with or after `b`.
    static func compare(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
        let shared = min(a.count, b.count)
        if shared > 0, let first = a.baseAddress, let second = b.baseAddress {
            let order = memcmp(first, second, shared)
            if order != 0 { return Int(order) }
        }
        return a.count - b.count
    }

    static func contains(_ text: UnsafeRawBufferPointer, _ part: UnsafeRawBufferPointer) -> Bool {
        guard let head = part.first else { return true }
        guard let base = text.baseAddress, text.count >= part.count else { return false }
        var at = 0
        while at <= text.count - part.count,
            let found = memchr(base + at, Int32(head), text.count - part.count - at + 1)
        {
            let start = base.distance(to: found)
            let candidate = UnsafeRawBufferPointer(rebasing: text[start..<start + part.count])
            if equal(candidate, part) { return true }
            at = start + 1
        }
        return false
    }
}
