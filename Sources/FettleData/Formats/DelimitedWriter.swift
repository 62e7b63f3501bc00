/// Writes delimited text: null and missing are an empty cell, the empty text is `""`.
struct DelimitedWriter: RowWriter {
    let delimiter: UInt8

    func begin(_ columns: [WrittenColumn], to out: inout [UInt8]) {
        for (place, column) in columns.enumerated() {
            if place > 0 { out.append(delimiter) }
            var name = column.name
            name.withUTF8 { append(UnsafeRawBufferPointer($0), to: &out) }
        }
        out.append(ByteScan.lineFeed)
    }

    func row(_ row: Int, _ columns: [WrittenColumn], isFirst: Bool, to out: inout [UInt8]) {
        for place in columns.indices {
            if place > 0 { out.append(delimiter) }
            if columns[place].isText {
                let reference = columns[place].reference(at: row)
                if !reference.isAbsent { append(columns[place].bytes(of: reference), to: &out) }
                continue
            }
            let column = columns[place].column
            guard column.presence(at: row) == .value else { continue }
            switch column.storage {
            case .integer(let values):
                ByteText.append(values[row], to: &out)
            case .number, .boolean, .text:
                out.append(contentsOf: column[row].displayText.utf8)
            }
        }
        out.append(ByteScan.lineFeed)
    }

    private func append(_ bytes: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count > 0
        else {
            return out.append(contentsOf: [ByteScan.quote, ByteScan.quote])
        }
        let buffer = UnsafeBufferPointer(start: base, count: bytes.count)
        guard needsQuotes(base, bytes.count) else { return out.append(contentsOf: buffer) }
        out.append(ByteScan.quote)
        var at = 0
        while true {
            let stop = ByteScan.first(ByteScan.quote, in: base, from: at, to: bytes.count)
            out.append(contentsOf: UnsafeBufferPointer(start: base + at, count: stop - at))
            guard stop < bytes.count else { break }
            out.append(contentsOf: [ByteScan.quote, ByteScan.quote])
            at = stop + 1
        }
        out.append(ByteScan.quote)
    }

    /// Whether a cell holds the delimiter, a quote or a line end, or begins with a byte order mark, which
    /// at the start of a file would be taken for the file's own.
    private func needsQuotes(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        (bytes[0] == 0xEF && count > 2 && bytes[1] == 0xBB && bytes[2] == 0xBF)
            || ByteScan.first(ByteScan.quote, in: bytes, from: 0, to: count) < count
            || ByteScan.first(delimiter, in: bytes, from: 0, to: count) < count
            || ByteScan.first(ByteScan.lineFeed, in: bytes, from: 0, to: count) < count
            || ByteScan.first(ByteScan.carriageReturn, in: bytes, from: 0, to: count) < count
    }
}
