import FettleCore

/// Builds the tree of an expression from its tokens.
///
/// From loosest to tightest: `or`, `and`, `not`, one comparison, `+ -`, `* / %`, unary minus.
struct ExpressionParser {
    private static let deepest = 200
    private static let words: Set<String> = [
        "or", "and", "not", "in", "has", "true", "false", "null",
    ]

    private let source: String
    private let tokens: [ExpressionToken]
    private var at = 0
    private var depth = 0

    /// Parses the whole of `source`.
    static func parse(_ source: String) throws(Diagnostic) -> ExpressionNode {
        var parser = ExpressionParser(
            source: source,
            tokens: try ExpressionLexer.tokens(of: source)
        )
        guard parser.current.kind != .end else {
            throw Diagnostic(
                "bad-expression",
                "the expression is empty",
                span: parser.current.span,
                hint: "write a condition such as stars <= 3 and language == \"en\""
            )
        }
        let node = try parser.disjunction()
        guard parser.current.kind == .end else { throw parser.unexpected() }
        return node
    }

    private init(source: String, tokens: [ExpressionToken]) {
        self.source = source
        self.tokens = tokens
    }

    private var current: ExpressionToken { tokens[at] }

    private mutating func advance() {
        if at < tokens.count - 1 { at += 1 }
    }

    private mutating func take(_ symbol: String) -> Bool {
        guard current.kind == .symbol(symbol) else { return false }
        advance()
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard current.kind == .name(word) else { return false }
        advance()
        return true
    }

    private func text(_ span: SourceSpan) -> String {
        let bytes = Array(source.utf8)
        return String(decoding: bytes[span.start..<span.end], as: UTF8.self)
    }

    private mutating func deeper<Result>(
        _ body: (inout Self) throws(Diagnostic) -> Result
    ) throws(Diagnostic) -> Result {
        try checkDepth(depth + 1)
        depth += 1
        let result = try body(&self)
        depth -= 1
        return result
    }

    private func checkDepth(_ depth: Int) throws(Diagnostic) {
        guard depth > Self.deepest else { return }
        throw Diagnostic(
            "bad-expression",
            "the expression is nested more than \(Self.deepest) deep",
            span: current.span,
            hint: "make parts of it with 'derive' first"
        )
    }

    // MARK: - Logic

    private mutating func disjunction() throws(Diagnostic) -> ExpressionNode {
        var terms = [try conjunction()]
        while take(word: "or") { terms.append(try conjunction()) }
        return joined(terms, ExpressionNode.Kind.any)
    }

    private mutating func conjunction() throws(Diagnostic) -> ExpressionNode {
        var terms = [try negation()]
        while take(word: "and") { terms.append(try negation()) }
        return joined(terms, ExpressionNode.Kind.all)
    }

    private func joined(
        _ terms: [ExpressionNode],
        _ kind: ([ExpressionNode]) -> ExpressionNode.Kind
    ) -> ExpressionNode {
        guard terms.count > 1, let first = terms.first, let last = terms.last else {
            return terms[0]
        }
        return ExpressionNode(kind: kind(terms), span: first.span.union(last.span))
    }

    private mutating func negation() throws(Diagnostic) -> ExpressionNode {
        let start = current.span
        guard take(word: "not") else { return try comparison() }
        let inner = try deeper { (parser) throws(Diagnostic) in try parser.negation() }
        return ExpressionNode(kind: .not(inner), span: start.union(inner.span))
    }

    private mutating func comparison() throws(Diagnostic) -> ExpressionNode {
        let left = try sum()
        guard let node = try comparison(of: left) else { return left }
        if case .symbol(let symbol) = current.kind,
            ExpressionNode.Comparison(rawValue: symbol) != nil,
            case .comparison(_, _, let middle) = node.kind
        {
            throw Diagnostic(
                "bad-expression",
                "comparisons do not chain",
                span: current.span,
                hint: "write \(text(node.span)) and \(text(middle.span)) \(symbol) …"
            )
        }
        return node
    }

