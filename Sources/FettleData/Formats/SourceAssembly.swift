import CMappedFile
import FettleCore

/// Puts the pieces of a source together into columns.
struct SourceAssembly {
    /// One column of the whole source.
    private struct Whole {
        var name: String
        var shape = ColumnGather.Shape.nothing
        var largest: UInt64 = 0
        var tally: [JSONScanner.Kind: Int] = [:]
        var textsAreIntegers = true
        /// Where the column stands in each piece that has it.
        var places: [Int: Int] = [:]
    }

    private var batches: [RowBatch]
    private let sniffed: Bool
    private let declared: [String: ColumnKind]
    /// Rows of all pieces.
    let rowCount: Int

    /// Takes over the pieces, which the caller has no more, so that each is freed when it is copied.
    init(_ rows: inout ReadRows, declared: [String: ColumnKind]) {
        batches = rows.batches
        rows.batches = []
        sniffed = rows.sniffed
        self.declared = declared
        rowCount = batches.reduce(0) { $0 + $1.rowCount }
    }

    /// Returns the columns with what was found out about them.
    ///
    /// - Parameters:
    ///   - bytes: the source, which the columns' heap takes over.
    ///   - origin: what the heap knows the source again by.
    /// - Returns: the columns in the order of their first appearance.
    mutating func assemble(
        _ bytes: SourceBytes,
        from origin: ByteHeap.Origin
    ) -> (columns: [Frame.NamedColumn], facts: [ColumnFacts]) {
        let wholes = unite()
        var shifts: [Int] = [0]
        for batch in batches { shifts.append((shifts.last ?? 0) + batch.side.count) }
        let heap = bytes.heap(sideCount: shifts.last ?? 0) { side in
            for place in batches.indices {
                UnsafeMutableRawBufferPointer(rebasing: side[shifts[place]...])
                    .copyBytes(from: batches[place].releaseSide())
            }
        }
        giveBackMemory()
        heap.note(origin)
        var columns: [Frame.NamedColumn] = []
        var facts: [ColumnFacts] = []
        for whole in wholes {
            let references = references(of: whole, shifts: shifts, from: bytes.buffer.count)
            let column = column(of: whole, references, heap)
            for (batch, place) in whole.places { batches[batch].releaseColumn(place) }
            giveBackMemory()
            columns.append(Frame.NamedColumn(whole.name, column))
            facts.append(self.facts(of: whole, column.kind, references))
        }
        return (columns, facts)
    }

    /// Gives the pages of freed pieces back to the system: many small ones are no use for a whole column.
    private func giveBackMemory() {
        if batches.count > 1 { fettle_give_back_memory() }
    }

    private func unite() -> [Whole] {
        var wholes: [Whole] = []
        var positions: [String: Int] = [:]
        for (batch, rows) in batches.enumerated() {
            for (place, column) in rows.columns.enumerated() where sniffed || !column.isAllMissing {
                let position = positions[column.name] ?? wholes.count
                if position == wholes.count {
                    positions[column.name] = position
                    wholes.append(Whole(name: column.name))
                }
                wholes[position].places[batch] = place
                unite(column, into: &wholes[position])
            }
        }
        return wholes
    }

    private func unite(_ column: ColumnGather, into whole: inout Whole) {
        let largest = max(whole.largest, column.largest)
        let exact = largest <= ColumnGather.exactInDouble
        switch (whole.shape, column.shape) {
        case (_, .nothing): break
        case (.nothing, let shape): whole.shape = shape
        case (.integer, .number) where exact, (.number, .integer) where exact:
            whole.shape = .number
        case (let one, let other) where one != other: whole.shape = .mixed
        default: break
        }
        whole.largest = largest
        whole.textsAreIntegers = whole.textsAreIntegers && column.textsAreIntegers
        for (kind, count) in column.countsByKind { whole.tally[kind, default: 0] += count }
    }

