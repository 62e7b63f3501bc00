/// Scans JSON (RFC 8259) in place: every value is found as a slice of the source, and nothing is copied.
///
/// A scanner for JSON Lines does not take a line feed for white space, so that a row cannot reach into
/// the next line.
struct JSONScanner {
    /// What a value is; numbers are told apart by what holds them without loss.
    enum Kind: UInt8 {
        case text, integer, number, boolean, json, null
        /// A number that neither 64-bit integers nor doubles hold.
        case wide
    }

    /// A value's place and, for numbers, its bits.
    struct Value {
        var kind: Kind
        /// The value as it stands, a text's quotes included.
        var start: Int
        var end: Int
        /// Whether a text has escapes.
        var escaped = false
        /// The bits of an `Int64` or a `Double`.
        var bits: UInt64 = 0
    }

    /// The deepest nesting of arrays and objects inside a row's value.
    static let deepest = 256

    let bytes: UnsafePointer<UInt8>
    let end: Int
    let oneLine: Bool
    var at: Int

    init(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int, oneLine: Bool) {
        self.bytes = bytes
        self.end = end
        self.oneLine = oneLine
        at = start
    }

    /// Passes blanks, tabs and carriage returns, and line feeds unless a line ends the row.
    @inline(__always)
    mutating func skipBlanks() {
        while at < end {
            switch bytes[at] {
            case 0x20, 0x09, 0x0D: at &+= 1
            case 0x0A where !oneLine: at &+= 1
            default: return
            }
        }
    }

    /// Passes `byte` when it stands here.
    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard at < end, bytes[at] == byte else { return false }
        at &+= 1
        return true
    }

    /// The error for what stands here instead of `expected`.
    func unexpected(_ expected: String) -> BadRow {
        if at < end, bytes[at] >= 0x80, ByteScan.sequenceLength(bytes, at: at, end: end) == 0 {
            return ByteNames.invalidUTF8(bytes, at: at)
        }
        var message = "expected \(expected), found \(ByteNames.found(bytes, at: at, end: end))"
        if at >= end, oneLine { message = "expected \(expected), found the end of the line" }
        var hints: [String] = []
        if at < end, bytes[at] == UInt8(ascii: "'") { hints = ["JSON quotes texts with \""] }
        return BadRow("bad-json", message, at: at, hints: hints)
    }

    /// Scans the value that starts here.
    @inline(__always)
    mutating func value(depth: Int = 0) throws(BadRow) -> Value {
        guard at < end else { throw unexpected("a value") }
        switch bytes[at] {
        case ByteScan.quote: return try text()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", .boolean, bits: 1)
        case UInt8(ascii: "f"): return try word("false", .boolean, bits: 0)
        case UInt8(ascii: "n"): return try word("null", .null, bits: 0)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return try nested(depth: depth)
        default: throw unexpected("a value")
        }
    }

    /// Scans the text whose opening quote stands here.
    @inline(__always)
    mutating func text() throws(BadRow) -> Value {
        let start = at
        at &+= 1
        var escaped = false
        while true {
            at = ByteScan.endOfPlainJSON(bytes, from: at, to: end)
            guard at < end else { throw unclosed(start) }
            let byte = bytes[at]
            if byte == ByteScan.quote {
                at &+= 1
                return Value(kind: .text, start: start, end: at, escaped: escaped)
            }
            if byte == ByteScan.backslash {
                escaped = true
                try passEscape()
            } else if byte >= 0x80 {
                repeat {
                    let length = ByteScan.sequenceLength(bytes, at: at, end: end)
                    guard length > 0 else { throw ByteNames.invalidUTF8(bytes, at: at) }
                    at &+= length
                } while at < end && bytes[at] >= 0x80
            } else {
                throw control(byte, textFrom: start)
            }
        }
    }

    private func unclosed(_ start: Int) -> BadRow {
        BadRow(
            "bad-json",
            "expected '\"' at the end of the text, found the end of the \(oneLine ? "line" : "file")",
            at: start,
            count: min(end - start, 20)
        )
    }

    private func control(_ byte: UInt8, textFrom start: Int) -> BadRow {
        if byte == ByteScan.lineFeed, oneLine { return unclosed(start) }
        return BadRow(
            "bad-json",
            "expected an escape such as '\\n' in a text, found "
                + (byte == ByteScan.lineFeed
                    ? "a line feed" : ByteNames.found(bytes, at: at, end: end)),
            at: at
        )
    }

    private mutating func passEscape() throws(BadRow) {
        guard at + 1 < end else { throw unclosed(at) }
        switch bytes[at + 1] {
        case ByteScan.quote, ByteScan.backslash, UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 2
        case UInt8(ascii: "u"):
            let start = at
            let unit = try codeUnit()
            guard unit & 0xF800 == 0xD800 else { return }
            if unit < 0xDC00, at + 1 < end, bytes[at] == ByteScan.backslash,
                bytes[at + 1] == UInt8(ascii: "u")
            {
                let low = try codeUnit()
                if low & 0xFC00 == 0xDC00 { return }
            }
            throw BadRow(
                "bad-json",
                "expected both halves of a surrogate pair, found one",
                at: start,
                count: 6
            )
        default:
            throw BadRow(
                "bad-json",
                "expected an escape of JSON (\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u), found '\\' and "
                    + ByteNames.found(bytes, at: at + 1, end: end),
                at: at,
                count: 2
            )
        }
    }

    private mutating func codeUnit() throws(BadRow) -> UInt32 {
        guard let unit = JSONText.codeUnit(bytes, at: at + 2, end: end) else {
            throw BadRow(
                "bad-json",
                "expected four hexadecimal digits after '\\u'",
                at: at,
                count: min(6, end - at)
            )
        }
        at += 6
        return unit
    }

    private mutating func word(
        _ word: StaticString,
        _ kind: Kind,
        bits: UInt64
    ) throws(BadRow) -> Value {
        let start = at
        let length = word.utf8CodeUnitCount
        for offset in 0..<length {
            guard at &+ offset < end, bytes[at &+ offset] == word.utf8Start[offset] else {
                throw unexpected("a value")
            }
        }
        at &+= length
        return Value(kind: kind, start: start, end: at, bits: bits)
    }

    /// Scans the array or object that starts here, checking all of it.
    private mutating func nested(depth: Int) throws(BadRow) -> Value {
        let start = at
        guard depth < Self.deepest else {
            throw BadRow("bad-json", "nested deeper than \(Self.deepest) levels", at: at)
        }
        let isObject = bytes[at] == UInt8(ascii: "{")
        let close = UInt8(ascii: isObject ? "}" : "]")
        at &+= 1
        skipBlanks()
        if take(close) { return Value(kind: .json, start: start, end: at) }
        while true {
            if isObject {
                guard at < end, bytes[at] == ByteScan.quote else {
                    throw unexpected("a name in quotes")
                }
                _ = try text()
                skipBlanks()
                guard take(UInt8(ascii: ":")) else { throw unexpected("':' after the name") }
                skipBlanks()
            }
            _ = try value(depth: depth + 1)
            skipBlanks()
            if take(close) { return Value(kind: .json, start: start, end: at) }
            guard take(UInt8(ascii: ",")) else {
                throw unexpected(isObject ? "',' or '}'" : "',' or ']'")
            }
            skipBlanks()
        }
    }
}
