import FettleCore
import FettleData

/// Expressions: parsed, bound to columns and evaluated on rows.
struct ExpressionTarget: FuzzTarget {
    let name = "expression"
    private let frame = FuzzFrames.reviews
    private let mutation = Mutation(
        [
            "stars", "title", "score", "verified", "tags", "`odd name`", "`", "3", "-", "2.5",
            "1e9", "9223372036854775807", "-9223372036854775808", "'a'", "\"b\\n\"", "\"", "'",
            "(", ")", "[", "]", ",", " and ", " or ", "not ", " in ", " has ", "==", "!=", "<",
            "<=", ">", ">=", "~", "!~", "+", "*", "/", "%", "=", "true", "null", "“", "\u{301}",
            "@", "\\", "&&", "é", "😀", "\n", "'(a'", "'(a+)+$'", "\"\\u{", " ",
        ] + Expression.functions.map { $0.name + "(" }
    )
    /// Operands and operators by what they give; most errors of kinds are much alike.
    private static let leaves = [
        ["stars", "score", "`odd name`", "0", "1", "-1", "2.5", "1e308", "9223372036854775807"],
        ["title", "language", "digits", "'a'", "''", "\"\\u{e9}\"", "'Gr'", "'1.5'"],
        ["verified", "true", "false", "title ~ '^(a|b)*$'", "tags has 'a'", "stars in (1, 2)"],
        ["tags", "null", "'\\d+'", "0.0", "1000000"],
    ]
    private static let comparisons = ["==", "!=", "<", "<=", ">", ">="]

    func input(_ generator: inout SeededGenerator) -> [UInt8] {
        switch generator.below(4) {
        case 0: return mutation.soup(&generator, atMost: 14)
        case 1, 2: return Array(expression(&generator, depth: 1 + generator.below(4)).utf8)
        default:
            let bytes = Array(expression(&generator, depth: 3).utf8)
            let other = Array(expression(&generator, depth: 2).utf8)
            return mutation.changed(bytes, with: other, &generator)
        }
    }

    /// Returns an expression of numbers (0), texts (1), truths (2) or of no known kind (3).
    private func expression(
        _ generator: inout SeededGenerator,
        depth: Int,
        kind: Int? = nil
    ) -> String {
        // One operand in eight is of another kind.
        let kind = generator.below(8) == 0 ? generator.below(4) : kind ?? generator.below(4)
        guard depth > 0 else { return Self.leaves[kind].any(&generator) }
        func part(_ kind: Int) -> String {
            expression(&generator, depth: depth - 1, kind: kind)
        }
        switch kind {
        case 0:
            return switch generator.below(4) {
            case 0: "-\(part(0))"
            case 1: "len(\(part(1)))"
            case 2: "(\(part(0)))"
            default: "\(part(0)) \(["+", "-", "*", "/", "%"].any(&generator)) \(part(0))"
            }
        case 1:
            return switch generator.below(4) {
            case 0: "lower(\(part(1)))"
            case 1: "text(\(part(0)))"
            case 2: "if(\(part(2)), \(part(1)), \(part(1)))"
            default: "\(part(1)) + \(part(1))"
            }
        case 2:
            return switch generator.below(6) {
            case 0: "not \(part(2))"
            case 1: "(\(part(2)) \(["and", "or"].any(&generator)) \(part(2)))"
            case 2: "\(part(0)) in (\(part(0)), \(part(0)))"
            case 3: "is_null(\(part(generator.below(4))))"
            case 4: "\(part(1)) \(Self.comparisons.any(&generator)) \(part(1))"
            default: "\(part(0)) \(Self.comparisons.any(&generator)) \(part(0))"
            }
        default:
            let function = Expression.functions.any(&generator).name
            let arguments = (0..<generator.below(4)).map { _ in part(generator.below(4)) }
            return "\(function)(\(arguments.joined(separator: ", ")))"
        }
    }

    func check(_ input: [UInt8], _ generator: inout SeededGenerator) throws -> Bool {
        let source = String(decoding: input, as: UTF8.self)
        do {
            let expression = try Expression(parsing: source)
            try require(
                try Expression(parsing: expression.source) == expression,
                "it reads otherwise without the blanks round it"
            )
            let isBound = try evaluate(expression)
            return try check(condition: expression) || isBound
        } catch let error as Diagnostic {
            try requirePlace(of: error, in: source)
            return false
        }
    }

    private func evaluate(_ expression: Expression) throws -> Bool {
        do {
            let bound = try expression.bind(to: frame)
            for row in 0..<frame.count {
                let cell = try bound.cell(row: row)
                let again = try bound.cell(row: row)
                try require(cell == again, "row \(row) is \(cell), then \(again)")
                try require(
                    cell.isAbsent || cell.kind == bound.kind,
                    "row \(row) is \(cell), but the kind is \(String(describing: bound.kind))"
                )
                if case .number(let value) = cell {
                    try require(value.isFinite, "row \(row) is \(value)")
                }
            }
            return true
        } catch let error as Diagnostic {
            try requirePlace(of: error, in: expression.source)
            return false
        }
    }

    private func check(condition: Expression) throws -> Bool {
        do {
            let bound = try condition.bindCondition(to: frame)
            for row in 0..<frame.count { _ = try bound.isTrue(row: row) }
            return true
        } catch let error as Diagnostic {
            try requirePlace(of: error, in: condition.source)
            return false
        }
    }
}

extension Cell {
    /// The kind of column that it fits, or nil for an absent one.
    var kind: ColumnKind? {
        switch self {
        case .text: .text
        case .integer: .integer
        case .number: .number
        case .boolean: .boolean
        case .json: .json
        case .null, .missing: nil
        }
    }
}
