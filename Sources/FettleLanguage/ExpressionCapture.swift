import FettleCore

/// The text of an expression, and whether `as` follows it.
struct CapturedExpression {
    /// The expression; nil when there is none.
    var word: Word?
    /// Whether the scanner stands before `as NAME`.
    var isNamed: Bool
}

extension WordLexer {
    /// Reads an expression: everything up to `|`, `;`, `&`, a comment or the end of the line, outside of
    /// quotes and brackets, except for ` as NAME` at its end.
    ///
    /// `(…)` from first to last, followed by `>` and a file's name, ends before the `>`, which redirects.
    /// Inside brackets lines and comments may end without ending the expression.
    mutating func expression() throws(Failure) -> CapturedExpression {
        let start = scanner.at
        var open: [Int] = []
        var isOneGroup = scanner.peek() == UInt8(ascii: "(")
        var name: (at: Int, pieces: Int)?
        scan: while !scanner.isAtEnd {
            let byte = scanner.peek()
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
                try quotedText(byte)
            case UInt8(ascii: "$"):
                try variable(.literal)
            case UInt8(ascii: "\\"):
                guard scanner.at + 1 < scanner.bytes.count else { throw trailingBackslash() }
                if scanner.isContinuation { continuation() } else { take() }
            case UInt8(ascii: "("), UInt8(ascii: "["):
                open.append(scanner.at)
                take()
            case UInt8(ascii: ")"), UInt8(ascii: "]"):
                _ = open.popLast()
                take()
                if isOneGroup, open.isEmpty {
                    isOneGroup = false
                    if isRedirect { break scan }
                }
            case UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "\n"):
                if open.isEmpty { break scan }
                take()
            case UInt8(ascii: "#") where isAfterBlank(start):
                if open.isEmpty { break scan }
                scanner.at = scanner.endOfLine(from: scanner.at)
            case UInt8(ascii: "a") where open.isEmpty && isKeywordAs(start):
                flush()
                name = (scanner.at, pieces.count)
                take()
            default: take()
            }
        }
        if let last = open.last {
            throw self.open(String(UnicodeScalar(scanner.bytes[last])), last)
        }
        if let name {
            scanner.at = name.at
            goBack(to: name.pieces)
        }
        dropTrailingBlanks()
        flush()
        var end = scanner.at
        while end > start, scanner.bytes[end - 1].isBlank { end -= 1 }
        guard !pieces.isEmpty else { return CapturedExpression(word: nil, isNamed: name != nil) }
        return CapturedExpression(
            word: Word(pieces: pieces, span: SourceSpan(start, end), isQuoted: false),
            isNamed: name != nil
        )
    }

    /// Takes a quoted text with its quotes; only "…" has escapes and variables.
    private mutating func quotedText(_ quote: UInt8) throws(Failure) {
        let start = scanner.at
        let isRaw = quote != UInt8(ascii: "\"")
        take()
        while scanner.peek() != quote {
            guard !scanner.isAtEnd else { throw open(String(UnicodeScalar(quote)), start) }
            switch scanner.peek() {
            case UInt8(ascii: "$") where !isRaw: try variable(.quotedText)
            case UInt8(ascii: "\\") where !isRaw:
                take()
                if !scanner.isAtEnd { take() }
            default: take()
            }
        }
        take()
    }

    /// Takes a line continuation as a blank.
    private mutating func continuation() {
        let start = scanner.at
        scanner.skipContinuation()
        append(UInt8(ascii: " "), from: start)
    }

    /// Whether `>` and nothing but a file's name follow; a number after `>`, or more after the word,
    /// make it a comparison.
    private var isRedirect: Bool {
        var ahead = scanner
        ahead.skipBlanks()
        guard ahead.peek() == UInt8(ascii: ">"), ahead.peek(1) != UInt8(ascii: "=") else {
            return false
        }
        if ahead.peek(1) == UInt8(ascii: ">") { return true }
        ahead.at += 1
        ahead.skipBlanks()
        var lexer = WordLexer(ahead)
        guard let word = try? lexer.word() else { return true }
        if !word.isQuoted, let text = word.literal, Double(text) != nil { return false }
        ahead = lexer.scanner
        ahead.skipBlanks()
        let next = ahead.peek()
        return ahead.isAtEnd || next == UInt8(ascii: "#")
            || (next.endsBareWord && next != UInt8(ascii: "<"))
    }

    private func isAfterBlank(_ start: Int) -> Bool {
        guard scanner.at > start else { return true }
        let before = scanner.bytes[scanner.at - 1]
        return before.isBlank || before == UInt8(ascii: "\n")
    }

    /// Whether the word `as` stands alone here, after some of the expression; at the end too, where its
    /// name is missing.
    private func isKeywordAs(_ start: Int) -> Bool {
        guard scanner.at > start, isAfterBlank(start), scanner.peek(1) == UInt8(ascii: "s") else {
            return false
        }
        let next = scanner.peek(2)
        return next.isBlank || "\n|;&".utf8.contains(next)
            || scanner.at + 2 == scanner.bytes.count
    }
}
