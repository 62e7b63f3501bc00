/// The rows of one piece of a source.
///
/// A row is staged cell by cell and committed as a whole, so that a bad row leaves nothing behind.
struct RowBatch: @unchecked Sendable {
    /// The most columns of a dataset.
    static let mostColumns = 4_096

    private struct StagedCell {
        var column: Int
        var kind: JSONScanner.Kind
        var reference: TextReference
        var bits: UInt64
    }

    let source: SourceText
    let declared: [String: ColumnKind]
    private(set) var columns: [ColumnGather] = []
    private(set) var rowCount = 0
    /// Text that does not stand in the source as it is.
    private(set) var side: [UInt8] = []
    /// Rows left out.
    var bad: [BadRow] = []
    /// The row that ended the reading.
    var failure: BadRow?
    /// Where the reading of the piece ended; only delimited text says it.
    var end = 0

    private var names = NameTable()
    private var staged: [StagedCell] = []
    private var stamps: [Int] = []
    private var stamp = 0
    private let expectedRows: Int
    private let sideCapacity: Int

    /// Makes a batch for a piece of so many bytes, whose rows usually have `bytesOfRow`.
    init(
        _ source: SourceText,
        declared: [String: ColumnKind],
        bytes: Int,
        bytesOfRow: Int = 400
    ) {
        self.source = source
        sideCapacity = min(bytes, 8 << 20)
        self.declared = declared
        expectedRows = bytes / bytesOfRow
    }

    /// Starts a row, forgetting what was staged.
    @inline(__always)
    mutating func beginRow() {
        staged.removeAll(keepingCapacity: true)
        stamp &+= 1
    }

    /// Adds the staged cells as a row; columns that it does not have are missing.
    @inline(__always)
    mutating func commit() {
        for cell in staged {
            if cell.kind == .null {
                columns[cell.column].append(absent: .null)
            } else {
                columns[cell.column].append(cell.kind, cell.reference, bits: cell.bits)
            }
        }
        rowCount &+= 1
        if staged.count < columns.count { fillMissing() }
    }

    private mutating func fillMissing() {
        for place in columns.indices where columns[place].count < rowCount {
            columns[place].append(absent: .missing)
        }
    }

    /// Adds a column and returns its position.
    mutating func addColumn(_ name: String) -> Int {
        columns.append(
            ColumnGather(
                name: name,
                declared: declared[name],
                missing: rowCount,
                capacity: max(expectedRows, rowCount + 1)
            )
        )
        stamps.append(0)
        return names.add(name)
    }

    /// Returns the position of the column that a row's key names, adding it when it is new.
    @inline(__always)
    mutating func column(of key: JSONScanner.Value, likely: Int) throws(BadRow) -> Int {
        let position: Int
        let text = UnsafeBufferPointer(
            start: source.bytes + key.start + 1,
            count: key.end - key.start - 2
        )
        if !key.escaped, let known = names.position(of: text, likely: likely) {
            position = known
        } else {
            position = try unfamiliarColumn(of: key)
        }
        guard stamps[position] != stamp else {
            throw BadRow(
                "duplicate-key",
                "the row has '\(columns[position].name)' twice",
                at: key.start,
                count: key.end - key.start
            )
        }
        stamps[position] = stamp
        return position
    }

    private mutating func unfamiliarColumn(of key: JSONScanner.Value) throws(BadRow) -> Int {
        var text: [UInt8] = []
        JSONText.unescape(source.bytes, from: key.start + 1, to: key.end - 1, into: &text)
        let known = text.withUnsafeBufferPointer { names.position(of: $0, likely: 0) }
        if let known { return known }
        guard columns.count < Self.mostColumns else {
            throw BadRow(
                "too-many-columns",
                "more than \(Self.mostColumns) different names, the limit of a dataset's columns",
                at: key.start,
                count: key.end - key.start
            )
        }
        return addColumn(String(decoding: text, as: UTF8.self))
    }

    /// Stages a JSON value as the row's cell of a column.
    @inline(__always)
    mutating func stage(_ value: JSONScanner.Value, in column: Int) throws(BadRow) {
        guard value.end &- value.start <= TextReference.longest else {
            throw tooLong(value, column)
        }
        if columns[column].declared != nil {
            return try stageDeclared(value, in: column)
        }
        switch value.kind {
        case .text:
            let reference = reference(toTextOf: value)
            if columns[column].textsAreIntegers, !CanonicalNumber.isInteger(value, source.bytes) {
                columns[column].textsAreIntegers = false
            }
            staged.append(StagedCell(column: column, kind: .text, reference: reference, bits: 0))
        default:
            staged.append(
                StagedCell(
                    column: column,
                    kind: value.kind,
                    reference: TextReference(offset: value.start, count: value.end - value.start),
                    bits: value.bits
                )
            )
        }
    }

    /// Stages a null cell.
    mutating func stageNull(in column: Int) {
        staged.append(StagedCell(column: column, kind: .null, reference: .null, bits: 0))
    }

