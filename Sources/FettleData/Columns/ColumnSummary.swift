/// What a column of a frame holds: counts, extremes, lengths and the most frequent values.
public struct ColumnSummary: Sendable {
    /// A value and how often it stands in the column.
    public struct Frequency: Hashable, Sendable {
        /// The value.
        public var cell: Cell
        /// Rows that have it.
        public var count: Int
    }

    /// Numbers in a column.
    public struct Range: Hashable, Sendable {
        /// The smallest.
        public var minimum: Double
        /// The largest.
        public var maximum: Double
        /// The arithmetic mean.
        public var mean: Double
    }

    /// The column's name.
    public let name: String
    /// What its cells are.
    public let kind: ColumnKind
    /// Rows with a value, empty texts among them.
    public private(set) var values = 0
    /// Rows that say null.
    public private(set) var nulls = 0
    /// Rows that do not have the column.
    public private(set) var missing = 0
    /// Texts of no characters.
    public private(set) var empty = 0
    /// Different values; exact but for 64-bit hashes that happen to be equal.
    public private(set) var distinct = 0
    /// Extremes and mean, for columns of integers and numbers with a value.
    public private(set) var range: Range?
    /// Lengths in characters (Unicode scalars), for columns of text with a value.
    public private(set) var lengths: LengthSummary?
    /// The most frequent values, most frequent first, equal ones in the order of first appearance.
    public private(set) var frequent: [Frequency] = []

    /// Summarises the rows that a frame shows.
    ///
    /// - Parameters:
    ///   - name: the column.
    ///   - frame: the rows.
    ///   - mostFrequent: how many of the most frequent values are kept.
    /// - Throws: `unknown-column`, and `CancellationError` when the task was cancelled.
    /// - Complexity: one pass over the rows, and sorting of the different values' counts.
    public init(of name: String, in frame: Frame, mostFrequent: Int = 10) throws {
        let column = try frame.column(name)
        self.name = name
        kind = column.kind
        var tally = ContentTally()
        var lengths: [UInt32] = []
        for start in stride(from: 0, to: frame.count, by: 8_192) {
            try Task.checkCancellation()
            for position in start..<min(frame.count, start + 8_192) {
                let row = frame.rows[position]
                switch column.presence(at: Int(row)) {
                case .null: nulls += 1
                case .missing: missing += 1
                case .value: count(column, row, &tally, &lengths)
                }
            }
        }
        distinct = tally.distinct
        frequent = Self.frequent(tally, column, mostFrequent)
        if !lengths.isEmpty { self.lengths = LengthSummary(lengths) }
        range = Self.range(of: column, frame.rows)
    }

    private mutating func count(
        _ column: Column,
        _ row: UInt32,
        _ tally: inout ContentTally,
        _ lengths: inout [UInt32]
    ) {
        values += 1
        guard case .text(let references, let heap) = column.storage else {
            var bits = column.hashableBits(at: Int(row))
            tally.add(withUnsafeBytes(of: &bits) { ContentHash.xxh3_64($0) }, row: row)
            return
        }
        let reference = references[Int(row)]
        let bytes = heap.bytes(at: reference.offset, count: reference.count)
        tally.add(ContentHash.xxh3_64(bytes), row: row)
        guard kind == .text else { return }
        if bytes.isEmpty { empty += 1 }
        lengths.append(UInt32(CharacterCount.scalars(in: bytes)))
    }

    private static func frequent(
        _ tally: ContentTally,
        _ column: Column,
        _ limit: Int
    ) -> [Frequency] {
        guard limit > 0 else { return [] }
        let counts = tally.counts
        // A threshold spares sorting of hundreds of thousands of values that stand once.
        var keys = Array(counts.indices)
        if keys.count > 4_096 {
            let threshold = counts.sorted(by: >)[min(limit, counts.count) - 1]
            keys = keys.filter { counts[$0] >= threshold }
        }
        keys.sort { (counts[$1], $0) < (counts[$0], $1) }
        return keys.prefix(limit).map { key in
            Frequency(cell: column[Int(tally.firstRows[key])], count: counts[key])
        }
    }

    private static func range(of column: Column, _ rows: [UInt32]) -> Range? {
        var (minimum, maximum, sum, count) = (Double.infinity, -Double.infinity, 0.0, 0)
        for row in rows where column.presence(at: Int(row)) == .value {
            let value: Double
            switch column.storage {
            case .integer(let values): value = Double(values[Int(row)])
            case .number(let values): value = values[Int(row)]
            case .text, .boolean: return nil
            }
            minimum = min(minimum, value)
            maximum = max(maximum, value)
            sum += value
            count += 1
        }
        guard count > 0 else { return nil }
        return Range(minimum: minimum, maximum: maximum, mean: sum / Double(count))
    }
}

extension Column {
    /// Bits that are equal exactly for equal values of a column that is not text.
    fileprivate func hashableBits(at row: Int) -> UInt64 {
        switch storage {
        case .integer(let values): UInt64(bitPattern: values[row])
        case .number(let values): (values[row] == 0 ? 0 : values[row]).bitPattern
        case .boolean(let values): values[row] ? 1 : 0
        case .text: 0
        }
    }
}
