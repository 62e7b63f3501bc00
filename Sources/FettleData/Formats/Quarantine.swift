import FettleCore

/// The side file of rows that could not be read.
enum Quarantine {
    /// Writes one JSON object for each row: its line and column, the reason, and the row as it stands;
    /// the row's bytes as hexadecimal digits when they are no UTF-8.
    static func write(_ rows: [BadRow], of source: SourceText, to path: String) throws {
        let sink = try ByteSink(path: path)
        var places = SourcePlaces(source)
        for bad in rows {
            let (line, column) = places.place(of: bad.offset)
            var end = bad.row.upperBound
            if end > bad.row.lowerBound, source.bytes[end - 1] == ByteScan.carriageReturn {
                end -= 1
            }
            let slice = UnsafeBufferPointer(
                start: source.bytes + bad.row.lowerBound,
                count: end - bad.row.lowerBound
            )
            var members: [JSONValue.Member] = [
                .init("line", .integer(Int64(line))),
                .init("column", .integer(Int64(column))),
                .init("reason", .string(bad.message)),
            ]
            if let text = String(validating: slice, as: UTF8.self) {
                members.append(.init("row", .string(text)))
            } else {
                let digits = slice.map { String(ByteNames.hex($0).dropFirst(2)) }.joined()
                members.append(.init("row_bytes", .string(digits)))
            }
            try sink.append(JSONValue.object(members).text() + "\n")
        }
        try sink.finish()
    }
}
