import FettleCore

/// A word or sign of an expression with its place.
struct ExpressionToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// A bare name: a column, a function or a word of the language.
        case name(String)
        /// A column's name in backticks.
        case column(String)
        /// A quoted text.
        case text(TextLiteral)
        case integer(Int64)
        case number(Double)
        case symbol(String)
        case end
    }

    let kind: Kind
    let span: SourceSpan
}

/// A quoted text's value, and where each of its bytes stands in the source.
struct TextLiteral: Hashable, Sendable {
    let value: String
    let offsets: [Int]

    /// The span in the source of a span in the value.
    func span(of inner: SourceSpan, within literal: SourceSpan) -> SourceSpan {
        let end = literal.end - 1
        let start = inner.start < offsets.count ? offsets[inner.start] : end
        let after = inner.end < offsets.count ? offsets[inner.end] : end
        return SourceSpan(start, max(after, start + 1))
    }
}

/// Cuts the text of an expression into tokens.
struct ExpressionLexer {
    private let bytes: [UInt8]
    private var at = 0

    private static let symbols = [
        "==", "!=", "<=", ">=", "!~", "<>", "&&", "||", "=", "<", ">", "~", "+", "-", "*", "/", "%",
        "(", ")", "[", "]", ",", "!",
    ]

    private init(_ source: String) {
        bytes = Array(source.utf8)
    }

    /// Returns the tokens of `source`, the last one an `end`.
    static func tokens(of source: String) throws(Diagnostic) -> [ExpressionToken] {
        var lexer = ExpressionLexer(source)
        var tokens: [ExpressionToken] = []
        while let token = try lexer.next() { tokens.append(token) }
        let end = lexer.bytes.count
        tokens.append(ExpressionToken(kind: .end, span: SourceSpan(end, end)))
        return tokens
    }

    /// Returns the name in quotes or backticks that `text` begins with, and its length in bytes; nil when
    /// it begins with none.
    static func quotedName(at text: String) throws(Diagnostic) -> (name: String, length: Int)? {
        var lexer = ExpressionLexer(text)
        guard let first = lexer.bytes.first, [0x27, 0x22, 0x60].contains(first) else { return nil }
        switch try lexer.next()?.kind {
        case .column(let name): return (name, lexer.at)
        case .text(let literal): return (literal.value, lexer.at)
        default: return nil
        }
    }

    private mutating func next() throws(Diagnostic) -> ExpressionToken? {
        while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
        guard at < bytes.count else { return nil }
        let start = at
        let kind: ExpressionToken.Kind
        switch bytes[at] {
        case UInt8(ascii: "'"): kind = .text(try raw())
        case UInt8(ascii: "\""): kind = .text(try escaped())
        case UInt8(ascii: "`"): kind = .column(try backticked())
        case let byte where isDigit(byte) || (byte == UInt8(ascii: ".") && isDigit(peek(1))):
            kind = try number()
        default:
            if nameScalarLength() > 0 {
                kind = .name(name())
            } else {
                kind = .symbol(try symbol())
            }
        }
        return ExpressionToken(kind: kind, span: SourceSpan(start, at))
    }

    private func peek(_ distance: Int) -> UInt8 {
        at + distance < bytes.count ? bytes[at + distance] : 0
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    // MARK: - Names and signs

    /// The number of bytes of the name's character here, 0 when it cannot stand in a name.
    private func nameScalarLength() -> Int {
        let byte = bytes[at]
        if byte < 0x80 {
            let letter = (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
            let sign = byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            return letter || sign || isDigit(byte) ? 1 : 0
        }
        let (scalar, length) = scalarHere()
        let properties = scalar.properties
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .decimalNumber, .letterNumber, .otherNumber:
            return length
        default: return properties.isAlphabetic ? length : 0
        }
    }

    private func scalarHere() -> (Unicode.Scalar, Int) {
        var iterator = bytes[at...].makeIterator()
        var decoder = UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
            return ("\u{FFFD}", 1)
        }
        return (scalar, UTF8.width(scalar))
    }

