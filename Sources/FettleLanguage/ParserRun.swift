import FettleCore

/// One parse of one source.
struct ParserRun {
    typealias Failure = WordLexer.Failure

    var scanner: Scanner
    private let syntax: @Sendable (String) -> ArgumentSyntax
    /// Where the last word, sign or expression ended.
    private var tokenEnd = 0

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
        if scanner.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { scanner.at = 3 }
        let start = scanner.at
        var items: [Script.Item] = []
        while true {
            skipBetweenStatements()
            guard !scanner.isAtEnd else { return Script(items: items) }
            if scanner.peek() == UInt8(ascii: "#") {
                comment(into: &items, isFirst: scanner.at == start)
            } else {
                items.append(.statement(try statement()))
            }
        }
    }

    /// Moves over blanks, newlines and `;`.
    private mutating func skipBetweenStatements() {
        while true {
            scanner.skipBlanks()
            switch scanner.peek() {
            case UInt8(ascii: "\n"): scanner.skipNewline()
            case UInt8(ascii: ";"): scanner.at += 1
            default: return
            }
        }
    }

    /// Reads a comment.
    ///
    /// At the beginning of a line it may be prose or expected output; `#!` at the beginning of the text
    /// names the program that runs it.
    private mutating func comment(into items: inout [Script.Item], isFirst: Bool) {
        let start = scanner.at
        let end = scanner.endOfLine(from: start)
        scanner.at = end
        var lineStart = start
        while lineStart > 0, scanner.bytes[lineStart - 1].isBlank { lineStart -= 1 }
        guard lineStart == 0 || isFirst || scanner.bytes[lineStart - 1] == UInt8(ascii: "\n"),
            start + 1 < end
        else { return }
        var content = scanner.bytes[start + 2..<end]
        switch scanner.bytes[start + 1] {
        case UInt8(ascii: "#"):
            items.append(
                .prose(
                    String(decoding: content, as: UTF8.self).trimmingBlanks,
                    SourceSpan(start, end)
                )
            )
        case let mark where mark == UInt8(ascii: ">") || (mark == UInt8(ascii: "!") && !isFirst):
            if content.last == UInt8(ascii: "\r") { content.removeLast() }
            if content.first == UInt8(ascii: " ") { content.removeFirst() }
            expect(
                String(decoding: content, as: UTF8.self),
                SourceSpan(lineStart, min(end + 1, scanner.bytes.count)),
                isError: mark == UInt8(ascii: "!"),
                in: &items
            )
        default: return
        }
    }

    /// Adds a line of expected output to the block that ends right before it, or as a new block.
    private func expect(
        _ content: String,
        _ span: SourceSpan,
        isError: Bool,
        in items: inout [Script.Item]
    ) {
        if case .expected(var lines, let before, isError)? = items.last, before.end == span.start {
            // The block is taken out first, so that its lines are not copied for every line.
            items.removeLast()
            lines.append(content)
            items.append(.expected(lines, before.union(span), isError: isError))
        } else {
            items.append(.expected([content], span, isError: isError))
        }
    }

    // MARK: - Statements

    private mutating func statement() throws(Failure) -> Statement {
        let start = scanner.at
        let earlier = scanner.heredocs.flatMap { $0.newline >= start ? $0 : nil }
        let isTimed = skipTime()
        var stages = [try stage()]
        scanner.skipBlanks()
        while scanner.peek() == UInt8(ascii: "|") {
            try skipBar()
            stages.append(try stage())
            scanner.skipBlanks()
        }
        let redirect = try self.redirect()
        scanner.skipBlanks()
        var inBackground = false
        if scanner.peek() == UInt8(ascii: "&") {
            scanner.at += 1
            tokenEnd = scanner.at
            inBackground = true
            scanner.skipBlanks()
        }
        if scanner.peek() == UInt8(ascii: "#") { scanner.at = scanner.endOfLine(from: scanner.at) }
        try checkEnd(hasRedirect: redirect != nil)
        var end = tokenEnd
        if let heredocs = scanner.heredocs, heredocs.newline >= start,
            heredocs.newline <= scanner.at
        {
            end = heredocs.end
            while end > start, scanner.bytes[end - 1].endsLine { end -= 1 }
        }
        return Statement(
            stages: stages,
            redirect: redirect,
            inBackground: inBackground,
            isTimed: isTimed,
            span: SourceSpan(start, end),
            text: scanner.statement(from: start, to: tokenEnd, without: earlier)
        )
    }

    /// Moves over a `time` that another command follows; returns whether there was one.
    private mutating func skipTime() -> Bool {
        guard scanner.starts(with: "time"), scanner.peek(4).isBlank else { return false }
        let start = scanner.at
        scanner.at += 4
        scanner.skipBlanks()
        if scanner.peek().isNameStart || scanner.peek() == UInt8(ascii: "!") { return true }
        scanner.at = start
        return false
    }

    /// Moves over `|` to the stage after it, which may stand on a later line.
    private mutating func skipBar() throws(Failure) {
        let bar = scanner.character
        scanner.at += 1
        scanner.skipBlanks()
        while !scanner.isAtEnd {
            switch scanner.peek() {
            case UInt8(ascii: "\n"): scanner.skipNewline()
            case UInt8(ascii: "#"): scanner.at = scanner.endOfLine(from: scanner.at)
            default: return
            }
            scanner.skipBlanks()
        }
        throw .open(OpenConstruct(what: "a trailing '|'", span: bar))
    }

    private mutating func redirect() throws(Failure) -> Statement.Redirect? {
        guard scanner.peek() == UInt8(ascii: ">") else { return nil }
        let start = scanner.at
        let appends = scanner.peek(1) == UInt8(ascii: ">")
        scanner.at += appends ? 2 : 1
        let mark = SourceSpan(start, scanner.at)
        scanner.skipBlanks()
        guard !scanner.isAtEnd, !scanner.peek().endsBareWord, scanner.peek() != UInt8(ascii: "#")
        else {
            throw .diagnostic(
                Diagnostic(
                    "syntax",
                    "'\(appends ? ">>" : ">")' is not followed by a file name",
                    span: mark,
                    hint: "write '> results.json'"
                )
            )
        }
        return Statement.Redirect(file: try word(), appends: appends)
    }

    private func checkEnd(hasRedirect: Bool) throws(Failure) {
        switch scanner.peek() {
        case UInt8(ascii: "\n"), UInt8(ascii: ";"): return
        case UInt8(ascii: ">") where hasRedirect: throw unexpected("a second '>'")
        case UInt8(ascii: "|") where hasRedirect:
            throw unexpected("'|' after '>'", hint: "write the '>' after the last command")
        default:
            if !scanner.isAtEnd { throw unexpectedCharacter() }
        }
    }

    // MARK: - Stages

    private mutating func stage() throws(Failure) -> Stage {
        let start = scanner.at
        if scanner.peek() == UInt8(ascii: "!") { return try shell() }
        guard !scanner.peek().endsBareWord else {
            throw unexpectedCharacter(hint: "a command is expected here")
        }
        guard scanner.peek() != UInt8(ascii: "(") else {
            throw unexpectedCharacter(
                hint:
                    "brackets go round the condition, not the command: where (stars > 3) > rows.csv"
            )
        }
        let verb = try word()
        guard let name = verb.literal, !verb.isQuoted else {
            throw .diagnostic(
                Diagnostic(
                    "bad-command",
                    "a command's name is a bare word",
                    span: SourceSpan(start, verb.span.end),
                    hint: "'help' lists the commands"
                )
            )
        }
        var invocation = Invocation(
            verb: name,
            verbSpan: verb.span,
            arguments: [],
            expression: nil
        )
        scanner.skipBlanks()
        guard syntax(name) == .expression, !scanner.starts(with: "--") else {
            try arguments(&invocation)
            return .command(invocation)
        }
        let captured = try lexing { lexer throws(Failure) in try lexer.expression() }
        invocation.expression = captured.word
        if let word = captured.word { tokenEnd = word.span.end }
        if captured.isNamed { try arguments(&invocation) }
        return .command(invocation)
    }

    private mutating func shell() throws(Failure) -> Stage {
        let start = scanner.at
        let (end, open) = scanner.shellLine(from: start)
        if let open {
            throw .open(
                OpenConstruct(what: "a trailing '\\'", span: SourceSpan(open, open + 1))
            )
        }
        scanner.at = end
        tokenEnd = end
        while tokenEnd > start, scanner.bytes[tokenEnd - 1].isBlank { tokenEnd -= 1 }
        return .shell(
            scanner.text(start + 1, tokenEnd).trimmingBlanks,
            SourceSpan(start, tokenEnd)
        )
    }

    private mutating func arguments(_ invocation: inout Invocation) throws(Failure) {
        var takesOptions = true
        while true {
            scanner.skipBlanks()
            if scanner.starts(with: "<<") {
                invocation.arguments.append(.word(try word()))
                continue
            }
            guard !scanner.isAtEnd, !scanner.peek().endsBareWord,
                scanner.peek() != UInt8(ascii: "#")
            else { return }
            if takesOptions, isEndOfFlags {
                takesOptions = false
                scanner.at += 2
                tokenEnd = scanner.at
            } else if takesOptions, let option = try option() {
                invocation.arguments.append(option)
            } else {
                invocation.arguments.append(.word(try word()))
            }
        }
    }

    /// Whether `--` stands alone here; what follows are words, whatever they look like.
    private var isEndOfFlags: Bool {
        scanner.starts(with: "--")
            && (scanner.at + 2 == scanner.bytes.count || scanner.peek(2).endsBareWord)
    }

    /// Reads a flag or setting, if one is here.
    private mutating func option() throws(Failure) -> Invocation.Argument? {
        let start = scanner.at
        if scanner.starts(with: "--") {
            scanner.at += 2
            while scanner.peek().isNameByte || scanner.peek() == UInt8(ascii: "-") {
                scanner.at += 1
            }
            let name = scanner.text(start + 2, scanner.at)
            let span = SourceSpan(start, scanner.at)
            tokenEnd = scanner.at
            guard scanner.peek() == UInt8(ascii: "=") else {
                guard scanner.isAtEnd || scanner.peek().endsBareWord || scanner.isContinuation
                else {
                    throw unexpected(
                        "'\(scanner.text(scanner.at, scanner.character.end))' in a flag"
                    )
                }
                return .flag(name, span, nil)
            }
            scanner.at += 1
            return .flag(name, span, try word())
        }
        guard scanner.peek().isNameStart else { return nil }
        let bytes = scanner.bytes
        var end = start
        while end < bytes.count,
            bytes[end].isNameByte || bytes[end] == UInt8(ascii: "-")
                || bytes[end] == UInt8(ascii: ".")
        {
            end += 1
        }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "="),
            end + 1 == bytes.count || bytes[end + 1] != UInt8(ascii: "=")
        else { return nil }
        scanner.at = end + 1
        return .setting(scanner.text(start, end), SourceSpan(start, end), try word())
    }

    // MARK: - Words

    /// Reads the word or heredoc at the cursor; an empty word where there is none.
    private mutating func word() throws(Failure) -> Word {
        let isHeredoc = scanner.starts(with: "<<")
        let word = try lexing { lexer throws(Failure) in
            isHeredoc ? try lexer.heredoc() : try lexer.word()
        }
        tokenEnd = scanner.at
        return word
    }

    /// Reads something that may hold newlines, which the lines of a heredoc must not stand between.
    private mutating func lexing<Result>(
        _ read: (inout WordLexer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = scanner.at
        let heredocs = scanner.heredocs
        var lexer = WordLexer(scanner)
        let result: Result
        do {
            result = try read(&lexer)
        } catch {
            guard case .open(let construct) = error, construct.what != "a trailing '\\'",
                !construct.what.hasPrefix("heredoc"), let heredocs, heredocs.newline >= start
            else { throw error }
            throw spansHeredoc(construct.span)
        }
        if let heredocs, heredocs.newline >= start, lexer.scanner.at > heredocs.newline {
            throw spansHeredoc(SourceSpan(start, heredocs.newline))
        }
        scanner = lexer.scanner
        return result
    }

    // MARK: - Errors

    private func spansHeredoc(_ span: SourceSpan) -> Failure {
        .diagnostic(
            Diagnostic(
                "bad-heredoc",
                "what begins here goes on after the lines of a heredoc",
                span: span,
                hint: "end it on this line, or write it before the '<<'"
            )
        )
    }

    private func unexpectedCharacter(hint: String? = nil) -> Failure {
        unexpected("'\(scanner.text(scanner.at, scanner.character.end))'", hint: hint)
    }

    private func unexpected(_ what: String, hint: String? = nil) -> Failure {
        .diagnostic(
            Diagnostic(
                "syntax",
                "\(what) is not expected here",
                span: scanner.character,
                hints: hint.map { [$0] } ?? []
            )
        )
    }
}
