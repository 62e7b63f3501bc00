import FettleCore

/// Reads words: bare, 'raw', "interpolated", """text""", heredocs, and variables inside them.
struct WordLexer {
    enum Failure: Error {
        case open(OpenConstruct)
        case diagnostic(Diagnostic)
    }

    var scanner: Scanner
    private var pieces: [Word.Piece] = []
    private var text: [UInt8] = []
    private var offsets: [Int] = []

    init(_ scanner: Scanner) {
        self.scanner = scanner
    }

    /// Reads the word at the cursor, which must not be at a blank.
    mutating func word() throws(Failure) -> Word {
        let start = scanner.at
        var quoted = false
        while !scanner.isAtEnd, !scanner.peek().endsBareWord, !isContinuation {
            switch scanner.peek() {
            case UInt8(ascii: "'"):
                quoted = true
                try raw()
            case UInt8(ascii: "\""):
                quoted = true
                if scanner.starts(with: "\"\"\"") { try triple() } else { try interpolated() }
            case UInt8(ascii: "$"): try variable(asLiteral: false)
            case UInt8(ascii: "\\"):
                guard scanner.at + 1 < scanner.bytes.count else {
                    throw .open(
                        OpenConstruct(
                            what: "a trailing '\\'",
                            span: SourceSpan(scanner.at, scanner.at + 1)
                        )
                    )
                }
                scanner.at += 1
                take()
            default: take()
            }
        }
        flush()
        return Word(pieces: pieces, span: SourceSpan(start, scanner.at), isQuoted: quoted)
    }

    private var isContinuation: Bool {
        scanner.starts(with: "\\\n") || scanner.starts(with: "\\\r\n")
    }

    /// Reads `<<TAG`, `<<'TAG'` (no variables) or `<<~TAG` (common indentation dropped); the lines start
    /// after the end of the current line.
    ///
    /// - Returns: the word, and the range of the lines with the closing tag, to be left out of the source.
    mutating func heredoc() throws(Failure) -> (Word, body: Range<Int>) {
        let start = scanner.at
        scanner.at += 2
        let strips = scanner.peek() == UInt8(ascii: "~")
        if strips { scanner.at += 1 }
        let isRaw = scanner.peek() == UInt8(ascii: "'")
        if isRaw { scanner.at += 1 }
        let tagStart = scanner.at
        while scanner.peek().isNameByte { scanner.at += 1 }
        let tag = scanner.text(tagStart, scanner.at)
        guard !tag.isEmpty, !isRaw || scanner.peek() == UInt8(ascii: "'") else {
            throw .diagnostic(
                Diagnostic(
                    "bad-heredoc",
                    "'<<' must be followed by a tag of letters",
                    span: SourceSpan(start, max(scanner.at, start + 2)),
                    hint: "write <<END, the lines, and END on a line of its own"
                )
            )
        }
        if isRaw { scanner.at += 1 }
        let span = SourceSpan(start, scanner.at)
        let after = scanner.at
        let bodyStart = scanner.endOfLine(from: after) + 1
        var lines: [Range<Int>] = []
        var lineStart = bodyStart
        while lineStart < scanner.bytes.count {
            let lineEnd = scanner.endOfLine(from: lineStart)
            let line = scanner.text(lineStart, lineEnd)
            if line.trimmingBlanks == tag {
                let whole = bodyStart..<min(lineEnd + 1, scanner.bytes.count)
                try fill(lines, strips: strips, isRaw: isRaw)
                scanner.at = after
                return (Word(pieces: pieces, span: span, isQuoted: true), whole)
            }
            lines.append(lineStart..<lineEnd)
            lineStart = lineEnd + 1
        }
        throw .open(OpenConstruct(what: "heredoc \(tag)", span: span))
    }

    /// Reads the text of an expression from the cursor up to `end`, variables included.
    mutating func expression(until end: Int) throws(Failure) -> Word {
        let start = scanner.at
        var quote: UInt8 = 0
        while scanner.at < end {
            let byte = scanner.peek()
            if byte == UInt8(ascii: "$"), quote != UInt8(ascii: "'"), quote != UInt8(ascii: "`"),
                scanner.peek(1).isNameByte || scanner.peek(1) == UInt8(ascii: "{")
                    || scanner.peek(1) == UInt8(ascii: "?")
            {
                try variable(asLiteral: quote == 0)
                continue
            }
            if quote != 0 {
                if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'"), scanner.at + 1 < end { take() }
                if byte == quote { quote = 0 }
            } else if byte.isExpressionQuote {
                quote = byte
            }
            take()
        }
        flush()
        return Word(pieces: pieces, span: SourceSpan(start, end), isQuoted: false)
    }

