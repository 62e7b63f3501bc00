public import FettleCore

/// What a verb's arguments look like, as far as the parser must know.
public enum ArgumentSyntax: Hashable, Sendable {
    /// Words, settings and flags.
    case words
    /// All text up to `|`, `;`, `&` or the end of the line is one expression, in which `>` compares.
    case expression
}

/// The outcome of parsing a source that may not be finished.
public enum ParseOutcome: Hashable, Sendable {
    /// The whole source was understood.
    case complete(Script)
    /// The source is right so far and waits for more lines.
    case incomplete(OpenConstruct)
    /// The source is wrong.
    case failure(Diagnostic)
}

/// Turns source text into a script. The same parser serves the prompt, `-c`, standard input and files.
///
/// It knows no command: which verbs take an expression is told by `syntax`.
public struct Parser: Sendable {
    private let syntax: @Sendable (String) -> ArgumentSyntax

    /// Makes a parser; `syntax` says what a verb's arguments look like.
    public init(syntax: @escaping @Sendable (String) -> ArgumentSyntax) {
        self.syntax = syntax
    }

    /// Parses a source that more lines may follow, such as what is typed at the prompt.
    public func outcome(of source: String) -> ParseOutcome {
        var run = ParserRun(source, syntax)
        do {
            return .complete(try run.script())
        } catch {
            switch error {
            case .open(let construct): return .incomplete(construct)
            case .diagnostic(let diagnostic): return .failure(diagnostic)
            }
        }
    }

    /// Parses a whole source; an open construct at its end is an error.
    public func parse(_ source: String) throws(Diagnostic) -> Script {
        switch outcome(of: source) {
        case .complete(let script): return script
        case .failure(let diagnostic): throw diagnostic
        case .incomplete(let construct):
            throw Diagnostic(
                "unfinished",
                "\(construct.what) is not finished at the end of the text",
                span: construct.span,
                hint: "it starts at the marked place"
            )
        }
    }
}

/// One parse of one source.
private struct ParserRun {
    typealias Failure = WordLexer.Failure

    var scanner: Scanner
    let syntax: @Sendable (String) -> ArgumentSyntax
    /// Lines of heredocs that were read with a statement of an earlier line.
    var consumed: [Range<Int>] = []

    init(_ source: String, _ syntax: @escaping @Sendable (String) -> ArgumentSyntax) {
        scanner = Scanner(source)
        self.syntax = syntax
    }

    mutating func script() throws(Failure) -> Script {
        if let nul = scanner.bytes.firstIndex(of: 0) {
            throw .diagnostic(
                Diagnostic(
                    "bad-character",
                    "a NUL character stands in the text",
                    span: SourceSpan(nul, nul + 1),
                    hint: "scripts are UTF-8 text"
                )
            )
        }
        var items: [Script.Item] = []
        while true {
            skipBlank()
            guard !scanner.isAtEnd else { return Script(items: items) }
            if scanner.peek() == UInt8(ascii: "#") {
                line(into: &items)
            } else {
                items.append(.statement(try statement()))
            }
        }
    }

    /// Moves over blanks, newlines, `;` and heredoc lines that were read before.
    private mutating func skipBlank() {
        while true {
            scanner.skipBlanks()
            if let body = consumed.first(where: { $0.contains(scanner.at) }) {
                scanner.at = body.upperBound
            } else if scanner.peek() == UInt8(ascii: "\n") || scanner.peek() == UInt8(ascii: ";") {
                scanner.at += 1
            } else {
                return
            }
        }
    }

    /// Reads a comment, prose or a block of expected output.
    private mutating func line(into items: inout [Script.Item]) {
        let start = scanner.at
        let end = scanner.endOfLine(from: start)
        defer { scanner.at = end }
        let text = scanner.text(start, end)
        if text.hasPrefix("##") {
            items.append(.prose(text.dropFirst(2).description.trimmingBlanks, SourceSpan(start, end)))
        } else if text.hasPrefix("#>") || (text.hasPrefix("#!") && start > 0) {
            let isError = text.hasPrefix("#!")
            var content = String(text.dropFirst(2))
            if content.hasSuffix("\r") { content.removeLast() }
            if content.hasPrefix(" ") { content.removeFirst() }
            let lineStart = scanner.bytes[..<start].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            let span = SourceSpan(lineStart, min(end + 1, scanner.bytes.count))
            if case .expected(let lines, let before, isError)? = items.last, before.end == lineStart {
                items[items.count - 1] = .expected(
                    lines + [content], before.union(span), isError: isError
                )
            } else {
                items.append(.expected([content], span, isError: isError))
            }
        }
    }

    // MARK: - Statements

