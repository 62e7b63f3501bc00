/// Reads the expressions of a tag, with Jinja's precedences.
struct ExpressionParser {
    private let tokens: [TemplateToken]
    private let end: Int
    private var position = 0
    private var depth = 0

    /// The deepest nesting of expressions.
    private static let deepest = 80

    /// Takes the tokens of a tag and where they end.
    init(_ tokens: [TemplateToken], end: Int) {
        self.tokens = tokens
        self.end = end
    }

    // MARK: - Tokens

    /// Where the next token is.
    var place: Int { position < tokens.count ? tokens[position].at : end }

    private var next: TemplateToken.Kind? {
        position < tokens.count ? tokens[position].kind : nil
    }

    /// Returns the error for what stands here.
    func unexpected(_ expected: String) -> TemplateProblem {
        let found =
            switch next {
            case .name(let name), .sign(let name): "'\(name)'"
            case .text(let text): "the text '\(text.prefix(30))'"
            case .integer(let value): "'\(value)'"
            case .number(let value): "'\(value)'"
            case nil: "the end of the tag"
            }
        return TemplateProblem(
            kind: .syntax,
            message: "expected \(expected), found \(found)",
            at: place
        )
    }

    mutating func take(_ sign: String) -> Bool {
        guard next == .sign(sign) else { return false }
        position += 1
        return true
    }

    mutating func takeName(_ name: String) -> Bool {
        guard next == .name(name) else { return false }
        position += 1
        return true
    }

    mutating func word(_ word: String) throws(TemplateProblem) {
        guard takeName(word) else { throw unexpected("'\(word)'") }
    }

    mutating func name(_ expected: String) throws(TemplateProblem) -> String {
        guard case .name(let name)? = next else { throw unexpected(expected) }
        position += 1
        return name
    }

    /// Reads names with commas between them, in brackets or not.
    mutating func names() throws(TemplateProblem) -> [String] {
        let isInBrackets = take("(")
        var names = [try name("a name")]
        while take(",") { names.append(try name("a name")) }
        if isInBrackets, !take(")") { throw unexpected("')'") }
        return names
    }

    func finish(_ expected: String) throws(TemplateProblem) {
        guard next == nil else { throw unexpected(expected) }
    }

    // MARK: - Expressions

    /// Reads one expression, or several with commas as a list.
    mutating func tuple(takesCondition: Bool = true) throws(TemplateProblem) -> TemplateExpression {
        let at = place
        let first = takesCondition ? try expression() : try alternative()
        guard next == .sign(",") else { return first }
        var items = [first]
        while take(",") {
            if next == nil { break }
            items.append(takesCondition ? try expression() : try alternative())
        }
        return TemplateExpression(kind: .list(items), at: at)
    }

    mutating func expression() throws(TemplateProblem) -> TemplateExpression {
        depth += 1
        defer { depth -= 1 }
        try check(depth)
        var value = try alternative()
        while takeName("if") {
            try check(value.height)
            let condition = try alternative()
            let otherwise = takeName("else") ? try expression() : nil
            value = TemplateExpression(
                kind: .conditional(condition, then: value, otherwise: otherwise),
                at: value.at
            )
        }
        try check(value.height)
        return value
    }

    /// Sees to it that the tree, which is walked by recursion, is not too high.
    private func check(_ height: Int) throws(TemplateProblem) {
        guard height < Self.deepest else {
            throw TemplateProblem(
                kind: .unsupported,
                message: "expressions are nested deeper than \(Self.deepest)",
                at: place
            )
        }
    }

    private mutating func alternative() throws(TemplateProblem) -> TemplateExpression {
        var left = try conjunction()
        while takeName("or") {
            try check(left.height)
            left = TemplateExpression(kind: .or(left, try conjunction()), at: left.at)
        }
        return left
    }

    private mutating func conjunction() throws(TemplateProblem) -> TemplateExpression {
        var left = try negation()
        while takeName("and") {
            try check(left.height)
            left = TemplateExpression(kind: .and(left, try negation()), at: left.at)
        }
        return left
    }

