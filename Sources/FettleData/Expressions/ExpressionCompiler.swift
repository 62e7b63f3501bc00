import FettleCore

/// Binds the tree of an expression to a frame's columns: names become positions and types are checked
/// once, and what is left is closures.
struct ExpressionCompiler {
    let source: [UInt8]
    let frame: Frame

    /// Makes a compiler for an expression's source text.
    init(source: String, frame: Frame) {
        self.source = Array(source.utf8)
        self.frame = frame
    }

    /// The source text of a part.
    func text(_ span: SourceSpan) -> String {
        String(decoding: source[span.start..<span.end], as: UTF8.self)
    }

    /// Compiles a part.
    ///
    /// - Throws: `unknown-column`, `unknown-function`, `wrong-arguments`, `type-mismatch`,
    ///   `bad-pattern`, all with spans in the source.
    func compile(_ node: ExpressionNode) throws(Diagnostic) -> Evaluator {
        switch node.kind {
        case .column(let name): return Evaluator(try column(name, node.span))
        case .text(let literal): return Evaluator(constant: literal.value)
        case .integer(let value): return .integer { _ in value }
        case .number(let value): return .number { _ in value }
        case .boolean(let value): return .boolean { _ in value }
        case .null: return .null
        case .list:
            throw Diagnostic(
                "type-mismatch",
                "a list is only understood after 'in'",
                span: node.span,
                hint: "write such as language in [\"en\", \"de\"]"
            )
        case .negative(let inner): return try negative(inner)
        case .not(let inner):
            let value = try truth(inner, of: "not")
            return .boolean { row in try value(row).map { !$0 } }
        case .all(let terms): return try joined(terms, word: "and", deciding: false)
        case .any(let terms): return try joined(terms, word: "or", deciding: true)
        case .comparison(let comparison, let left, let right):
            return try compare(comparison, left, right, node.span)
        case .matching(let left, let right, let negated):
            return try match(left, right, negated: negated)
        case .membership(let left, let right): return try member(left, right, node.span)
        case .having(let left, let right): return try having(left, right)
        case .arithmetic(let operation, let left, let right):
            return try calculate(operation, left, right, node.span)
        case .call(let name, let arguments, let nameSpan):
            guard let function = ExpressionFunction.named[name] else {
                throw unknownFunction(name, nameSpan)
            }
            guard function.arity.contains(arguments.count) else {
                throw Diagnostic(
                    "wrong-arguments",
                    "'\(name)' takes \(function.arityText), found \(arguments.count)",
                    span: node.span,
                    hint: "\(function.signature): \(function.summary)"
                )
            }
            return try function.build(self, arguments, node.span)
        }
    }

    func column(_ name: String, _ span: SourceSpan) throws(Diagnostic) -> Column {
        if let position = frame.position(of: name) { return frame.columns[position].column }
        throw frame.unknownColumn(name, span: span)
    }

    private func unknownFunction(_ name: String, _ span: SourceSpan) -> Diagnostic {
        let names = ExpressionFunction.all.map(\.name)
        return Diagnostic(
            "unknown-function",
            "no function '\(name)'",
            span: span,
            hints: [didYouMean(name, among: names)].compactMap { $0 }
                + ["functions: " + names.joined(separator: ", ")]
        )
    }

    // MARK: - Types in words

    /// What a part is, as an error says it: "text column 'stars'", "a number".
    func describe(_ node: ExpressionNode, _ value: Evaluator) -> String {
        if case .column(let name) = node.kind { return "\(Self.word(value.kind)) column '\(name)'" }
        return switch value.kind {
        case .text: "a text"
        case .integer, .number: "a number"
        case .boolean: "true or false"
        case .json: "a JSON value"
        case nil: "null"
        }
    }

    private static func word(_ kind: ColumnKind?) -> String {
        kind == .json ? "JSON" : kind?.rawValue ?? "null"
    }

    /// The error for a part of another type than wanted.
    func mismatch(
        _ node: ExpressionNode,
        _ value: Evaluator,
        _ what: String,
        wants: String,
        hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(
            "type-mismatch",
            "\(what) wants \(wants), found \(describe(node, value))",
            span: node.span
        ).hinting(hint)
    }

    /// Compiles a part that must be true or false.
    func truth(_ node: ExpressionNode, of what: String) throws(Diagnostic) -> Evaluator.Truth {
        let value = try compile(node)
        if let truth = value.truth { return truth }
        let source = text(node.span)
        let hint =
            switch value.kind {
            case .text: "compare it: \(source) == \"…\", or not is_empty(\(source))"
            default: "compare it: \(source) > 0"
            }
        throw mismatch(node, value, "'\(what)'", wants: "true or false", hint: hint)
    }

    /// Compiles a part that must be a number.
    func real(_ node: ExpressionNode, of what: String) throws(Diagnostic) -> Evaluator.Real {
        let value = try compile(node)
        if let real = value.real { return real }
        throw mismatch(
            node,
            value,
            "'\(what)'",
            wants: "a number",
            hint: "write number(\(text(node.span)))"
        )
    }

