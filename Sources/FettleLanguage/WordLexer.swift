import FettleCore

/// Reads words: bare, 'raw', "interpolated", """text""", and variables inside them.
struct WordLexer {
    enum Failure: Error {
        case open(OpenConstruct)
        case diagnostic(Diagnostic)
    }

    var scanner: Scanner
    var pieces: [Word.Piece] = []
    var text: [UInt8] = []
    private var origins: [SourceSpan] = []
    /// Where a `${…}` must have ended.
    private var limit: Int

    init(_ scanner: Scanner) {
        self.scanner = scanner
        limit = scanner.bytes.count
    }

    /// Reads the word at the cursor, which must not be at a blank.
    mutating func word() throws(Failure) -> Word {
        let start = scanner.at
        var quoted = false
        var spans: [SourceSpan] = []
        while !scanner.isAtEnd, !scanner.peek().endsBareWord, !scanner.isContinuation {
            let first = scanner.at
            switch scanner.peek() {
            case UInt8(ascii: "'"):
                quoted = true
                try raw()
            case UInt8(ascii: "\""):
                quoted = true
                if scanner.starts(with: "\"\"\"") { try triple() } else { try interpolated() }
            case UInt8(ascii: "$"): try variable(.text)
            case UInt8(ascii: "\\"):
                let backslash = scanner.at
                guard backslash + 1 < scanner.bytes.count else { throw trailingBackslash() }
                scanner.at += 2
                append(scanner.bytes[backslash + 1], from: backslash)
            default:
                take()
                continue
            }
            if scanner.bytes[first] != UInt8(ascii: "$") {
                spans.append(SourceSpan(first, scanner.at))
            }
        }
        flush()
        return Word(
            pieces: pieces,
            span: SourceSpan(start, scanner.at),
            isQuoted: quoted,
            quotedSpans: spans
        )
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
            let isLast = scanner.at + 1 == scanner.bytes.count
            guard !scanner.isAtEnd, !isLast || scanner.peek() != UInt8(ascii: "\\") else {
                throw open("\"", start)
            }
            try element()
        }
        scanner.at += 1
    }

    private mutating func triple() throws(Failure) {
        let start = scanner.at
        let bytes = scanner.bytes
        let quote = UInt8(ascii: "\"")
        var end = start + 3
        while end + 3 <= bytes.count,
            bytes[end] != quote || bytes[end + 1] != quote || bytes[end + 2] != quote
        {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end + 3 <= bytes.count else { throw open("\"\"\"", start) }
        limit = end
        defer { limit = bytes.count }
        var indentation = 0
        var contentEnd = end
        if let newline = bytes[start + 3..<end].lastIndex(of: UInt8(ascii: "\n")),
            bytes[newline + 1..<end].allSatisfy(\.isBlank)
        {
            indentation = end - newline - 1
            contentEnd = newline
        }
        scanner.at = start + 3
        if scanner.starts(with: "\r\n") { scanner.at += 1 }
        if scanner.peek() == UInt8(ascii: "\n") { scanner.at += 1 }
        while scanner.at < contentEnd {
            let lineEnd = min(scanner.endOfLine(from: scanner.at), contentEnd)
            skipIndentation(indentation, until: lineEnd)
            try elements(until: lineEnd)
            if scanner.at == lineEnd, lineEnd < contentEnd { take() }
        }
        scanner.at = end + 3
    }

    /// Moves over up to `count` blanks of a line.
    mutating func skipIndentation(_ count: Int, until lineEnd: Int) {
        var left = count
        while left > 0, scanner.at < lineEnd, scanner.peek().isBlank {
            scanner.at += 1
            left -= 1
        }
    }

    /// Takes the elements of a line, which ends at its newline, without a carriage return before that.
    mutating func elements(until lineEnd: Int) throws(Failure) {
        while scanner.at < lineEnd {
            if scanner.at + 1 == lineEnd, scanner.starts(with: "\r\n") {
                scanner.at += 1
            } else {
                try element()
            }
        }
    }

    /// Takes one byte, escape or variable.
    private mutating func element() throws(Failure) {
        switch scanner.peek() {
        case UInt8(ascii: "\\"): try escape()
        case UInt8(ascii: "$"): try variable(.text)
        default: take()
        }
    }

    private mutating func escape() throws(Failure) {
        let start = scanner.at
        if scanner.isContinuation {
            scanner.at += scanner.peek(1) == UInt8(ascii: "\n") ? 2 : 3
            return
        }
        let byte = scanner.peek(1)
        scanner.at = min(start + 2, scanner.bytes.count)
        switch byte {
        case UInt8(ascii: "n"): append(10, from: start)
        case UInt8(ascii: "t"): append(9, from: start)
        case UInt8(ascii: "r"): append(13, from: start)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"): append(byte, from: start)
        case UInt8(ascii: "u"): try unicodeEscape(from: start)
        default:
            let end = scanner.endOfCharacter(at: start + 1)
            throw .diagnostic(
                Diagnostic(
                    "unknown-escape",
                    "unknown escape '\(scanner.text(start, end))'",
                    span: SourceSpan(start, end),
                    hint:
                        #"known: \n \t \r \" \\ \$ \u{1F600}; 'single quotes' take everything as it is"#
                )
            )
        }
    }

    private mutating func unicodeEscape(from start: Int) throws(Failure) {
        if scanner.peek() == UInt8(ascii: "{") {
            let digits = scanner.at + 1
            var end = digits
            while end < scanner.bytes.count, end - digits < 7, scanner.bytes[end].isHexDigit {
                end += 1
            }
            if end < scanner.bytes.count, scanner.bytes[end] == UInt8(ascii: "}"), end - digits < 7,
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
                span: SourceSpan(start, scanner.at),
                hint: #"write \u{1F600}, one to six hexadecimal digits in braces"#
            )
        )
    }

    // MARK: - Variables

    /// Whether the `$` at the cursor begins a variable rather than standing for itself.
    var isVariable: Bool {
        let next = scanner.peek(1)
        return next.isNameStart || next == UInt8(ascii: "{") || next == UInt8(ascii: "?")
    }

    mutating func variable(_ use: Word.Use) throws(Failure) {
        guard isVariable else {
            take()
            return
        }
        let start = scanner.at
        scanner.at += 1
        let variable: Variable
        if scanner.peek() == UInt8(ascii: "{") {
            variable = try braced(from: start)
        } else {
            let nameStart = scanner.at
            if scanner.peek() == UInt8(ascii: "?") { scanner.at += 1 } else { skipName() }
            variable = Variable(
                name: scanner.text(nameStart, scanner.at),
                scope: .session,
                fallback: .error
            )
        }
        flush()
        pieces.append(.variable(variable, SourceSpan(start, scanner.at), use))
    }

    /// Moves over a name and its fields.
    private mutating func skipName() {
        while scanner.peek().isNameByte { scanner.at += 1 }
        while scanner.peek() == UInt8(ascii: "."), scanner.peek(1).isNameStart {
            scanner.at += 1
            while scanner.peek().isNameByte { scanner.at += 1 }
        }
    }

    private mutating func braced(from start: Int) throws(Failure) -> Variable {
        scanner.at += 1
        let nameStart = scanner.at
        if scanner.peek() == UInt8(ascii: "?") {
            scanner.at += 1
        } else if scanner.peek().isNameStart {
            skipName()
        }
        var name = scanner.text(nameStart, scanner.at)
        var scope = Variable.Scope.session
        if name == "env" || name == "secret", scanner.peek() == UInt8(ascii: ":"),
            scanner.peek(1).isNameStart
        {
            scope = name == "env" ? .environment : .secret
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
            while scanner.at < limit, scanner.peek() != UInt8(ascii: "}"),
                scanner.peek() != UInt8(ascii: "\n")
            {
                scanner.at += 1
            }
            let text = scanner.text(textStart, scanner.at)
            fallback = isMessage ? .message(text) : .text(text)
        }
        guard scanner.at < limit, scanner.peek() == UInt8(ascii: "}"), !name.isEmpty else {
            let isOpen = scanner.at >= limit || scanner.peek() == UInt8(ascii: "\n")
            throw .diagnostic(
                Diagnostic(
                    "bad-variable",
                    isOpen ? "'${' is not closed by '}'" : "'${…}' does not name a variable",
                    span: SourceSpan(start, isOpen ? scanner.at : scanner.character.end),
                    hint:
                        "write ${name}, ${name:-default}, ${name:?message}, ${env:NAME} or ${secret:NAME}"
                )
            )
        }
        scanner.at += 1
        return Variable(name: name, scope: scope, fallback: fallback)
    }

    // MARK: - Text

    mutating func take() {
        scanner.at += 1
        append(scanner.bytes[scanner.at - 1], from: scanner.at - 1)
    }

    /// Adds a byte that the source between `offset` and the cursor stands for.
    mutating func append(_ byte: UInt8, from offset: Int) {
        text.append(byte)
        origins.append(SourceSpan(offset, scanner.at))
    }

    mutating func flush() {
        guard !text.isEmpty else { return }
        pieces.append(.text(String(decoding: text, as: UTF8.self), origins: origins))
        text = []
        origins = []
    }

    /// Drops blanks and newlines at the end of the text since the last variable.
    mutating func dropTrailingBlanks() {
        while let last = text.last, last.isBlank || last == UInt8(ascii: "\n") {
            text.removeLast()
            origins.removeLast()
        }
    }

    /// Forgets everything after the first `count` pieces, and goes on with the text before.
    mutating func goBack(to count: Int) {
        pieces.removeSubrange(count...)
        text = []
        origins = []
        guard case .text(let last, let lastOrigins)? = pieces.last else { return }
        pieces.removeLast()
        text = Array(last.utf8)
        origins = lastOrigins
    }

    func open(_ what: String, _ start: Int) -> Failure {
        .open(OpenConstruct(what: what, span: SourceSpan(start, start + what.utf8.count)))
    }

    func trailingBackslash() -> Failure {
        .open(
            OpenConstruct(
                what: "a trailing '\\'",
                span: SourceSpan(scanner.at, scanner.at + 1)
            )
        )
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
    }
}