    private mutating func negation() throws(TemplateProblem) -> TemplateExpression {
        let at = place
        guard takeName("not") else { return try comparison() }
        depth += 1
        defer { depth -= 1 }
        try check(depth)
        return TemplateExpression(kind: .not(try negation()), at: at)
    }

    private mutating func comparison() throws(TemplateProblem) -> TemplateExpression {
        let left = try sum()
        var parts: [(sign: String, value: TemplateExpression)] = []
        while let sign = comparisonSign() { parts.append((sign, try sum())) }
        return parts.isEmpty
            ? left : TemplateExpression(kind: .comparison(left, parts), at: left.at)
    }

    private mutating func comparisonSign() -> String? {
        if takeName("in") { return "in" }
        if next == .name("not"), position + 1 < tokens.count,
            tokens[position + 1].kind == .name("in")
        {
            position += 2
            return "not in"
        }
        guard case .sign(let sign)? = next, ["==", "!=", "<", "<=", ">", ">="].contains(sign) else {
            return nil
        }
        position += 1
        return sign
    }

    private mutating func sum() throws(TemplateProblem) -> TemplateExpression {
        try chain(["+", "-"]) { (parser) throws(TemplateProblem) in
            try parser.chain(["~"]) { (parser) throws(TemplateProblem) in
                try parser.chain(["*", "/", "//", "%"]) { (parser) throws(TemplateProblem) in
                    try parser.unary(takesFilters: true)
                }
            }
        }
    }

    private mutating func chain(
        _ signs: [String],
        _ part: (inout ExpressionParser) throws(TemplateProblem) -> TemplateExpression
    ) throws(TemplateProblem) -> TemplateExpression {
        var left = try part(&self)
        while case .sign(let sign)? = next, signs.contains(sign) {
            try check(left.height)
            position += 1
            left = TemplateExpression(kind: .operation(sign, left, try part(&self)), at: left.at)
        }
        return left
    }

    private mutating func unary(takesFilters: Bool) throws(TemplateProblem) -> TemplateExpression {
        let at = place
        var value: TemplateExpression
        if next == .sign("-") || next == .sign("+") {
            let isNegative = take("-") || !take("+")
            depth += 1
            defer { depth -= 1 }
            try check(depth)
            let operand = try unary(takesFilters: false)
            value = TemplateExpression(
                kind: isNegative ? .negative(operand) : .positive(operand),
                at: at
            )
        } else {
            value = try primary()
        }
        while true {
            try check(value.height)
            if next == .sign("**") {
                throw TemplateProblem(
                    kind: .unsupported,
                    message: "the operator '**' is not interpreted",
                    at: place
                )
            }
            guard let more = try postfix(value, takesFilters: takesFilters) else {
                return value
            }
            value = more
        }
    }

    private mutating func postfix(
        _ value: TemplateExpression,
        takesFilters: Bool
    ) throws(TemplateProblem) -> TemplateExpression? {
        let at = place
        if take(".") {
            if case .integer(let index)? = next {
                position += 1
                let number = TemplateExpression(kind: .constant(.integer(index)), at: at)
                return TemplateExpression(kind: .item(value, number), at: at)
            }
            return TemplateExpression(
                kind: .attribute(value, try name("a name after '.'")),
                at: at
            )
        }
        if take("[") { return TemplateExpression(kind: try subscripted(value), at: at) }
        if next == .sign("(") {
            return TemplateExpression(kind: .call(value, try arguments()), at: at)
        }
        guard takesFilters else { return nil }
        if take("|") {
            let filterAt = place
            let name = try name("the name of a filter")
            let given = next == .sign("(") ? try arguments() : TemplateArguments()
            return TemplateExpression(kind: .filter(value, name, given), at: filterAt)
        }
        if takeName("is") { return try test(value) }
        return nil
    }

