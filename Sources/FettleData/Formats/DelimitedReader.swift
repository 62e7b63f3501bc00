import FettleCore

/// Reads delimited text: comma-separated values and their relatives.
struct DelimitedReader: Sendable {
    private let source: SourceText
    private let delimiter: UInt8
    private let header: Bool?
    private let types: [String: ColumnKind]
    private let goesOn: Bool
    private let pieceSize: Int

    /// Makes a reader; without a delimiter in the options or given, the source's own is found out.
    init(_ source: SourceText, _ options: LoadOptions, delimiter: UInt8?) throws(Diagnostic) {
        self.source = source
        header = options.header
        types = options.types
        goesOn = options.quarantine != nil
        pieceSize = options.pieceSize
        if let asked = options.delimiter {
            guard let byte = asked.asciiValue, byte >= 0x20 || byte == 0x09,
                byte != ByteScan.quote, byte < 0x7F
            else {
                throw Diagnostic(
                    "bad-delimiter",
                    "expected one visible ASCII character or a tab as delimiter, found '\(asked)'"
                )
            }
            self.delimiter = byte
        } else {
            self.delimiter = delimiter ?? DelimitedSniffing.delimiter(of: source)
        }
    }

    /// Reads all rows.
    func read(_ progress: (LoadProgress) throws -> Void) throws -> ReadRows {
        let (names, body, hasHeader) = try names()
        let pieces = pieces(from: body, cells: names.count)
        let read = { @Sendable (range: Range<Int>) in
            var batch = RowBatch(
                source,
                declared: types,
                bytes: range.count,
                bytesOfRow: 300
            )
            for name in names { _ = batch.addColumn(name) }
            rows(range, into: &batch)
            return batch
        }
        let guessed = try SourcePieces.read(pieces, of: source, progress: progress, body: read)
        return ReadRows(
            batches: try verified(guessed, pieces, names, progress, read),
            sniffed: true,
            delimiter: Character(UnicodeScalar(delimiter)),
            header: hasHeader
        )
    }

    // MARK: - Names

    private func names() throws(BadRow) -> (names: [String], body: Int, hasHeader: Bool) {
        var scanner = scanner(from: source.start)
        while scanner.at < source.count, isLineEnd(source.bytes[scanner.at]) { scanner.at += 1 }
        let first = scanner.at
        let cells = try DelimitedSniffing.row(&scanner)
        guard header ?? DelimitedSniffing.isHeader(cells, source.bytes) else {
            return (cells.indices.map { "column\($0 + 1)" }, first, false)
        }
        guard cells.count <= RowBatch.mostColumns else {
            throw BadRow(
                "too-many-columns",
                "found \(cells.count) columns, limit \(RowBatch.mostColumns)",
                at: first
            )
        }
        var names: [String] = []
        var seen: Set<String> = []
        for (place, cell) in cells.enumerated() {
            let text = scanner.text(of: cell)
            let name = text.isEmpty ? "column\(place + 1)" : text
            guard seen.insert(name).inserted else {
                throw BadRow(
                    "duplicate-column",
                    "the header names '\(name)' twice",
                    at: cell.start,
                    count: cell.end - cell.start,
                    hints: ["rename one in the file, or load with header=false"]
                )
            }
            names.append(name)
        }
        return (names, scanner.at, true)
    }

    private func isLineEnd(_ byte: UInt8) -> Bool {
        byte == ByteScan.lineFeed || byte == ByteScan.carriageReturn
    }

    private func scanner(from start: Int) -> DelimitedScanner {
        DelimitedScanner(source.bytes, from: start, to: source.count, delimiter: delimiter)
    }

    // MARK: - Pieces

    /// Returns pieces that probably start where rows start: a line feed may stand in a quoted cell, so
    /// the two rows after it must have the right number of cells.
    private func pieces(from body: Int, cells: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = body
        while start < source.count {
            var end = source.count
            if end - start > pieceSize * 3 / 2 {
                end = probableRow(from: start + pieceSize, cells: cells)
            }
            pieces.append(start..<end)
            start = end
        }
        return pieces
    }

    private func probableRow(from target: Int, cells: Int) -> Int {
        var at = target
        for _ in 0..<1_000 {
            at = ByteScan.first(
                ByteScan.lineFeed,
                in: source.bytes,
                from: at,
                to: source.count
            )
            guard at < source.count else { break }
            at += 1
            // A wrong guess would look for the end of a quoted cell through all of the file.
            let end = min(source.count, at + max(4_096, pieceSize / 4))
            var scanner = DelimitedScanner(
                source.bytes,
                from: at,
                to: end,
                delimiter: delimiter
            )
            let fits = (0..<2).allSatisfy { _ in
                scanner.at >= end || (try? DelimitedSniffing.row(&scanner))?.count == cells
            }
            if fits { return at }
        }
        return source.count
    }