    private mutating func statement() throws(Failure) -> Statement {
        let start = scanner.at
        var stages = [try stage()]
        var redirect: Statement.Redirect?
        var inBackground = false
        var end = textEnd(after: start)
        while true {
            scanner.skipBlanks()
            switch scanner.peek() {
            case UInt8(ascii: "|"):
                let bar = SourceSpan(scanner.at, scanner.at + 1)
                scanner.at += 1
                scanner.skipBlanks()
                while scanner.peek() == UInt8(ascii: "\n") {
                    scanner.at += 1
                    scanner.skipBlanks()
                }
                guard !scanner.isAtEnd else {
                    throw .open(OpenConstruct(what: "a trailing '|'", span: bar))
                }
                stages.append(try stage())
            case UInt8(ascii: ">"):
                guard redirect == nil else { throw unexpected("a second '>'") }
                let appends = scanner.peek(1) == UInt8(ascii: ">")
                scanner.at += appends ? 2 : 1
                scanner.skipBlanks()
                guard !scanner.isAtEnd, !scanner.peek().endsBareWord else {
                    throw unexpected("'>' without a file name", hint: "write '> results.json'")
                }
                redirect = Statement.Redirect(file: try word(), appends: appends)
            case UInt8(ascii: "&"):
                scanner.at += 1
                inBackground = true
            case UInt8(ascii: "#") where scanner.bytes[scanner.at - 1].isBlank:
                scanner.at = scanner.endOfLine(from: scanner.at)
            default:
                guard scanner.isAtEnd || scanner.peek() == UInt8(ascii: "\n")
                    || scanner.peek() == UInt8(ascii: ";")
                else {
                    throw unexpected("'\(character(at: scanner.at))'")
                }
                return Statement(
                    stages: stages,
                    redirect: redirect,
                    inBackground: inBackground,
                    span: SourceSpan(start, end)
                )
            }
            end = textEnd(after: start)
        }
    }

    /// The cursor moved back over blanks, but not before `start`.
    private func textEnd(after start: Int) -> Int {
        var end = scanner.at
        while end > start, scanner.bytes[end - 1].isBlank { end -= 1 }
        return end
    }

    private mutating func stage() throws(Failure) -> Stage {
        let start = scanner.at
        if scanner.peek() == UInt8(ascii: "!") {
            let end = scanner.endOfLine(from: start)
            scanner.at = end
            return .shell(
                scanner.text(start + 1, end).trimmingBlanks, SourceSpan(start, end)
            )
        }
        guard !scanner.peek().endsBareWord else {
            throw unexpected("'\(character(at: start))'", hint: "a command is expected here")
        }
        let verb = try word()
        guard let name = verb.literal, !verb.isQuoted else {
            throw .diagnostic(
                Diagnostic(
                    "bad-command",
                    "a command's name is a bare word",
                    span: verb.span,
                    hint: "'help' lists the commands"
                )
            )
        }
        var invocation = Invocation(
            verb: name, verbSpan: verb.span, arguments: [], expression: nil
        )
        scanner.skipBlanks()
        if syntax(name) == .expression, scanner.peek() != UInt8(ascii: "-") || !scanner.starts(with: "--") {
            try expressionArguments(&invocation)
        } else {
            try arguments(&invocation)
        }
        return .command(invocation)
    }

    private mutating func arguments(_ invocation: inout Invocation) throws(Failure) {
        while true {
            scanner.skipBlanks()
            guard !scanner.isAtEnd else { return }
            if scanner.starts(with: "<<") {
                var lexer = WordLexer(scanner)
                let (word, body) = try lexer.heredoc()
                scanner = lexer.scanner
                consumed.append(body)
                invocation.arguments.append(.word(word))
                continue
            }
            if scanner.peek() == UInt8(ascii: "#") || scanner.peek().endsBareWord { return }
            invocation.arguments.append(try argument())
        }
    }

    private mutating func argument() throws(Failure) -> Invocation.Argument {
        let start = scanner.at
        if scanner.starts(with: "--") {
            scanner.at += 2
            let nameStart = scanner.at
            while scanner.peek().isNameByte || scanner.peek() == UInt8(ascii: "-") { scanner.at += 1 }
            let name = scanner.text(nameStart, scanner.at)
            let span = SourceSpan(start, scanner.at)
            guard scanner.peek() == UInt8(ascii: "=") else {
                guard scanner.isAtEnd || scanner.peek().endsBareWord else {
                    throw unexpected("'\(character(at: scanner.at))' in a flag")
                }
                return .flag(name, span, nil)
            }
            scanner.at += 1
            return .flag(name, span, try value())
        }
        if scanner.peek().isNameStart {
            var end = start
            while end < scanner.bytes.count,
                scanner.bytes[end].isNameByte || scanner.bytes[end] == UInt8(ascii: "-")
                    || scanner.bytes[end] == UInt8(ascii: ".")
            {
                end += 1
            }
            if end < scanner.bytes.count, scanner.bytes[end] == UInt8(ascii: "="),
                end + 1 >= scanner.bytes.count || scanner.bytes[end + 1] != UInt8(ascii: "=")
            {
                scanner.at = end + 1
                let name = scanner.text(start, end)
                return .setting(name, SourceSpan(start, end), try value())
            }
        }
        return .word(try word())
    }

