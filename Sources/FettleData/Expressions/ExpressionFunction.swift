import FettleCore

/// A function of the expression language; adding one is one entry in a table.
struct ExpressionFunction: Sendable {
    typealias Builder =
        @Sendable (ExpressionCompiler, [ExpressionNode], SourceSpan) throws(Diagnostic) -> Evaluator

    let name: String
    /// How it is written, with the names of its arguments: `round(x[, digits])`.
    let signature: String
    /// How many arguments it takes.
    let arity: ClosedRange<Int>
    /// One line for `help where`.
    let summary: String
    let build: Builder

    /// All functions in the order in which help shows them.
    static let all: [ExpressionFunction] = tests + texts + languages + numbers + choices
    static let named = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The arity in words: "1 argument", "2 or 3 arguments", "at least 1 argument".
    var arityText: String {
        let (low, high) = (arity.lowerBound, arity.upperBound)
        if high == .max { return "at least \(low) argument\(low == 1 ? "" : "s")" }
        if low == high { return "\(low) argument\(low == 1 ? "" : "s")" }
        return "\(low) or \(high) arguments"
    }
}

/// What help says of a function of the expression language.
public struct FunctionHelp: Hashable, Sendable {
    /// The name, such as `round`.
    public let name: String
    /// How it is written, such as `round(x[, digits])`.
    public let signature: String
    /// What it gives, one line.
    public let summary: String
}

extension Expression {
    /// The functions of the language in the order in which help shows them.
    public static var functions: [FunctionHelp] {
        ExpressionFunction.all.map {
            FunctionHelp(name: $0.name, signature: $0.signature, summary: $0.summary)
        }
    }

    /// The operators of the language from loosest to tightest, for help: the signs and what they do.
    public static var operators: [(signs: String, summary: String)] {
        [
            ("or", "true when a side is"),
            ("and", "true when both sides are"),
            ("not", "true when what follows is false"),
            ("== != < <= > >=", "compare numbers, or texts by their characters' codes"),
            ("~ !~", "a text matches, or does not match, a PCRE2 pattern in quotes"),
            ("in, not in", "the value is one of a list: language in [\"en\", \"de\"]"),
            ("has", "a text contains another; a JSON array has an element"),
            ("+ -", "add, subtract; + also joins texts"),
            ("* / %", "multiply, divide (by zero is null), remainder with the dividend's sign"),
        ]
    }
}