    /// Returns the pieces' rows as one reading from the start would give them: a piece that did not
    /// start where the one before it ended is read again.
    private func verified(
        _ guessed: [RowBatch],
        _ pieces: [Range<Int>],
        _ names: [String],
        _ progress: (LoadProgress) throws -> Void,
        _ read: (Range<Int>) -> RowBatch
    ) throws -> [RowBatch] {
        guard let first = pieces.first else {
            var empty = RowBatch(source, declared: types, bytes: 0)
            for name in names { _ = empty.addColumn(name) }
            return [empty]
        }
        var batches: [RowBatch] = []
        var start = first.lowerBound
        var rows = 0
        for (place, piece) in pieces.enumerated() where start < piece.upperBound {
            var batch: RowBatch
            if place < guessed.count, start == piece.lowerBound {
                batch = guessed[place]
            } else {
                batch = read(start..<piece.upperBound)
                try progress(
                    LoadProgress(bytesDone: batch.end, bytesTotal: source.count, rows: rows)
                )
            }
            start = batch.end
            rows += batch.rowCount
            batches.append(batch)
            if batch.failure != nil { break }
        }
        return batches
    }

    // MARK: - Rows

    private func rows(_ range: Range<Int>, into batch: inout RowBatch) {
        var scanner = scanner(from: range.lowerBound)
        let columns = batch.columns.count
        while scanner.at < range.upperBound {
            let start = scanner.at
            // With one column, an empty line is a row whose cell is null.
            if columns > 1, isLineEnd(source.bytes[start]) {
                scanner.at += 1
                continue
            }
            do throws(BadRow) {
                try row(&scanner, columns, into: &batch)
                batch.commit()
            } catch {
                var bad = error
                if scanner.at <= bad.offset || bad.code != Self.ragged {
                    let end = ByteScan.first(
                        ByteScan.lineFeed,
                        in: source.bytes,
                        from: bad.offset,
                        to: source.count
                    )
                    scanner.at = min(end + 1, source.count)
                }
                var end = scanner.at
                if end > start, source.bytes[end - 1] == ByteScan.lineFeed { end -= 1 }
                bad.row = start..<end
                guard goesOn else {
                    batch.failure = bad
                    break
                }
                batch.bad.append(bad)
            }
        }
        batch.end = scanner.at
    }

    private static let ragged = "ragged-row"

    @inline(__always)
    private func row(
        _ scanner: inout DelimitedScanner,
        _ columns: Int,
        into batch: inout RowBatch
    ) throws(BadRow) {
        batch.beginRow()
        let start = scanner.at
        var place = 0
        var wrong: BadRow?
        while true {
            let cell = try scanner.cell()
            if place < columns {
                do throws(BadRow) {
                    if wrong == nil { try stage(cell, of: scanner, in: place, into: &batch) }
                } catch {
                    // The rest of the row is still scanned, to know where it ends.
                    wrong = error
                }
            }
            place &+= 1
            if cell.follower == .delimiter { continue }
            if place != columns { throw ragged(place, columns, start, cell) }
            if let wrong { throw wrong }
            return
        }
    }

    private func ragged(
        _ found: Int,
        _ expected: Int,
        _ start: Int,
        _ last: DelimitedScanner.Cell
    ) -> BadRow {
        BadRow(
            Self.ragged,
            "expected \(expected) cell\(expected == 1 ? "" : "s") in the row, found \(found)",
            at: found > expected ? last.start : last.end,
            hints: found > expected
                ? ["a cell with \(DelimitedScanner.name(of: delimiter)) in it stands in quotes"]
                : []
        )
    }

    @inline(__always)
    private func stage(
        _ cell: DelimitedScanner.Cell,
        of scanner: DelimitedScanner,
        in column: Int,
        into batch: inout RowBatch
    ) throws(BadRow) {
        if cell.start == cell.end, !cell.quoted { return batch.stageNull(in: column) }
        guard cell.end - cell.start <= TextReference.longest else {
            throw batch.tooLong(
                JSONScanner.Value(kind: .text, start: cell.start, end: cell.end),
                column
            )
        }
        let declared = batch.columns[column].declared
        if let declared, declared != .text, !(cell.doubled && declared == .json) {
            return try batch.stageText(from: cell.start, to: cell.end, as: declared, in: column)
        }
        if cell.doubled {
            let reference = batch.sideText { scanner.append(cell, to: &$0) }
            if declared == .json { try checkJSON(scanner.text(of: cell), cell) }
            return batch.stage(declared == .json ? .json : .text, reference, bits: 0, in: column)
        }
        let reference = TextReference(offset: cell.start, count: cell.end - cell.start)
        if batch.isText(column) {
            return batch.stage(.text, reference, bits: 0, in: column)
        }
        let (kind, bits) = JSONScanner.Kind.ofText(source.bytes, from: cell.start, to: cell.end)
        batch.stage(kind, reference, bits: bits, in: column)
    }

    private func checkJSON(_ text: String, _ cell: DelimitedScanner.Cell) throws(BadRow) {
        let text = Array(text.utf8)
        let message: String? = text.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return "expected a value, found nothing" }
            var scanner = JSONScanner(base, from: 0, to: buffer.count, oneLine: false)
            do throws(BadRow) {
                scanner.skipBlanks()
                _ = try scanner.value()
                scanner.skipBlanks()
                if scanner.at < buffer.count {
                    throw scanner.unexpected("the end of the JSON value")
                }
                return nil
            } catch {
                return error.message
            }
        }
        guard let message else { return }
        throw BadRow("bad-json", message, at: cell.start, count: cell.end - cell.start)
    }
}
