public import FettleCore

/// A parsed expression of `where` and `derive`, such as `stars <= 3 and language == "en"`.
///
/// Null follows SQL: a comparison with null or missing is null, and `where` keeps only what is true.
public struct Expression: Hashable, Sendable {
    /// The text as written, blanks round it taken off.
    public let source: String
    /// The names of the columns read, in order of first appearance.
    public let columns: [String]
    let root: ExpressionNode

    /// Parses an expression.
    ///
    /// - Parameter text: the expression; spans of errors count its UTF-8 bytes.
    /// - Throws: `bad-expression`, `unclosed-quote` or `bad-escape`, each with a span.
    public init(parsing text: String) throws(Diagnostic) {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        let bytes = Array(text.utf8)
        let start = bytes.firstIndex { !blanks.contains($0) } ?? 0
        let end = bytes.lastIndex { !blanks.contains($0) } ?? -1
        source = end < start ? "" : String(decoding: bytes[start...end], as: UTF8.self)
        do {
            root = try ExpressionParser.parse(source)
        } catch {
            throw error.shifted(by: start)
        }
        var names: [String] = []
        root.collectColumns(into: &names)
        columns = names
    }

    /// Resolves names and types against a frame.
    ///
    /// - Throws: `unknown-column`, `unknown-function`, `wrong-arguments`, `type-mismatch` or
    ///   `bad-pattern`, with a span in ``source``.
    public func bind(to frame: Frame) throws(Diagnostic) -> BoundExpression {
        let compiler = ExpressionCompiler(source: source, frame: frame)
        return BoundExpression(evaluator: try compiler.compile(root))
    }

    /// Resolves a condition, which must be true or false, against a frame.
    ///
    /// - Throws: what ``bind(to:)`` throws, and `type-mismatch` for a value of another kind.
    public func bindCondition(to frame: Frame) throws(Diagnostic) -> BoundExpression {
        let compiler = ExpressionCompiler(source: source, frame: frame)
        return BoundExpression(evaluator: .boolean(try compiler.truth(root, of: "where")))
    }
}

/// An expression bound to a frame's columns; for one thread at a time.
public struct BoundExpression {
    let evaluator: Evaluator

    /// The kind of its values; nil when it is always null.
    public var kind: ColumnKind? { evaluator.kind }

    /// Whether the condition is true at a source row, an element of the frame's `rows`; null and false
    /// are not.
    ///
    /// - Throws: `pattern-limit` when a pattern runs away, `CancellationError` inside a long text.
    public func isTrue(row: Int) throws -> Bool {
        guard case .boolean(let truth) = evaluator else { return false }
        return try truth(row) == true
    }

    /// The value at a source row.
    ///
    /// - Throws: `pattern-limit` when a pattern runs away, `CancellationError` inside a long text.
    public func cell(row: Int) throws -> Cell {
        try evaluator.cell(at: row)
    }
}

extension Expression {
    /// Returns the name in quotes or backticks that a text begins with, and its length in bytes; nil when
    /// it begins with none.
    ///
    /// - Throws: `unclosed-quote` or `bad-escape`, with a span.
    public static func quotedName(
        at text: String
    ) throws(Diagnostic) -> (name: String, length: Int)? {
        try ExpressionLexer.quotedName(at: text)
    }
}
