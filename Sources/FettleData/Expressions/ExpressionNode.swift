import FettleCore

/// A part of a parsed expression with its place in the source.
struct ExpressionNode: Hashable, Sendable {
    indirect enum Kind: Hashable, Sendable {
        case column(String)
        case text(TextLiteral)
        case integer(Int64)
        case number(Double)
        case boolean(Bool)
        case null
        case list([ExpressionNode])
        case negative(ExpressionNode)
        case not(ExpressionNode)
        /// Terms joined by `and`; flat, so that a long chain is not deep.
        case all([ExpressionNode])
        /// Terms joined by `or`.
        case any([ExpressionNode])
        case comparison(Comparison, ExpressionNode, ExpressionNode)
        case matching(ExpressionNode, ExpressionNode, negated: Bool)
        case membership(ExpressionNode, ExpressionNode)
        case having(ExpressionNode, ExpressionNode)
        case arithmetic(Arithmetic, ExpressionNode, ExpressionNode)
        case call(String, [ExpressionNode], name: SourceSpan)
    }

    enum Comparison: String, Hashable, Sendable {
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    enum Arithmetic: String, Hashable, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case remainder = "%"
    }

    let kind: Kind
    let span: SourceSpan

    /// The parts directly below.
    var children: [ExpressionNode] {
        switch kind {
        case .column, .text, .integer, .number, .boolean, .null: []
        case .list(let items), .all(let items), .any(let items), .call(_, let items, _): items
        case .negative(let inner), .not(let inner): [inner]
        case .comparison(_, let left, let right), .matching(let left, let right, _),
            .membership(let left, let right), .having(let left, let right),
            .arithmetic(_, let left, let right):
            [left, right]
        }
    }

    /// Adds the names of the columns read, in order of first appearance.
    func collectColumns(into names: inout [String]) {
        if case .column(let name) = kind, !names.contains(name) { names.append(name) }
        for child in children { child.collectColumns(into: &names) }
    }
}