    /// Reads the word after `=`; nothing there is the empty word.
    private mutating func value() throws(Failure) -> Word {
        if scanner.starts(with: "<<") {
            var lexer = WordLexer(scanner)
            let (word, body) = try lexer.heredoc()
            scanner = lexer.scanner
            consumed.append(body)
            return word
        }
        if scanner.isAtEnd || scanner.peek().endsBareWord {
            return Word(pieces: [], span: SourceSpan(scanner.at, scanner.at), isQuoted: false)
        }
        return try word()
    }

    private mutating func word() throws(Failure) -> Word {
        var lexer = WordLexer(scanner)
        let word = try lexer.word()
        scanner = lexer.scanner
        return word
    }

    // MARK: - Expressions

    /// Reads an expression, and `as NAME` after it.
    private mutating func expressionArguments(_ invocation: inout Invocation) throws(Failure) {
        let (end, asStart) = try expressionEnd()
        var lexer = WordLexer(scanner)
        var textEnd = asStart ?? end
        while textEnd > scanner.at, scanner.bytes[textEnd - 1].isBlank { textEnd -= 1 }
        if textEnd > scanner.at { invocation.expression = try lexer.expression(until: textEnd) }
        scanner.at = end
        guard let asStart else { return }
        scanner.at = asStart
        while scanner.at < end {
            invocation.arguments.append(try argument())
            scanner.skipBlanks()
        }
    }

    /// Returns where the expression at the cursor ends, and where a trailing `as NAME` begins.
    ///
    /// `(…)` followed by `>` ends before the `>`, which then redirects.
    private func expressionEnd() throws(Failure) -> (end: Int, asStart: Int?) {
        var at = scanner.at
        var quote: UInt8 = 0
        var quoteStart = at
        var depth = 0
        var open: [Int] = []
        var asStart: Int?
        var closesAll = false
        let startsWithParenthesis = scanner.peek() == UInt8(ascii: "(")
        scan: while at < scanner.bytes.count {
            let byte = scanner.bytes[at]
            if quote != 0 {
                if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") { at += 1 }
                if byte == quote { quote = 0 }
                at += 1
                continue
            }
            switch byte {
            case _ where byte.isExpressionQuote:
                quote = byte
                quoteStart = at
            case UInt8(ascii: "("), UInt8(ascii: "["):
                depth += 1
                open.append(at)
            case UInt8(ascii: ")"), UInt8(ascii: "]"):
                depth -= 1
                if depth >= 0 { open.removeLast() }
                if depth == 0, startsWithParenthesis, open.isEmpty {
                    closesAll = isRedirect(after: at + 1)
                    if closesAll {
                        at += 1
                        break scan
                    }
                }
            case UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: "&"):
                if depth <= 0 { break scan }
            case UInt8(ascii: "\n"):
                if depth <= 0 { break scan }
            case UInt8(ascii: "#"):
                if at > scanner.at, scanner.bytes[at - 1].isBlank { break scan }
            case UInt8(ascii: "a") where depth <= 0 && isKeywordAs(at): asStart = at
            default: break
            }
            at += 1
        }
        if quote != 0 {
            throw .open(
                OpenConstruct(
                    what: String(UnicodeScalar(quote)),
                    span: SourceSpan(quoteStart, quoteStart + 1)
                )
            )
        }
        if depth > 0, at >= scanner.bytes.count, let last = open.last {
            throw .open(
                OpenConstruct(
                    what: String(UnicodeScalar(scanner.bytes[last])),
                    span: SourceSpan(last, last + 1)
                )
            )
        }
        return (min(at, scanner.bytes.count), asStart)
    }

    /// Whether blanks and `> file` follow, with a file's name rather than a number after the `>`.
    private func isRedirect(after start: Int) -> Bool {
        var at = start
        while at < scanner.bytes.count, scanner.bytes[at].isBlank { at += 1 }
        return at < scanner.bytes.count && scanner.bytes[at] == UInt8(ascii: ">")
            && !(at + 1 < scanner.bytes.count && scanner.bytes[at + 1] == UInt8(ascii: "="))
    }

    /// Whether the word `as` stands alone at `start`, with blanks on both sides.
    private func isKeywordAs(_ start: Int) -> Bool {
        start > scanner.at && scanner.bytes[start - 1].isBlank
            && start + 2 < scanner.bytes.count && scanner.bytes[start + 1] == UInt8(ascii: "s")
            && scanner.bytes[start + 2].isBlank
    }

    // MARK: - Errors

    private func character(at offset: Int) -> String {
        var end = offset + 1
        while end < scanner.bytes.count, scanner.bytes[end] & 0xC0 == 0x80 { end += 1 }
        return scanner.text(offset, min(end, scanner.bytes.count))
    }

    private func unexpected(_ what: String, hint: String? = nil) -> Failure {
        .diagnostic(
            Diagnostic(
                "syntax",
                "\(what) is not expected here",
                span: SourceSpan(scanner.at, min(scanner.at + 1, scanner.bytes.count)),
                hints: hint.map { [$0] } ?? []
            )
        )
    }
}
