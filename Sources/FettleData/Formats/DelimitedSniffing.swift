/// Finds out how a delimited text is written from its beginning.
enum DelimitedSniffing {
    /// The delimiters that are looked for; of equally good ones the first is taken.
    static let delimiters: [UInt8] = [
        UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: "|"),
    ]

    private static let sampleBytes = 65_536
    private static let sampleRows = 20

    /// Returns the delimiter that cuts the first rows into the most equal numbers of cells.
    static func delimiter(of source: SourceText) -> UInt8 {
        var best = (score: 0, delimiter: delimiters[0])
        for delimiter in delimiters {
            let counts = cellCounts(source, delimiter)
            guard let first = counts.first, first > 1 else { continue }
            let equal = counts.count { $0 == first }
            // How many rows agree counts before how many cells they have.
            let score = equal * 10_000 / counts.count * 1_000 + min(first, 999)
            if score > best.score { best = (score, delimiter) }
        }
        return best.delimiter
    }

    private static func cellCounts(_ source: SourceText, _ delimiter: UInt8) -> [Int] {
        let end = min(source.count, source.start + sampleBytes)
        var scanner = DelimitedScanner(
            source.bytes,
            from: source.start,
            to: end,
            delimiter: delimiter
        )
        var counts: [Int] = []
        while scanner.at < end, counts.count < sampleRows {
            let start = scanner.at
            guard let cells = try? row(&scanner), let last = cells.last else { break }
            // The sample may end inside a row.
            if last.follower == .source, end < source.count { break }
            if scanner.at > start, cells.count > 1 || last.end > last.start {
                counts.append(cells.count)
            }
        }
        return counts
    }

    /// Scans a whole row.
    static func row(_ scanner: inout DelimitedScanner) throws(BadRow) -> [DelimitedScanner.Cell] {
        var cells: [DelimitedScanner.Cell] = []
        while true {
            let cell = try scanner.cell()
            cells.append(cell)
            if cell.follower != .delimiter { return cells }
        }
    }

    /// Whether a source's first row looks like names: no cell is a number or a truth value.
    static func isHeader(_ cells: [DelimitedScanner.Cell], _ bytes: UnsafePointer<UInt8>) -> Bool {
        !cells.contains { cell in
            JSONScanner.Kind.ofText(bytes, from: cell.start, to: cell.end).kind != .text
        }
    }
}

extension JSONScanner.Kind {
    /// Returns the kind of a delimited text's cell, and the bits of a number.
    @inline(__always)
    static func ofText(
        _ bytes: UnsafePointer<UInt8>,
        from start: Int,
        to end: Int
    ) -> (kind: JSONScanner.Kind, bits: UInt64) {
        if let number = CanonicalNumber.number(bytes, from: start, to: end) {
            return (number.kind, number.bits)
        }
        let count = end - start
        guard count == 4 || count == 5 else { return (.text, 0) }
        let slice = UnsafeBufferPointer(start: bytes + start, count: count)
        if slice.elementsEqual("true".utf8) { return (.boolean, 1) }
        if slice.elementsEqual("false".utf8) { return (.boolean, 0) }
        return (.text, 0)
    }
}
