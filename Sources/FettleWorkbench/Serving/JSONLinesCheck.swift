import FettleCore

/// Looks whether each line of a text is a JSON object, as the text comes; a line may be of any length.
///
/// Only the shape is looked at. Lines end with a line feed alone: U+2028 and its like are text. A byte order
/// mark at the start, blank lines, and a carriage return before a line feed are passed over.
struct JSONLinesCheck {
    /// The deepest nesting in a line.
    static let depth = 128

    private enum State {
        case lineStart, value, key, firstKey, firstItem, colon, after
        case string(isKey: Bool), escape(isKey: Bool), digits(isKey: Bool, left: Int)
        case word, number, lineEnd
    }

    private var state = State.lineStart
    /// Whether each open bracket is that of an object, the outermost first.
    private var open: [Bool] = []
    private var word: [UInt8] = []
    private var line = 1
    /// Lines that are not blank.
    private var objects = 0
    /// Scalars of the line so far.
    private var column = 0
    /// The first bytes of the line.
    private var start: [UInt8] = []
    /// Bytes of a byte order mark that were seen at the start of the text; nil after it.
    private var mark: Int? = 0

    /// Takes the next bytes.
    ///
    /// - Throws: `bad-lines`.
    mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
        var at = 0
        while let seen = mark, at < bytes.count {
            guard bytes[at] == ([0xEF, 0xBB, 0xBF] as [UInt8])[seen] else {
                mark = nil
                // Half a mark is no JSON.
                if seen > 0 { throw wrong("an object, '{…}'", found: 0xEF) }
                break
            }
            at += 1
            mark = seen == 2 ? nil : seen + 1
        }
        while at < bytes.count {
            if case .string = state, start.count == 12 {
                // Most bytes are text, which only these three can end.
                let from = at
                while at < bytes.count, bytes[at] != 0x22, bytes[at] != 0x5C, bytes[at] >= 0x20 {
                    at += 1
                }
                column += bytes[from..<at].reduce(into: 0) { $0 += $1 & 0xC0 == 0x80 ? 0 : 1 }
                guard at < bytes.count else { return }
            }
            try take(bytes[at])
            at += 1
        }
    }

    /// Ends the text.
    ///
    /// - Throws: `bad-lines` when the last line is half an object, or no line has one.
    mutating func finish() throws(Diagnostic) {
        switch state {
        case .lineStart, .lineEnd: break
        default: throw wrong("the rest of the object", found: nil)
        }
        guard objects > 0 else {
            throw Diagnostic(
                "bad-lines",
                "Expected file to have JSONL format, where every line is a JSON dictionary. "
                    + "The file has no lines."
            )
        }
    }

    private mutating func take(_ byte: UInt8) throws(Diagnostic) {
        if byte == 0x0A, case .lineStart = state { return nextLine() }
        if byte == 0x0A, case .lineEnd = state { return nextLine() }
        if start.count < 12 { start.append(byte) }
        if byte & 0xC0 != 0x80 { column += 1 }
        switch state {
        case .string(let isKey): try takeText(byte, isKey: isKey)
        case .escape(let isKey):
            switch byte {
            case UInt8(ascii: "u"): state = .digits(isKey: isKey, left: 4)
            case _ where "\"\\/bfnrt".utf8.contains(byte): state = .string(isKey: isKey)
            default: throw wrong("an escape such as '\\n' after '\\'", found: byte)
            }
        case .digits(let isKey, let left):
            guard Character(UnicodeScalar(byte)).isHexDigit, byte < 0x80 else {
                throw wrong("four hexadecimal digits after '\\u'", found: byte)
            }
            state = left == 1 ? .string(isKey: isKey) : .digits(isKey: isKey, left: left - 1)
        case .number where "+-.0123456789eE".utf8.contains(byte): break
        case .word where (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) && word.count < 5:
            word.append(byte)
        case .number: try takeMark(byte, after: true)
        case .word:
            try endWord()
            try takeMark(byte, after: true)
        default: try takeMark(byte, after: false)
        }
    }

    private mutating func takeText(_ byte: UInt8, isKey: Bool) throws(Diagnostic) {
        switch byte {
        case 0x22: state = isKey ? .colon : .after
        case 0x5C: state = .escape(isKey: isKey)
        case 0..<0x20: throw wrong("the end of the string, '\"'", found: byte)
        default: break
        }
    }

    /// Takes a byte between the values; `after` tells that it is the first after a number or a word.
    private mutating func takeMark(_ byte: UInt8, after: Bool) throws(Diagnostic) {
        if after { state = .after }
        switch (state, byte) {
        case (_, 0x20), (_, 0x09), (_, 0x0D): break
        case (.lineStart, UInt8(ascii: "{")):
            objects += 1
            try push(isObject: true)
        case (.lineStart, _): throw wrong("an object, '{…}'", found: byte)
        case (.lineEnd, _): throw wrong("the end of the line after the object", found: byte)
        case (.firstKey, UInt8(ascii: "}")), (.firstItem, UInt8(ascii: "]")): pop()
        case (.firstKey, 0x22), (.key, 0x22): state = .string(isKey: true)
        case (.firstKey, _), (.key, _): throw wrong("a name in double quotes", found: byte)
        case (.colon, UInt8(ascii: ":")): state = .value
        case (.colon, _): throw wrong("':' after the name", found: byte)
        case (.value, _), (.firstItem, _): try takeValue(byte)
        case (.after, UInt8(ascii: ",")): state = open.last == true ? .key : .value
        case (.after, UInt8(ascii: "}")) where open.last == true: pop()
        case (.after, UInt8(ascii: "]")) where open.last == false: pop()
        default: throw wrong(open.last == true ? "',' or '}'" : "',' or ']'", found: byte)
        }
    }

    private mutating func takeValue(_ byte: UInt8) throws(Diagnostic) {
        switch byte {
        case 0x22: state = .string(isKey: false)
        case UInt8(ascii: "{"): try push(isObject: true)
        case UInt8(ascii: "["): try push(isObject: false)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): state = .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            word = [byte]
            state = .word
        default: throw wrong("a value", found: byte)
        }
    }

    private mutating func push(isObject: Bool) throws(Diagnostic) {
        guard open.count < JSONLinesCheck.depth else {
            throw wrong(
                "at most \(JSONLinesCheck.depth) brackets that are open at once",
                found: isObject ? UInt8(ascii: "{") : UInt8(ascii: "[")
            )
        }
        open.append(isObject)
        state = isObject ? .firstKey : .firstItem
    }

    private mutating func pop() {
        open.removeLast()
        state = open.isEmpty ? .lineEnd : .after
    }

    private mutating func endWord() throws(Diagnostic) {
        let text = String(decoding: word, as: UTF8.self)
        guard ["true", "false", "null"].contains(text) else {
            throw wrong("a value", found: word[0])
        }
    }

    private mutating func nextLine() {
        line += 1
        column = 0
        start.removeAll(keepingCapacity: true)
        state = .lineStart
    }

    private func wrong(_ expected: String, found byte: UInt8?) -> Diagnostic {
        var quoted = ""
        let shown = String(decoding: start, as: UTF8.self).unicodeScalars.prefix(3)
        JSONValue.quote(String(shown) + "...", into: &quoted)
        let found: String
        switch byte {
        case nil: found = "the end of the text"
        case 0x0A?: found = "the end of the line"
        case let byte? where (0x21..<0x7F).contains(byte):
            found = "'\(Character(UnicodeScalar(byte)))'"
        case let byte?: found = "the byte 0x" + String(byte, radix: 16)
        }
        return Diagnostic(
            "bad-lines",
            "Expected file to have JSONL format, where every line is a JSON dictionary. Line \(line) is not "
                + "a dictionary (HINT: line starts with: \(quoted)). In column \(column): expected "
                + "\(expected), found \(found)."
        )
    }
}