    private mutating func name() -> String {
        let start = at
        while at < bytes.count {
            let length = nameScalarLength()
            guard length > 0 else { break }
            at += length
        }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func symbol() throws(Diagnostic) -> String {
        for symbol in Self.symbols where bytes[at...].starts(with: symbol.utf8) {
            at += symbol.utf8.count
            return symbol
        }
        let (scalar, length) = scalarHere()
        let span = SourceSpan(at, at + length)
        let found = "'\(Character(scalar))' has no meaning in an expression"
        let hint =
            switch scalar {
            case "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}":
                "write plain quotes round a text: \"…\" or '…'"
            case "$":
                "write a column's name without '$', or in backticks when it has odd characters"
            default: "a column whose name has such characters is written in backticks: `odd name`"
            }
        throw Diagnostic("bad-expression", found, span: span, hint: hint)
    }

    private mutating func number() throws(Diagnostic) -> ExpressionToken.Kind {
        let start = at
        while isDigit(peek(0)) { at += 1 }
        var whole = true
        if peek(0) == UInt8(ascii: "."), isDigit(peek(1)) {
            whole = false
            at += 1
            while isDigit(peek(0)) { at += 1 }
        }
        let sign = peek(1) == UInt8(ascii: "-") || peek(1) == UInt8(ascii: "+")
        if peek(0) | 0x20 == UInt8(ascii: "e"), isDigit(peek(sign ? 2 : 1)) {
            whole = false
            at += sign ? 2 : 1
            while isDigit(peek(0)) { at += 1 }
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if at < bytes.count, nameScalarLength() > 0 {
            let rest = name()
            throw Diagnostic(
                "bad-expression",
                "'\(text)\(rest)' is neither a number nor a name",
                span: SourceSpan(start, at),
                hint: "a column whose name begins with a digit is written in backticks: "
                    + "`\(text)\(rest)`"
            )
        }
        if whole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            throw Diagnostic(
                "bad-expression",
                "'\(text)' is too large for a number",
                span: SourceSpan(start, at),
                hint: "the largest is about 1.8e308"
            )
        }
        return .number(value)
    }

    // MARK: - Quotes

    private mutating func raw() throws(Diagnostic) -> TextLiteral {
        let start = at + 1
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "'")) else {
            throw unclosed("'", from: at)
        }
        at = end + 1
        let value = String(decoding: bytes[start..<end], as: UTF8.self)
        return TextLiteral(value: value, offsets: Array(start..<end))
    }

    private mutating func backticked() throws(Diagnostic) -> String {
        let start = at + 1
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "`")) else {
            throw unclosed("`", from: at)
        }
        at = end + 1
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private mutating func escaped() throws(Diagnostic) -> TextLiteral {
        let open = at
        var value: [UInt8] = []
        var offsets: [Int] = []
        at += 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            let start = at
            let made = bytes[at] == UInt8(ascii: "\\") ? try escape() : [bytes[at]]
            if at == start { at += 1 }
            value += made
            offsets += Array(repeating: start, count: made.count)
        }
        guard at < bytes.count else { throw unclosed("\"", from: open) }
        at += 1
        return TextLiteral(value: String(decoding: value, as: UTF8.self), offsets: offsets)
    }

    private mutating func escape() throws(Diagnostic) -> [UInt8] {
        let start = at
        let (scalar, length) = at + 1 < bytes.count ? following() : ("\\", 0)
        at += 1 + length
        switch scalar {
        case "n": return [0x0A]
        case "t": return [0x09]
        case "r": return [0x0D]
        case "\\" where length > 0, "\"", "'", "$": return Array(String(scalar).utf8)
        case "u": return try unicodeEscape(from: start)
        default: break
        }
        throw Diagnostic(
            "bad-escape",
            "'\\\(length > 0 ? String(scalar) : "")' is no escape; \\n \\t \\r \\\" \\\\ \\$ and "
                + "\\u{…} are",
            span: SourceSpan(start, at),
            hint: "in '…' backslashes stand as they are, which suits patterns"
        )
    }

    private func following() -> (Unicode.Scalar, Int) {
        var ahead = self
        ahead.at += 1
        return ahead.scalarHere()
    }

    private mutating func unicodeEscape(from start: Int) throws(Diagnostic) -> [UInt8] {
        if peek(0) == UInt8(ascii: "{"),
            let close = bytes[at...].prefix(10).firstIndex(of: UInt8(ascii: "}"))
        {
            let digits = String(decoding: bytes[at + 1..<close], as: UTF8.self)
            if let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) {
                at = close + 1
                return Array(String(scalar).utf8)
            }
        }
        throw Diagnostic(
            "bad-escape",
            "'\\u' names no character",
            span: SourceSpan(start, at),
            hint: "write its number in hexadecimal between braces: \\u{1F600}"
        )
    }

    private func unclosed(_ quote: String, from start: Int) -> Diagnostic {
        Diagnostic(
            "unclosed-quote",
            "the \(quote) that opens here is not closed",
            span: SourceSpan(start, bytes.count),
            hint: "write \(quote) after its last character"
        )
    }
}