    private mutating func comparison(of left: ExpressionNode) throws(Diagnostic) -> ExpressionNode?
    {
        let sign = current
        switch sign.kind {
        case .symbol("~"), .symbol("!~"):
            advance()
            let right = try sum()
            let span = left.span.union(right.span)
            let negated = sign.kind == .symbol("!~")
            return ExpressionNode(kind: .matching(left, right, negated: negated), span: span)
        case .symbol(let symbol):
            guard let comparison = ExpressionNode.Comparison(rawValue: symbol) else { return nil }
            advance()
            let right = try sum()
            let span = left.span.union(right.span)
            return ExpressionNode(kind: .comparison(comparison, left, right), span: span)
        case .name("in"):
            advance()
            let right = try memberList()
            return ExpressionNode(kind: .membership(left, right), span: left.span.union(right.span))
        case .name("not") where tokens[min(at + 1, tokens.count - 1)].kind == .name("in"):
            advance()
            advance()
            let right = try memberList()
            let span = left.span.union(right.span)
            let inner = ExpressionNode(kind: .membership(left, right), span: span)
            return ExpressionNode(kind: .not(inner), span: span)
        case .name("has"):
            advance()
            let right = try sum()
            return ExpressionNode(kind: .having(left, right), span: left.span.union(right.span))
        default: return nil
        }
    }

    /// The right side of `in`: a list in square or round brackets, or a column of JSON arrays.
    private mutating func memberList() throws(Diagnostic) -> ExpressionNode {
        guard current.kind == .symbol("(") else { return try sum() }
        let open = current.span
        advance()
        let items = try deeper { (parser) throws(Diagnostic) in
            try parser.items(until: ")", opened: open)
        }
        return ExpressionNode(kind: .list(items), span: open.union(tokens[at - 1].span))
    }

    // MARK: - Arithmetic

    private mutating func sum() throws(Diagnostic) -> ExpressionNode {
        try chain(["+", "-"]) { (parser) throws(Diagnostic) in try parser.product() }
    }

    private mutating func product() throws(Diagnostic) -> ExpressionNode {
        try chain(["*", "/", "%"]) { (parser) throws(Diagnostic) in try parser.prefixed() }
    }

    private mutating func chain(
        _ symbols: Set<String>,
        _ operand: (inout Self) throws(Diagnostic) -> ExpressionNode
    ) throws(Diagnostic) -> ExpressionNode {
        var left = try operand(&self)
        var links = 0
        while case .symbol(let symbol) = current.kind, symbols.contains(symbol),
            let operation = ExpressionNode.Arithmetic(rawValue: symbol)
        {
            // Each link makes the tree one deeper on its left.
            links += 1
            try checkDepth(depth + links)
            advance()
            let right = try operand(&self)
            let span = left.span.union(right.span)
            left = ExpressionNode(kind: .arithmetic(operation, left, right), span: span)
        }
        return left
    }

    private mutating func prefixed() throws(Diagnostic) -> ExpressionNode {
        let start = current.span
        guard take("-") else { return try primary() }
        let inner = try deeper { (parser) throws(Diagnostic) in try parser.prefixed() }
        let span = start.union(inner.span)
        switch inner.kind {
        case .integer(let value): return ExpressionNode(kind: .integer(0 &- value), span: span)
        case .number(let value): return ExpressionNode(kind: .number(-value), span: span)
        default: return ExpressionNode(kind: .negative(inner), span: span)
        }
    }

