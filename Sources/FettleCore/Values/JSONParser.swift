/// How much JSON is taken before it is refused.
public struct JSONLimits: Hashable, Sendable {
    /// The deepest nesting of arrays and objects.
    public var depth: Int
    /// The longest text in bytes; the values of a text take up to some thirty times its length.
    public var bytes: Int

    /// Makes limits; the defaults hold the largest tokenizer files in use (33 MB).
    public init(depth: Int = 128, bytes: Int = 64 << 20) {
        self.depth = depth
        self.bytes = bytes
    }
}

extension JSONValue {
    /// Returns the value that JSON text (RFC 8259) says, members in the order of the text.
    ///
    /// A whole number that fits is an `integer`, every other a `number`. Of two members with the same
    /// name both are kept, and ``subscript(_:)`` gives the first.
    ///
    /// - Parameters:
    ///   - bytes: the text, in UTF-8.
    ///   - file: the name that an error is placed in.
    ///   - limits: how long and how deep the text may be.
    /// - Returns: the value.
    /// - Throws: `bad-json`, `invalid-utf8` or `too-large`, with line and column when a file is named.
    public static func parse(
        _ bytes: UnsafeRawBufferPointer,
        file: String? = nil,
        limits: JSONLimits = JSONLimits()
    ) throws(Diagnostic) -> JSONValue {
        guard bytes.count <= limits.bytes else {
            throw Diagnostic(
                "too-large",
                "expected JSON of at most \(NumberText.count(limits.bytes, "byte")), found "
                    + NumberText.count(bytes.count, "byte"),
                location: file.map { SourceLocation(file: $0, line: 1, column: 1) }
            )
        }
        var parser = JSONParser(bytes.bindMemory(to: UInt8.self), depth: limits.depth)
        do {
            return try parser.document()
        } catch {
            throw error.diagnostic(in: bytes, file: file)
        }
    }

    /// Returns the value that JSON text says; see the form that takes a buffer.
    ///
    /// - Throws: as that form does.
    public static func parse(
        _ bytes: [UInt8],
        file: String? = nil,
        limits: JSONLimits = JSONLimits()
    ) throws(Diagnostic) -> JSONValue {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(Diagnostic) in try parse(buffer, file: file, limits: limits) }
        }
        return try result.get()
    }
}

/// What is wrong with JSON text, and the offset of the byte where it is.
private struct JSONProblem: Error {
    var code = "bad-json"
    var message: String
    var offset: Int

    func diagnostic(in bytes: UnsafeRawBufferPointer, file: String?) -> Diagnostic {
        var line = 1
        var lineStart = 0
        for (place, byte) in bytes.prefix(offset).enumerated() where byte == 0x0A {
            line += 1
            lineStart = place + 1
        }
        let before = bytes[lineStart..<min(offset, bytes.count)]
        let column = before.reduce(into: 1) { $0 += $1 & 0xC0 == 0x80 ? 0 : 1 }
        guard let file else {
            return Diagnostic(code, "\(message) (line \(line), column \(column))")
        }
        let location = SourceLocation(file: file, line: line, column: column)
        return Diagnostic(code, message, location: location)
    }
}