    // MARK: - Quotes

    private mutating func raw() throws(Failure) {
        let start = scanner.at
        scanner.at += 1
        while scanner.peek() != UInt8(ascii: "'") {
            guard !scanner.isAtEnd else { throw open("'", start) }
            take()
        }
        scanner.at += 1
    }

    private mutating func interpolated() throws(Failure) {
        let start = scanner.at
        scanner.at += 1
        while scanner.peek() != UInt8(ascii: "\"") {
            guard !scanner.isAtEnd else { throw open("\"", start) }
            try element(escapes: true)
        }
        scanner.at += 1
    }

    private mutating func triple() throws(Failure) {
        let start = scanner.at
        scanner.at += 3
        var end = scanner.at
        while end + 3 <= scanner.bytes.count, scanner.bytes[end..<end + 3] != Self.tripleQuote {
            end += scanner.bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end + 3 <= scanner.bytes.count else { throw open("\"\"\"", start) }
        if scanner.peek() == UInt8(ascii: "\n") { scanner.at += 1 }
        var indentation = 0
        var contentEnd = end
        if let newline = scanner.bytes[scanner.at..<max(scanner.at, end)].lastIndex(of: UInt8(ascii: "\n")),
            scanner.bytes[newline + 1..<end].allSatisfy(\.isBlank)
        {
            indentation = end - newline - 1
            contentEnd = newline
        }
        while scanner.at < contentEnd {
            let lineEnd = min(scanner.endOfLine(from: scanner.at), contentEnd)
            var dropped = 0
            while dropped < indentation, scanner.at < lineEnd, scanner.peek().isBlank {
                scanner.at += 1
                dropped += 1
            }
            while scanner.at < lineEnd { try element(escapes: true) }
            if scanner.at < contentEnd { take() }
        }
        scanner.at = end + 3
    }

    private static let tripleQuote: ArraySlice<UInt8> = [34, 34, 34]

    private mutating func fill(
        _ lines: [Range<Int>],
        strips: Bool,
        isRaw: Bool
    ) throws(Failure) {
        let indented = lines.filter { line in !scanner.bytes[line].allSatisfy(\.isBlank) }
        let common =
            strips
            ? indented.map { scanner.bytes[$0].prefix(while: \.isBlank).count }.min() ?? 0 : 0
        for (index, line) in lines.enumerated() {
            scanner.at = min(line.lowerBound + common, line.upperBound)
            while scanner.at < line.upperBound {
                if isRaw { take() } else { try element(escapes: true) }
            }
            if index < lines.count - 1 { append(UInt8(ascii: "\n"), from: line.upperBound) }
        }
        flush()
    }

    /// Takes one byte, escape or variable.
    private mutating func element(escapes: Bool) throws(Failure) {
        switch scanner.peek() {
        case UInt8(ascii: "\\") where escapes: try escape()
        case UInt8(ascii: "$"): try variable(asLiteral: false)
        default: take()
        }
    }

    private mutating func escape() throws(Failure) {
        let start = scanner.at
        scanner.at += 1
        let byte = scanner.peek()
        scanner.at += 1
        switch byte {
        case UInt8(ascii: "n"): append(10, from: start)
        case UInt8(ascii: "t"): append(9, from: start)
        case UInt8(ascii: "r"): append(13, from: start)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"): append(byte, from: start)
        case UInt8(ascii: "\n"): break
        case UInt8(ascii: "u"): try unicodeEscape(from: start)
        default:
            scanner.at = min(scanner.at, scanner.bytes.count)
            var end = scanner.at
            while end < scanner.bytes.count, scanner.bytes[end] & 0xC0 == 0x80 { end += 1 }
            throw .diagnostic(
                Diagnostic(
                    "unknown-escape",
                    "unknown escape '\(scanner.text(start, end))'",
                    span: SourceSpan(start, end),
                    hint: #"known: \n \t \r \" \\ \$ \u{1F600}; 'single quotes' take everything as it is"#
                )
            )
        }
    }

    private mutating func unicodeEscape(from start: Int) throws(Failure) {
        if scanner.peek() == UInt8(ascii: "{") {
            let digits = scanner.at + 1
            var end = digits
            while end < scanner.bytes.count, end - digits < 7, scanner.bytes[end] != UInt8(ascii: "}") {
                end += 1
            }
            if end < scanner.bytes.count, scanner.bytes[end] == UInt8(ascii: "}"),
                let value = UInt32(scanner.text(digits, end), radix: 16),
                let scalar = Unicode.Scalar(value)
            {
                scanner.at = end + 1
                for byte in String(scalar).utf8 { append(byte, from: start) }
                return
            }
        }
        throw .diagnostic(
            Diagnostic(
                "unknown-escape",
                "'\\u' is not followed by a character's number",
                span: SourceSpan(start, min(scanner.at, scanner.bytes.count)),
                hint: #"write \u{1F600}, one to six hexadecimal digits in braces"#
            )
        )
    }

    // MARK: - Variables

    private mutating func variable(asLiteral: Bool) throws(Failure) {
        let start = scanner.at
        scanner.at += 1
        if scanner.peek() == UInt8(ascii: "{") {
            let variable = try braced(from: start)
            add(variable, SourceSpan(start, scanner.at), asLiteral)
            return
        }
        let nameStart = scanner.at
        if scanner.peek() == UInt8(ascii: "?") {
            scanner.at += 1
        } else {
            guard scanner.peek().isNameStart else {
                append(UInt8(ascii: "$"), from: start)
                return
            }
            while scanner.peek().isNameByte { scanner.at += 1 }
            while scanner.peek() == UInt8(ascii: "."), scanner.peek(1).isNameStart {
                scanner.at += 1
                while scanner.peek().isNameByte { scanner.at += 1 }
            }
        }
        let name = scanner.text(nameStart, scanner.at)
        add(
            Variable(name: name, scope: .session, fallback: .error),
            SourceSpan(start, scanner.at),
            asLiteral
        )
    }

    private mutating func braced(from start: Int) throws(Failure) -> Variable {
        scanner.at += 1
        let nameStart = scanner.at
        while scanner.peek().isNameByte || scanner.peek() == UInt8(ascii: ".")
            || scanner.peek() == UInt8(ascii: "?")
        {
            scanner.at += 1
        }
        var name = scanner.text(nameStart, scanner.at)
        var scope = Variable.Scope.session
        if name == "env", scanner.peek() == UInt8(ascii: ":") {
            scope = .environment
            scanner.at += 1
            let keyStart = scanner.at
            while scanner.peek().isNameByte { scanner.at += 1 }
            name = scanner.text(keyStart, scanner.at)
        }
        var fallback = Variable.Fallback.error
        if scanner.starts(with: ":-") || scanner.starts(with: ":?") {
            let isMessage = scanner.peek(1) == UInt8(ascii: "?")
            scanner.at += 2
            let textStart = scanner.at
            while !scanner.isAtEnd, scanner.peek() != UInt8(ascii: "}") { scanner.at += 1 }
            let text = scanner.text(textStart, scanner.at)
            fallback = isMessage ? .message(text) : .text(text)
        }
        guard !scanner.isAtEnd else { throw open("${", start) }
        guard scanner.peek() == UInt8(ascii: "}"), !name.isEmpty else {
            throw .diagnostic(
                Diagnostic(
                    "bad-variable",
                    "'${…}' does not name a variable",
                    span: SourceSpan(start, scanner.at + 1),
                    hint: "write ${name}, ${name:-default}, ${name:?message} or ${env:NAME}"
                )
            )
        }
        scanner.at += 1
        return Variable(name: name, scope: scope, fallback: fallback)
    }

    private mutating func add(_ variable: Variable, _ span: SourceSpan, _ asLiteral: Bool) {
        flush()
        pieces.append(.variable(variable, span, asLiteral: asLiteral))
    }

    // MARK: - Text

    private mutating func take() {
        append(scanner.peek(), from: scanner.at)
        scanner.at += 1
    }

    private mutating func append(_ byte: UInt8, from offset: Int) {
        text.append(byte)
        offsets.append(offset)
    }

    private mutating func flush() {
        guard !text.isEmpty else { return }
        pieces.append(.text(String(decoding: text, as: UTF8.self), offsets: offsets))
        text = []
        offsets = []
    }

    private func open(_ what: String, _ start: Int) -> Failure {
        .open(OpenConstruct(what: what, span: SourceSpan(start, start + what.utf8.count)))
    }
}

extension UInt8 {
    /// A quote of the expression language: ', " or `.
    var isExpressionQuote: Bool {
        self == UInt8(ascii: "'") || self == UInt8(ascii: "\"") || self == UInt8(ascii: "`")
    }
}

extension String {
    /// The text without spaces, tabs and carriage returns at its ends.
    var trimmingBlanks: String {
        let bytes = Array(utf8)
        let first = bytes.firstIndex { !$0.isBlank } ?? bytes.count
        let last = bytes.lastIndex { !$0.isBlank } ?? first - 1
        return String(decoding: bytes[first..<max(first, last + 1)], as: UTF8.self)
    }
}
