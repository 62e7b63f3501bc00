import FettleCore

/// JSON Lines: one object a line, lines end with a line feed.
struct JSONLFormat: DatasetFormat {
    let name = "jsonl"
    let extensions = ["jsonl", "ndjson", "json"]
    let writer: any RowWriter = JSONLWriter()

    func recognizes(_ source: SourceText) -> Bool {
        source.firstByte == UInt8(ascii: "{")
    }

    func read(
        _ source: SourceText,
        _ options: LoadOptions,
        progress: (LoadProgress) throws -> Void
    ) throws -> ReadRows {
        let pieces = SourcePieces.lines(of: source, size: options.pieceSize)
        let types = options.types
        let goesOn = options.quarantine != nil
        let batches = try SourcePieces.read(pieces, of: source, progress: progress) { range in
            var batch = RowBatch(source, declared: types, bytes: range.count)
            Self.read(range, into: &batch, goesOn: goesOn)
            return batch
        }
        return ReadRows(batches: batches)
    }

    /// Reads the lines of one piece; a bad one ends it unless the reading `goesOn`.
    private static func read(_ range: Range<Int>, into batch: inout RowBatch, goesOn: Bool) {
        let bytes = batch.source.bytes
        var scanner = JSONScanner(
            bytes,
            from: range.lowerBound,
            to: range.upperBound,
            oneLine: true
        )
        while scanner.at < range.upperBound {
            let start = scanner.at
            scanner.skipBlanks()
            if scanner.take(ByteScan.lineFeed) { continue }
            guard scanner.at < range.upperBound else { return }
            do throws(BadRow) {
                try batch.stageObject(&scanner)
                scanner.skipBlanks()
                guard scanner.at == range.upperBound || scanner.take(ByteScan.lineFeed) else {
                    throw scanner.unexpected("the end of the line after the object")
                }
                batch.commit()
            } catch {
                var bad = error
                let end = ByteScan.first(
                    ByteScan.lineFeed,
                    in: bytes,
                    from: start,
                    to: range.upperBound
                )
                bad.row = start..<end
                if bad.offset == end, bad.code == "bad-json" {
                    bad.hints.append("JSON Lines have a whole object on each line")
                }
                guard goesOn else {
                    batch.failure = bad
                    return
                }
                batch.bad.append(bad)
                scanner.at = min(end + 1, range.upperBound)
            }
        }
    }
}

extension RowBatch {
    /// Stages the cells of the object that starts at the scanner's place.
    @inline(__always)
    mutating func stageObject(_ scanner: inout JSONScanner) throws(BadRow) {
        beginRow()
        guard scanner.take(UInt8(ascii: "{")) else {
            throw scanner.unexpected("an object, '{…}'")
        }
        scanner.skipBlanks()
        if scanner.take(UInt8(ascii: "}")) { return }
        var likely = 0
        while true {
            guard scanner.at < scanner.end, source.bytes[scanner.at] == ByteScan.quote else {
                throw scanner.unexpected("a name in quotes")
            }
            let key = try scanner.text()
            scanner.skipBlanks()
            guard scanner.take(UInt8(ascii: ":")) else {
                throw scanner.unexpected("':' after the name")
            }
            scanner.skipBlanks()
            let column = try column(of: key, likely: likely)
            try stage(scanner.value(), in: column)
            likely = column &+ 1
            scanner.skipBlanks()
            if scanner.take(UInt8(ascii: ",")) {
                scanner.skipBlanks()
            } else if scanner.take(UInt8(ascii: "}")) {
                return
            } else {
                throw scanner.unexpected("',' or '}'")
            }
        }
    }
}
