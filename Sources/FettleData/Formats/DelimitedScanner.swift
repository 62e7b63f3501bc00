/// Scans comma-separated values (RFC 4180) in place, with any one-byte delimiter.
struct DelimitedScanner {
    /// What stands after a cell.
    enum Follower {
        case delimiter, row, source
    }

    /// A cell's place, quotes not included.
    struct Cell {
        var start: Int
        var end: Int
        var quoted: Bool
        /// Whether doubled quotes stand for single ones in it.
        var doubled = false
        var follower: Follower
    }

    let bytes: UnsafePointer<UInt8>
    let end: Int
    let delimiter: UInt8
    var at: Int

    init(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int, delimiter: UInt8) {
        self.bytes = bytes
        self.end = end
        self.delimiter = delimiter
        at = start
    }

    /// Scans the cell that starts here, and passes what separates it from the next.
    @inline(__always)
    mutating func cell() throws(BadRow) -> Cell {
        let start = at
        if at < end, bytes[at] == ByteScan.quote { return try quotedCell() }
        while true {
            at = ByteScan.endOfPlainText(
                bytes,
                from: at,
                to: end,
                stops: delimiter,
                ByteScan.lineFeed,
                ByteScan.carriageReturn
            )
            guard at < end else {
                return Cell(start: start, end: at, quoted: false, follower: .source)
            }
            guard bytes[at] >= 0x80 || bytes[at] == 0 else {
                let stop = at
                let follower = try follower()
                return Cell(start: start, end: stop, quoted: false, follower: follower)
            }
            try passBeyondASCII()
        }
    }

    private mutating func quotedCell() throws(BadRow) -> Cell {
        let start = at + 1
        var doubled = false
        at = start
        while true {
            let quote = ByteScan.quote
            at = ByteScan.endOfPlainText(bytes, from: at, to: end, stops: quote, quote, quote)
            guard at < end else {
                throw BadRow(
                    "bad-csv",
                    "expected '\"' at the end of the quoted cell, found the end of the file",
                    at: start - 1
                )
            }
            if bytes[at] != quote {
                try passBeyondASCII()
            } else if at + 1 < end, bytes[at + 1] == quote {
                doubled = true
                at += 2
            } else {
                let stop = at
                at += 1
                let follower = try follower()
                return Cell(
                    start: start,
                    end: stop,
                    quoted: true,
                    doubled: doubled,
                    follower: follower
                )
            }
        }
    }

    private mutating func passBeyondASCII() throws(BadRow) {
        guard bytes[at] != 0 else {
            throw BadRow("bad-csv", "expected text, found a NUL byte", at: at)
        }
        while at < end, bytes[at] >= 0x80 {
            let length = ByteScan.sequenceLength(bytes, at: at, end: end)
            guard length > 0 else { throw ByteNames.invalidUTF8(bytes, at: at) }
            at += length
        }
    }

    /// Passes the delimiter or line end that stands here.
    @inline(__always)
    private mutating func follower() throws(BadRow) -> Follower {
        guard at < end else { return .source }
        switch bytes[at] {
        case delimiter:
            at &+= 1
            return .delimiter
        case ByteScan.lineFeed:
            at &+= 1
            return .row
        case ByteScan.carriageReturn where at + 1 == end || bytes[at + 1] == ByteScan.lineFeed:
            at = min(at + 2, end)
            return .row
        case ByteScan.carriageReturn:
            throw BadRow(
                "bad-csv",
                "expected a line feed after the carriage return, found "
                    + ByteNames.found(bytes, at: at + 1, end: end),
                at: at,
                hints: ["convert old line ends with: tr '\\r' '\\n'"]
            )
        default:
            throw BadRow(
                "bad-csv",
                "expected \(Self.name(of: delimiter)) or the end of the row after the closing quote, "
                    + "found \(ByteNames.found(bytes, at: at, end: end))",
                at: at,
                hints: ["a quote inside a quoted cell is written twice: \"\""]
            )
        }
    }

    /// Returns a delimiter in words.
    static func name(of delimiter: UInt8) -> String {
        delimiter == 0x09 ? "a tab" : "'\(Character(UnicodeScalar(delimiter)))'"
    }

    /// Returns the characters of a cell.
    func text(of cell: Cell) -> String {
        var text: [UInt8] = []
        append(cell, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the characters of a cell, doubled quotes made single.
    func append(_ cell: Cell, to out: inout [UInt8]) {
        var at = cell.start
        while cell.doubled, at < cell.end {
            let quote = ByteScan.first(ByteScan.quote, in: bytes, from: at, to: cell.end)
            let stop = min(quote + 1, cell.end)
            out.append(contentsOf: UnsafeBufferPointer(start: bytes + at, count: stop - at))
            at = min(quote + 2, cell.end)
        }
        out.append(contentsOf: UnsafeBufferPointer(start: bytes + at, count: cell.end - at))
    }
}