    private func references(of whole: Whole, shifts: [Int], from sideStart: Int) -> [TextReference]
    {
        Array(unsafeUninitializedCapacity: rowCount) { out, count in
            for (batch, rows) in batches.enumerated() {
                guard let place = whole.places[batch] else {
                    for _ in 0..<rows.rowCount {
                        out.initializeElement(at: count, to: .missing)
                        count += 1
                    }
                    continue
                }
                let shift = shifts[batch]
                for reference in rows.columns[place].references {
                    let isSide = !reference.isAbsent && reference.offset >= sideStart
                    out.initializeElement(
                        at: count,
                        to: isSide && shift > 0
                            ? TextReference(
                                offset: reference.offset + shift,
                                count: reference.count
                            ) : reference
                    )
                    count += 1
                }
            }
        }
    }

    private func column(
        of whole: Whole,
        _ references: [TextReference],
        _ heap: ByteHeap
    ) -> Column {
        let kind = declared[whole.name] ?? kind(of: whole.shape)
        switch kind {
        case .text: return Column(text: references, in: heap)
        case .json: return Column(text: references, in: heap, json: true)
        case .integer:
            let values = bits(of: whole).map { Int64(bitPattern: $0) }
            return Column(integers: values, presence: presence(references))
        case .number:
            let values = bits(of: whole, asDoubles: true).map { Double(bitPattern: $0) }
            return Column(numbers: values, presence: presence(references))
        case .boolean:
            // Of the two words, only 'true' has four letters.
            let values = references.map { !$0.isAbsent && $0.count == 4 }
            return Column(booleans: values, presence: presence(references))
        }
    }

    private func kind(of shape: ColumnGather.Shape) -> ColumnKind {
        switch shape {
        case .nothing, .text, .mixed: .text
        case .integer: .integer
        case .number: .number
        case .boolean: .boolean
        case .json: .json
        }
    }

    private func bits(of whole: Whole, asDoubles: Bool = false) -> [UInt64] {
        var all: [UInt64] = []
        all.reserveCapacity(rowCount)
        for (batch, rows) in batches.enumerated() {
            if let place = whole.places[batch] {
                var column = rows.columns[place]
                if asDoubles { column.becomeNumber() }
                all.append(contentsOf: column.bits)
            }
            // A piece without the column, or without a value of it, has no bits.
            let wanted = min(rowCount, rowsUpTo(batch))
            while all.count < wanted { all.append(0) }
        }
        return all
    }

    private func rowsUpTo(_ batch: Int) -> Int {
        batches[...batch].reduce(0) { $0 + $1.rowCount }
    }

    private func presence(_ references: [TextReference]) -> [Column.Presence] {
        guard references.contains(where: \.isAbsent) else { return [] }
        return references.map { $0 == .null ? .null : $0 == .missing ? .missing : .value }
    }

    private func facts(
        of whole: Whole,
        _ kind: ColumnKind,
        _ references: [TextReference]
    ) -> ColumnFacts {
        var (nulls, missing, empty) = (0, 0, 0)
        for reference in references {
            if reference == .null {
                nulls += 1
            } else if reference == .missing {
                missing += 1
            } else if reference.count == 0 {
                empty += 1
            }
        }
        let values = references.count - nulls - missing
        var facts = ColumnFacts(
            name: whole.name,
            kind: kind,
            values: values,
            nulls: nulls,
            missing: missing,
            empty: kind == .text ? empty : 0,
            remark: nil
        )
        facts.remark = sniffed || declared[whole.name] != nil ? nil : remark(whole, values)
        return facts
    }

    private func remark(_ whole: Whole, _ values: Int) -> String? {
        if whole.shape == .text, whole.textsAreIntegers, values > 0 { return "all integers" }
        guard whole.shape == .mixed else { return nil }
        let words: [(JSONScanner.Kind, String, String)] = [
            (.text, "text", "texts"), (.integer, "integer", "integers"),
            (.number, "number", "numbers"), (.boolean, "boolean", "booleans"),
            (.json, "list or object", "lists or objects"),
            (.wide, "number too big for 64 bits", "numbers too big for 64 bits"),
        ]
        let counts = words.compactMap { kind, one, many in
            whole.tally[kind].map { "\($0) \($0 == 1 ? one : many)" }
        }
        return "kept as text: " + counts.joined(separator: ", ")
    }
}

extension ColumnGather {
    /// Values of each kind.
    var countsByKind: [JSONScanner.Kind: Int] {
        guard shape != .mixed else { return tally }
        var copy = self
        copy.mix()
        return copy.tally
    }
}