/// One pass over JSON text, from `at` on.
private struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let deepest: Int
    private var at = 0
    private var scratch: [UInt8] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>, depth: Int) {
        self.bytes = bytes
        deepest = depth
    }

    mutating func document() throws(JSONProblem) -> JSONValue {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { at = 3 }
        skipBlanks()
        let value = try value(depth: 0)
        skipBlanks()
        guard at == bytes.count else { throw unexpected("the end of the text") }
        return value
    }

    @inline(__always)
    private mutating func skipBlanks() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at &+= 1
            default: return
            }
        }
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at &+= 1
        return true
    }

    private func unexpected(_ expected: String) -> JSONProblem {
        JSONProblem(message: "expected \(expected), found \(found(at: at))", offset: at)
    }

    private func found(at place: Int) -> String {
        guard place < bytes.count else { return "the end of the text" }
        let byte = bytes[place]
        switch byte {
        case 0x0A: return "a line feed"
        case 0x0D: return "a carriage return"
        case 0x09: return "a tab"
        case 0x20: return "a space"
        case 0x27: return "a single quote"
        case 0x21..<0x7F: return "'\(Character(UnicodeScalar(byte)))'"
        case 0x80...:
            let rest = String(decoding: bytes[place..<min(place + 4, bytes.count)], as: UTF8.self)
            guard let first = rest.unicodeScalars.first, first != "\u{FFFD}" else {
                return "the byte 0x\(String(byte, radix: 16, uppercase: true))"
            }
            return "'\(first)'"
        default:
            let hex = String(byte, radix: 16, uppercase: true)
            return "the control character U+00\(byte < 16 ? "0" : "")\(hex)"
        }
    }

    private mutating func value(depth: Int) throws(JSONProblem) -> JSONValue {
        guard at < bytes.count else { throw unexpected("a value") }
        switch bytes[at] {
        case UInt8(ascii: "\""): return .string(try text())
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw unexpected("a value")
        }
    }

    private mutating func word(
        _ word: StaticString,
        _ value: JSONValue
    ) throws(JSONProblem) -> JSONValue {
        let length = word.utf8CodeUnitCount
        guard at + length <= bytes.count else { throw unexpected("a value") }
        for offset in 0..<length where bytes[at + offset] != word.utf8Start[offset] {
            throw unexpected("a value")
        }
        at += length
        return value
    }

    private func checkDepth(_ depth: Int) throws(JSONProblem) {
        guard depth < deepest else {
            throw JSONProblem(message: "nested deeper than \(deepest) levels", offset: at)
        }
    }

    private mutating func array(depth: Int) throws(JSONProblem) -> JSONValue {
        try checkDepth(depth)
        at += 1
        var items: [JSONValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .array(items) }
        while true {
            items.append(try value(depth: depth + 1))
            skipBlanks()
            if take(UInt8(ascii: "]")) { return .array(items) }
            guard take(UInt8(ascii: ",")) else { throw unexpected("',' or ']'") }
            skipBlanks()
        }
    }

    private mutating func object(depth: Int) throws(JSONProblem) -> JSONValue {
        try checkDepth(depth)
        at += 1
        var members: [JSONValue.Member] = []
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
                throw unexpected("a name in quotes")
            }
            let name = try text()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw unexpected("':' after the name") }
            skipBlanks()
            members.append(JSONValue.Member(name, try value(depth: depth + 1)))
            skipBlanks()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw unexpected("',' or '}'") }
            skipBlanks()
        }
    }

    private mutating func number() throws(JSONProblem) -> JSONValue {
        let start = at
        var isWhole = true
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "-")) { _ = take(UInt8(ascii: "+")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isWhole, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw JSONProblem(
                message: "expected a number that 64 bits hold, found '\(text.prefix(30))'",
                offset: start
            )
        }
        return .number(number)
    }

    private mutating func digits() throws(JSONProblem) {
        let start = at
        while at < bytes.count, bytes[at] &- UInt8(ascii: "0") < 10 { at &+= 1 }
        guard at > start else { throw unexpected("a digit") }
    }

    /// Reads the text whose opening quote stands here.
    @inline(__always)
    private mutating func text() throws(JSONProblem) -> String {
        at &+= 1
        let start = at
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                let slice = UnsafeBufferPointer(rebasing: bytes[start..<at])
                guard let text = String(validating: slice, as: UTF8.self) else {
                    throw invalidUTF8(from: start, to: at)
                }
                at &+= 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedText(from: start) }
            guard byte >= 0x20 else { throw unexpected("an escape such as '\\n' in a text") }
            at &+= 1
        }
        throw unclosed(start)
    }

    /// Reads on a text that began at `start` and has an escape here.
    private mutating func escapedText(from start: Int) throws(JSONProblem) -> String {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: bytes[start..<at])
        while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: scratch, as: UTF8.self) else {
                    throw invalidUTF8(from: start, to: at)
                }
                at += 1
                return text
            case UInt8(ascii: "\\"): try escape()
            case 0..<0x20: throw unexpected("an escape such as '\\n' in a text")
            default:
                scratch.append(byte)
                at += 1
            }
        }
        throw unclosed(start)
    }

    private mutating func escape() throws(JSONProblem) {
        let start = at
        at += 1
        guard at < bytes.count else { throw unclosed(start) }
        let name = bytes[at]
        at += 1
        switch name {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(name)
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0C)
        case UInt8(ascii: "n"): scratch.append(0x0A)
        case UInt8(ascii: "r"): scratch.append(0x0D)
        case UInt8(ascii: "t"): scratch.append(0x09)
        case UInt8(ascii: "u"): try appendScalar(escapeStart: start)
        default:
            throw JSONProblem(
                message: "expected an escape of JSON (\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u), "
                    + "found '\\' and \(found(at: at - 1))",
                offset: start
            )
        }
    }

    private mutating func appendScalar(escapeStart start: Int) throws(JSONProblem) {
        var value = try codeUnit()
        if value & 0xFC00 == 0xD800, at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
            bytes[at + 1] == UInt8(ascii: "u")
        {
            at += 2
            let low = try codeUnit()
            if low & 0xFC00 == 0xDC00 { value = 0x10000 + (value & 0x3FF) << 10 + (low & 0x3FF) }
        }
        guard let scalar = UnicodeScalar(value), let encoded = UTF8.encode(scalar) else {
            throw JSONProblem(
                message: "expected both halves of a surrogate pair, found one",
                offset: start
            )
        }
        scratch.append(contentsOf: encoded)
    }

    private mutating func codeUnit() throws(JSONProblem) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard at < bytes.count, let digit = Character(UnicodeScalar(bytes[at])).hexDigitValue
            else {
                throw unexpected("four hexadecimal digits after '\\u'")
            }
            unit = unit << 4 | UInt32(digit)
            at += 1
        }
        return unit
    }

    private func unclosed(_ start: Int) -> JSONProblem {
        JSONProblem(
            message: "expected '\"' at the end of the text, found the end of the text",
            offset: max(0, start - 1)
        )
    }

    private func invalidUTF8(from start: Int, to end: Int) -> JSONProblem {
        var place = start
        var decoder = UTF8()
        var source = bytes[start..<end].makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&source) {
            place += UTF8.width(scalar)
        }
        let byte = bytes[min(place, end - 1)]
        return JSONProblem(
            code: "invalid-utf8",
            message: "expected UTF-8, found the byte 0x\(String(byte, radix: 16, uppercase: true))",
            offset: place
        )
    }
}
