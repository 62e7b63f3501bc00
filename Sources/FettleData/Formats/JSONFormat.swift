import FettleCore

/// JSON: one array of objects.
struct JSONFormat: DatasetFormat {
    let name = "json"
    let extensions = ["json"]
    let writer: any RowWriter = JSONWriter()

    func recognizes(_ source: SourceText) -> Bool {
        source.firstByte == UInt8(ascii: "[")
    }

    func read(
        _ source: SourceText,
        _ options: LoadOptions,
        progress: (LoadProgress) throws -> Void
    ) throws -> ReadRows {
        var batch = RowBatch(
            source,
            declared: options.types,
            bytes: source.count - source.start
        )
        var scanner = JSONScanner(
            source.bytes,
            from: source.start,
            to: source.count,
            oneLine: false
        )
        scanner.skipBlanks()
        guard scanner.take(UInt8(ascii: "[")) else {
            var bad = scanner.unexpected("an array of objects, '[{…}, …]'")
            if source.firstByte == UInt8(ascii: "{") {
                bad.hints.append("format=jsonl reads one object a line")
            }
            throw bad
        }
        scanner.skipBlanks()
        if !scanner.take(UInt8(ascii: "]")) {
            var reported = scanner.at
            repeat {
                scanner.skipBlanks()
                try row(&scanner, into: &batch, goesOn: options.quarantine != nil)
                scanner.skipBlanks()
                if scanner.at - reported > options.pieceSize {
                    reported = scanner.at
                    try progress(
                        LoadProgress(
                            bytesDone: reported,
                            bytesTotal: source.count,
                            rows: batch.rowCount
                        )
                    )
                }
            } while scanner.take(UInt8(ascii: ","))
            guard scanner.take(UInt8(ascii: "]")) else {
                throw scanner.unexpected("',' or ']' after the row")
            }
        }
        scanner.skipBlanks()
        guard scanner.at == scanner.end else {
            throw scanner.unexpected("the end of the file after the array")
        }
        return ReadRows(batches: [batch])
    }

    /// Reads one row; a bad one that is JSON all the same can be left out.
    private func row(
        _ scanner: inout JSONScanner,
        into batch: inout RowBatch,
        goesOn: Bool
    ) throws(BadRow) {
        let start = scanner.at
        do throws(BadRow) {
            try batch.stageObject(&scanner)
            batch.commit()
        } catch {
            guard goesOn else { throw error }
            scanner.at = start
            let value = try scanner.value()
            var bad = error
            bad.row = value.start..<value.end
            batch.bad.append(bad)
        }
    }
}
