public import FettleCore

/// Makes a column cell by cell, for values that are computed.
public struct ColumnBuilder {
    /// What the cells are.
    public let kind: ColumnKind
    private var references: [TextReference] = []
    private var bytes: [UInt8] = []
    private var integers: [Int64] = []
    private var numbers: [Double] = []
    private var booleans: [Bool] = []
    private var presence: [Column.Presence] = []
    private var hasAbsent = false

    /// Starts a column of no cells.
    public init(_ kind: ColumnKind, reserving count: Int = 0) {
        self.kind = kind
        switch kind {
        case .text, .json: references.reserveCapacity(count)
        case .integer: integers.reserveCapacity(count)
        case .number: numbers.reserveCapacity(count)
        case .boolean: booleans.reserveCapacity(count)
        }
    }

    /// Cells so far.
    public var count: Int {
        switch kind {
        case .text, .json: references.count
        case .integer: integers.count
        case .number: numbers.count
        case .boolean: booleans.count
        }
    }

    /// Adds a text, or JSON text to a column of that kind.
    ///
    /// - Throws: `cell-too-long` above ``TextReference/longest`` bytes.
    public mutating func append(_ text: String) throws(Diagnostic) {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        try refer(from: start)
    }

    /// Adds a text given as its UTF-8 bytes.
    ///
    /// - Throws: `cell-too-long` above ``TextReference/longest`` bytes.
    public mutating func append(bytes text: UnsafeRawBufferPointer) throws(Diagnostic) {
        let start = bytes.count
        bytes.append(contentsOf: text)
        try refer(from: start)
    }

    private mutating func refer(from start: Int) throws(Diagnostic) {
        precondition(kind == .text || kind == .json, "a text for a column of \(kind)s")
        let count = bytes.count - start
        guard count <= TextReference.longest else {
            bytes.removeLast(count)
            throw Diagnostic(
                "cell-too-long",
                "the cell has \(count) bytes, limit \(TextReference.longest)"
            )
        }
        references.append(TextReference(offset: start, count: count))
    }

    /// Adds an integer; a column of numbers takes it as a number.
    public mutating func append(_ value: Int64) {
        guard kind == .integer else { return append(Double(value)) }
        integers.append(value)
        presence.append(.value)
    }

    /// Adds a number.
    public mutating func append(_ value: Double) {
        precondition(kind == .number, "a number for a column of \(kind)s")
        numbers.append(value)
        presence.append(.value)
    }

    /// Adds a truth value.
    public mutating func append(_ value: Bool) {
        precondition(kind == .boolean, "a boolean for a column of \(kind)s")
        booleans.append(value)
        presence.append(.value)
    }

    /// Adds a null cell.
    public mutating func appendNull() {
        append(absent: .null)
    }

    /// Adds a missing cell.
    public mutating func appendMissing() {
        append(absent: .missing)
    }

    private mutating func append(absent: Column.Presence) {
        hasAbsent = true
        switch kind {
        case .text, .json:
            return references.append(absent == .null ? .null : .missing)
        case .integer: integers.append(0)
        case .number: numbers.append(0)
        case .boolean: booleans.append(false)
        }
        presence.append(absent)
    }

    /// Adds a cell of the column's kind, or one without a value.
    ///
    /// A column of texts takes every value as a template shows it.
    public mutating func append(_ cell: Cell) throws(Diagnostic) {
        switch (cell, kind) {
        case (.null, _): appendNull()
        case (.missing, _): appendMissing()
        case (.integer(let value), .integer), (.integer(let value), .number): append(value)
        case (.number(let value), .number): append(value)
        case (.boolean(let value), .boolean): append(value)
        default: try append(cell.displayText)
        }
    }

    /// Returns the column of the cells added.
    public consuming func build() -> Column {
        let presence = hasAbsent ? presence : []
        return switch kind {
        case .text: Column(text: references, in: ByteHeap(bytes))
        case .json: Column(text: references, in: ByteHeap(bytes), json: true)
        case .integer: Column(integers: integers, presence: presence)
        case .number: Column(numbers: numbers, presence: presence)
        case .boolean: Column(booleans: booleans, presence: presence)
        }
    }

    /// Returns the column whose cells were added in the order in which a frame shows its rows.
    ///
    /// Source rows that the frame does not show are missing; of a row that it shows twice, the last cell
    /// counts.
    ///
    /// - Parameter frame: shows as many rows as cells were added.
    /// - Returns: a column with a cell for each row of the frame's source.
    public consuming func build(over frame: Frame) -> Column {
        precondition(count == frame.count, "\(count) cells for \(frame.count) rows")
        let total = frame.columns.first?.column.count ?? (frame.rows.max().map { Int($0) + 1 } ?? 0)
        var places = [Int](repeating: -1, count: total)
        for (position, row) in frame.rows.enumerated() { places[Int(row)] = position }
        let presence = places.map { place -> Column.Presence in
            if place < 0 { return .missing }
            return self.presence.isEmpty ? .value : self.presence[place]
        }
        return switch kind {
        case .text, .json:
            Column(
                text: places.map { $0 < 0 ? .missing : references[$0] },
                in: ByteHeap(bytes),
                json: kind == .json
            )
        case .integer:
            Column(integers: places.map { $0 < 0 ? 0 : integers[$0] }, presence: presence)
        case .number:
            Column(numbers: places.map { $0 < 0 ? 0 : numbers[$0] }, presence: presence)
        case .boolean:
            Column(booleans: places.map { $0 >= 0 && booleans[$0] }, presence: presence)
        }
    }
}