    /// Stages a cell of known kind, whose text stands in the source or at the end of the side buffer.
    @inline(__always)
    mutating func stage(
        _ kind: JSONScanner.Kind,
        _ reference: TextReference,
        bits: UInt64,
        in column: Int
    ) {
        staged.append(StagedCell(column: column, kind: kind, reference: reference, bits: bits))
    }

    /// Returns a reference to the characters of a text, which go to the side buffer when it has escapes.
    @inline(__always)
    private mutating func reference(toTextOf value: JSONScanner.Value) -> TextReference {
        guard value.escaped else {
            return TextReference(offset: value.start &+ 1, count: value.end &- value.start &- 2)
        }
        let start = side.count
        JSONText.unescape(source.bytes, from: value.start + 1, to: value.end - 1, into: &side)
        return TextReference(offset: source.count + start, count: side.count - start)
    }

    /// Appends to the side buffer and returns a reference to what `write` added.
    mutating func sideText(_ write: (inout [UInt8]) -> Void) -> TextReference {
        let start = side.count
        // Room that is not written to costs nothing, and growing would copy and fault in pages anew.
        if start == 0 { side.reserveCapacity(sideCapacity) }
        write(&side)
        return TextReference(offset: source.count + start, count: side.count - start)
    }

    private mutating func stageDeclared(
        _ value: JSONScanner.Value,
        in column: Int
    ) throws(BadRow) {
        guard let kind = columns[column].declared, value.kind != .null else {
            return stageNull(in: column)
        }
        let raw = TextReference(offset: value.start, count: value.end - value.start)
        switch (kind, value.kind) {
        case (.json, _):
            stage(.json, raw, bits: 0, in: column)
        case (.text, .text):
            stage(.text, reference(toTextOf: value), bits: 0, in: column)
        case (.text, _):
            stage(.text, raw, bits: 0, in: column)
        case (.integer, .integer), (.number, .number), (.boolean, .boolean):
            stage(value.kind, raw, bits: value.bits, in: column)
        case (.number, .integer):
            let double = Double(Int64(bitPattern: value.bits))
            stage(.number, raw, bits: double.bitPattern, in: column)
        case (_, .text) where !value.escaped:
            try stageText(from: value.start + 1, to: value.end - 1, as: kind, in: column)
        default:
            throw wrongKind(kind, from: value.start, to: value.end, column)
        }
    }

    /// Stages a text of the source as a value of a declared kind.
    mutating func stageText(
        from start: Int,
        to end: Int,
        as kind: ColumnKind,
        in column: Int
    ) throws(BadRow) {
        let reference = TextReference(offset: start, count: end - start)
        var scanner = JSONScanner(source.bytes, from: start, to: end, oneLine: false)
        switch kind {
        case .text:
            stage(.text, reference, bits: 0, in: column)
        case .json:
            scanner.skipBlanks()
            _ = try scanner.value()
            scanner.skipBlanks()
            guard scanner.at == end else { throw scanner.unexpected("the end of the JSON value") }
            stage(.json, reference, bits: 0, in: column)
        case .integer, .number, .boolean:
            guard let value = try? scanner.value(), scanner.at == end else {
                throw wrongKind(kind, from: start, to: end, column)
            }
            switch (kind, value.kind) {
            case (.integer, .integer), (.number, .number), (.boolean, .boolean):
                stage(value.kind, reference, bits: value.bits, in: column)
            case (.number, .integer):
                let double = Double(Int64(bitPattern: value.bits))
                stage(.number, reference, bits: double.bitPattern, in: column)
            default:
                throw wrongKind(kind, from: start, to: end, column)
            }
        }
    }

    private func wrongKind(
        _ kind: ColumnKind,
        from start: Int,
        to end: Int,
        _ column: Int
    ) -> BadRow {
        let shown = UnsafeBufferPointer(start: source.bytes + start, count: min(end - start, 40))
        let text = String(decoding: shown, as: UTF8.self) + (end - start > 40 ? "…" : "")
        let article = kind == .integer ? "an" : "a"
        let expected = kind == .boolean ? "true or false" : "\(article) \(kind.rawValue)"
        return BadRow(
            "wrong-kind",
            "expected \(expected) in column '\(columns[column].name)', found '\(text)'",
            at: start,
            count: end - start
        )
    }

    func tooLong(_ value: JSONScanner.Value, _ column: Int) -> BadRow {
        BadRow(
            "cell-too-long",
            "the cell of column '\(columns[column].name)' has \(value.end - value.start) bytes, "
                + "limit \(TextReference.longest)",
            at: value.start
        )
    }
}

extension RowBatch {
    /// Whether a sniffed column is known to be text.
    @inline(__always)
    mutating func isText(_ column: Int) -> Bool {
        switch columns[column].shape {
        case .text: return true
        case .mixed:
            columns[column].becomeText()
            return true
        default: return columns[column].declared == .text
        }
    }

    /// Gives up the side texts, which are part of the heap from then on.
    mutating func releaseSide() -> [UInt8] {
        let bytes = side
        side = []
        return bytes
    }

    /// Gives up a column whose cells are part of the whole from then on.
    mutating func releaseColumn(_ place: Int) {
        columns[place] = ColumnGather(name: "", declared: nil, missing: 0, capacity: 0)
    }
}