    private mutating func primary() throws(Diagnostic) -> ExpressionNode {
        let token = current
        switch token.kind {
        case .integer(let value): return literal(.integer(value))
        case .number(let value): return literal(.number(value))
        case .text(let value): return literal(.text(value))
        case .column(let name): return literal(.column(name))
        case .name("true"): return literal(.boolean(true))
        case .name("false"): return literal(.boolean(false))
        case .name("null"): return literal(.null)
        case .name(let name) where !Self.words.contains(name):
            advance()
            guard current.kind == .symbol("(") else {
                return ExpressionNode(kind: .column(name), span: token.span)
            }
            let open = current.span
            advance()
            let items = try deeper { (parser) throws(Diagnostic) in
                try parser.items(until: ")", opened: open)
            }
            let span = token.span.union(tokens[at - 1].span)
            return ExpressionNode(kind: .call(name, items, name: token.span), span: span)
        case .symbol("("):
            advance()
            let inner = try deeper { (parser) throws(Diagnostic) in try parser.disjunction() }
            try close(")", opened: token.span)
            return ExpressionNode(kind: inner.kind, span: token.span.union(tokens[at - 1].span))
        case .symbol("["):
            advance()
            let items = try deeper { (parser) throws(Diagnostic) in
                try parser.items(until: "]", opened: token.span)
            }
            return ExpressionNode(kind: .list(items), span: token.span.union(tokens[at - 1].span))
        default: throw unexpected(wantingValue: true)
        }
    }

    private mutating func literal(_ kind: ExpressionNode.Kind) -> ExpressionNode {
        let span = current.span
        advance()
        return ExpressionNode(kind: kind, span: span)
    }

    private mutating func items(
        until end: String,
        opened: SourceSpan
    ) throws(Diagnostic) -> [ExpressionNode] {
        var items: [ExpressionNode] = []
        if take(end) { return items }
        repeat { items.append(try disjunction()) } while take(",")
        try close(end, opened: opened)
        return items
    }

    private mutating func close(_ end: String, opened: SourceSpan) throws(Diagnostic) {
        if take(end) { return }
        guard current.kind == .end else { throw unexpected() }
        throw Diagnostic(
            "bad-expression",
            "the '\(end == ")" ? "(" : "[")' that opens here is not closed by '\(end)'",
            span: opened,
            hint: "write '\(end)' where the part ends"
        )
    }

    // MARK: - Errors

    private func unexpected(wantingValue: Bool = false) -> Diagnostic {
        let token = current
        let wanted = wantingValue ? "a value" : "an operator such as == or and"
        let before = at > 0 ? tokens[at - 1] : nil
        if token.kind == .end {
            let sign = before.map { text($0.span) } ?? ""
            return Diagnostic(
                "bad-expression",
                "a value is missing after '\(sign)'",
                span: before?.span ?? token.span,
                hint: "write a column, a number, a text in quotes or a function after it"
            )
        }
        let found = text(token.span)
        var diagnostic = Diagnostic(
            "bad-expression",
            "expected \(wanted), found '\(found)'",
            span: token.span
        )
        switch token.kind {
        case .symbol("="):
            diagnostic.message = "'=' does not compare; '==' does"
            diagnostic.hints = ["write '==' in its place"]
        case .symbol("<>"):
            diagnostic.message = "'<>' is not an operator; '!=' is"
            diagnostic.hints = ["write '!=' in its place"]
        case .symbol("&&"), .symbol("||"), .symbol("!"):
            let word = found == "&&" ? "and" : found == "||" ? "or" : "not"
            diagnostic.message = "'\(found)' is not an operator; '\(word)' is"
            diagnostic.hints = ["write '\(word)' in its place"]
        case .symbol(")"), .symbol("]"):
            if !wantingValue {
                diagnostic.message = "'\(found)' closes nothing"
                diagnostic.hints = ["take it out, or open it before"]
            }
        case .name(let name)
        where Self.words.contains(name.lowercased()) && name != name.lowercased():
            diagnostic.hints = ["write '\(name.lowercased())' in lower case"]
        case .name, .text, .column:
            if !wantingValue {
                diagnostic.hints = ["a column whose name has blanks is written in backticks"]
            }
        default: break
        }
        return diagnostic
    }
}