    /// Compiles a part that must be a text.
    func bytes(_ node: ExpressionNode, of what: String) throws(Diagnostic) -> Evaluator.Bytes {
        let value = try compile(node)
        if let bytes = value.bytes { return bytes }
        throw mismatch(
            node,
            value,
            "'\(what)'",
            wants: "a text",
            hint: "write text(\(text(node.span)))"
        )
    }

    // MARK: - Logic

    /// `and` and `or` in three-valued logic; `deciding` is the value that settles the answer.
    private func joined(
        _ terms: [ExpressionNode],
        word: String,
        deciding: Bool
    ) throws(Diagnostic) -> Evaluator {
        var values: [Evaluator.Truth] = []
        for term in terms { values.append(try truth(term, of: word)) }
        if values.count == 2 {
            let (first, second) = (values[0], values[1])
            return .boolean { row in
                let one = try first(row)
                if one == deciding { return deciding }
                let two = try second(row)
                if two == deciding { return deciding }
                return one == nil || two == nil ? nil : !deciding
            }
        }
        return .boolean { [values] row in
            var unknown = false
            for value in values {
                guard let answer = try value(row) else {
                    unknown = true
                    continue
                }
                if answer == deciding { return deciding }
            }
            return unknown ? nil : !deciding
        }
    }

    // MARK: - Arithmetic

    private func negative(_ node: ExpressionNode) throws(Diagnostic) -> Evaluator {
        let value = try compile(node)
        if let whole = value.whole {
            return .integer { row in
                guard let number = try whole(row) else { return nil }
                let (result, overflow) = Int64(0).subtractingReportingOverflow(number)
                return overflow ? nil : result
            }
        }
        let real = try real(node, of: "-")
        return .number { row in try real(row).map { -$0 } }
    }

    private func calculate(
        _ operation: ExpressionNode.Arithmetic,
        _ left: ExpressionNode,
        _ right: ExpressionNode,
        _ span: SourceSpan
    ) throws(Diagnostic) -> Evaluator {
        let (a, b) = (try compile(left), try compile(right))
        if operation == .add, a.kind == .text || b.kind == .text,
            let head = a.bytes, let tail = b.bytes
        {
            let scratch = ScratchBytes()
            return .text { row in
                guard let head = try head(row), let tail = try tail(row) else { return nil }
                scratch.count = 0
                scratch.append(head)
                scratch.append(tail)
                return scratch.bytes
            }
        }
        if operation != .divide, let a = a.whole, let b = b.whole {
            return .integer(Self.whole(operation, a, b))
        }
        guard let x = a.real, let y = b.real else {
            throw notCalculable(operation, (left, a), (right, b), span)
        }
        return .number(Self.real(operation, x, y))
    }

    private func notCalculable(
        _ operation: ExpressionNode.Arithmetic,
        _ left: (ExpressionNode, Evaluator),
        _ right: (ExpressionNode, Evaluator),
        _ span: SourceSpan
    ) -> Diagnostic {
        let texts = left.1.kind == .text || right.1.kind == .text
        let culprit =
            left.1.real == nil && !(operation == .add && left.1.kind == .text) ? left : right
        let source = text(culprit.0.span)
        let joining = operation == .add && texts && culprit.1.bytes == nil
        return Diagnostic(
            "type-mismatch",
            "cannot calculate \(describe(left.0, left.1)) \(operation.rawValue) "
                + describe(right.0, right.1),
            span: span,
            hint: joining ? "to join texts write text(\(source))" : "write number(\(source))"
        )
    }

    /// Integer arithmetic; what does not fit 64 bits, and a remainder by zero, is null.
    private static func whole(
        _ operation: ExpressionNode.Arithmetic,
        _ left: @escaping Evaluator.Whole,
        _ right: @escaping Evaluator.Whole
    ) -> Evaluator.Whole {
        { row in
            guard let a = try left(row), let b = try right(row) else { return nil }
            let (result, overflow) =
                switch operation {
                case .add: a.addingReportingOverflow(b)
                case .subtract: a.subtractingReportingOverflow(b)
                case .multiply: a.multipliedReportingOverflow(by: b)
                case .divide: a.dividedReportingOverflow(by: b)
                case .remainder: a.remainderReportingOverflow(dividingBy: b)
                }
            return overflow ? nil : result
        }
    }

    private static func real(
        _ operation: ExpressionNode.Arithmetic,
        _ left: @escaping Evaluator.Real,
        _ right: @escaping Evaluator.Real
    ) -> Evaluator.Real {
        { row in
            guard let a = try left(row), let b = try right(row) else { return nil }
            let result =
                switch operation {
                case .add: a + b
                case .subtract: a - b
                case .multiply: a * b
                case .divide: a / b
                case .remainder: a.truncatingRemainder(dividingBy: b)
                }
            return result.isFinite ? result : nil
        }
    }
}