    private mutating func subscripted(
        _ value: TemplateExpression
    ) throws(TemplateProblem) -> TemplateExpression.Kind {
        var parts: [TemplateExpression?] = []
        var isSlice = false
        var part: TemplateExpression?
        while true {
            if take("]") {
                parts.append(part)
                break
            }
            if take(":") {
                isSlice = true
                parts.append(part)
                part = nil
                guard parts.count < 3 else { throw unexpected("']'") }
                continue
            }
            guard part == nil else { throw unexpected("']'") }
            part = try expression()
        }
        if isSlice { return .slice(value, parts) }
        guard let index = parts[0] else { throw unexpected("an index before ']'") }
        return .item(value, index)
    }

    private mutating func test(
        _ value: TemplateExpression
    ) throws(TemplateProblem) -> TemplateExpression {
        let isNegated = takeName("not")
        let at = place
        let name = try name("the name of a test")
        var given = TemplateArguments()
        switch next {
        case .sign("("): given = try arguments()
        case .name(let word) where !["else", "or", "and", "is", "if", "in", "not"].contains(word):
            given.values = [try unary(takesFilters: false)]
        case .text, .integer, .number, .sign("["), .sign("{"):
            given.values = [try unary(takesFilters: false)]
        default: break
        }
        let test = TemplateExpression(kind: .test(value, name, given), at: at)
        return isNegated ? TemplateExpression(kind: .not(test), at: at) : test
    }

    private mutating func arguments() throws(TemplateProblem) -> TemplateArguments {
        var arguments = TemplateArguments()
        guard take("(") else { throw unexpected("'('") }
        var isFirst = true
        while !take(")") {
            if !isFirst, !take(",") { throw unexpected("',' or ')'") }
            isFirst = false
            if take(")") { break }
            if case .name(let name)? = next, position + 1 < tokens.count,
                tokens[position + 1].kind == .sign("=")
            {
                position += 2
                arguments.named.append((name, try expression()))
            } else {
                guard arguments.named.isEmpty else { throw unexpected("a name and '='") }
                arguments.values.append(try expression())
            }
        }
        return arguments
    }

    private mutating func primary() throws(TemplateProblem) -> TemplateExpression {
        let at = place
        guard let kind = next else { throw unexpected("an expression") }
        func constant(_ value: TemplateValue) -> TemplateExpression {
            TemplateExpression(kind: .constant(value), at: at)
        }
        switch kind {
        case .integer(let value):
            position += 1
            return constant(.integer(value))
        case .number(let value):
            position += 1
            return constant(.number(value))
        case .text(var text):
            position += 1
            while case .text(let more)? = next {
                text += more
                position += 1
            }
            return constant(.text(text))
        case .name(let name):
            position += 1
            switch name {
            case "true", "True": return constant(.boolean(true))
            case "false", "False": return constant(.boolean(false))
            case "none", "None": return constant(.none)
            default: return TemplateExpression(kind: .name(name), at: at)
            }
        case .sign("("):
            position += 1
            if take(")") { return TemplateExpression(kind: .list([]), at: at) }
            depth += 1
            defer { depth -= 1 }
            let value = try expression()
            guard next == .sign(",") else {
                guard take(")") else { throw unexpected("')'") }
                return value
            }
            var items = [value]
            while take(","), next != .sign(")") { items.append(try expression()) }
            guard take(")") else { throw unexpected("')'") }
            return TemplateExpression(kind: .list(items), at: at)
        case .sign("["):
            position += 1
            var items: [TemplateExpression] = []
            while !take("]") {
                if !items.isEmpty, !take(",") { throw unexpected("',' or ']'") }
                if take("]") { break }
                items.append(try expression())
            }
            return TemplateExpression(kind: .list(items), at: at)
        case .sign("{"):
            position += 1
            var members: [(name: TemplateExpression, value: TemplateExpression)] = []
            while !take("}") {
                if !members.isEmpty, !take(",") { throw unexpected("',' or '}'") }
                if take("}") { break }
                let name = try expression()
                guard take(":") else { throw unexpected("':'") }
                members.append((name, try expression()))
            }
            return TemplateExpression(kind: .map(members), at: at)
        case .sign: throw unexpected("an expression")
        }
    }
}
