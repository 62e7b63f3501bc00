import FettleCore

extension ExpressionFunction {
    /// Functions of numbers.
    static let numbers: [ExpressionFunction] = [
        ExpressionFunction(
            name: "number",
            signature: "number(x)",
            arity: 1...1,
            summary: "the value as a number; null when a text is none"
        ) { (compiler, arguments, _) throws(Diagnostic) in
            switch try compiler.compile(arguments[0]) {
            case .integer(let value): .number { row in try value(row).map(Double.init) }
            case .number(let value): .number(value)
            case .boolean(let value): .number { row in try value(row).map { $0 ? 1 : 0 } }
            case .text(let value), .json(let value):
                .number { row in try value(row).flatMap(NumberReading.real) }
            case .null: .number { _ in nil }
            }
        },
        ExpressionFunction(
            name: "integer",
            signature: "integer(x)",
            arity: 1...1,
            summary: "the value as a whole number, decimals cut off; null when a text is none"
        ) { (compiler, arguments, _) throws(Diagnostic) in
            switch try compiler.compile(arguments[0]) {
            case .integer(let value): .integer(value)
            case .number(let value): .integer { row in try value(row).flatMap(NumberReading.whole) }
            case .boolean(let value): .integer { row in try value(row).map { $0 ? 1 : 0 } }
            case .text(let value), .json(let value):
                .integer { row in try value(row).flatMap(NumberReading.whole) }
            case .null: .integer { _ in nil }
            }
        },
        ExpressionFunction(
            name: "round",
            signature: "round(x[, digits])",
            arity: 1...2,
            summary: "the number rounded, halves away from zero, to that many decimals"
        ) { (compiler, arguments, _) throws(Diagnostic) in
            if arguments.count == 1, case .integer(let whole) = try compiler.compile(arguments[0]) {
                return .integer(whole)
            }
            let value = try compiler.real(arguments[0], of: "round")
            let digits: Evaluator.Real =
                arguments.count == 2 ? try compiler.real(arguments[1], of: "round") : { _ in 0 }
            return .number { row in
                guard let value = try value(row), let digits = try digits(row) else { return nil }
                return NumberReading.rounded(value, digits: digits)
            }
        },
        ExpressionFunction(
            name: "abs",
            signature: "abs(x)",
            arity: 1...1,
            summary: "the number without its sign"
        ) { (compiler, arguments, _) throws(Diagnostic) in
            if case .integer(let whole) = try compiler.compile(arguments[0]) {
                return .integer { row in
                    guard let value = try whole(row), value != .min else { return nil }
                    return Swift.abs(value)
                }
            }
            let value = try compiler.real(arguments[0], of: "abs")
            return .number { row in try value(row).map { Swift.abs($0) } }
        },
        extreme("min", "the least of the numbers; null when one of them is", least: true),
        extreme("max", "the greatest of the numbers; null when one of them is", least: false),
    ]

    /// Functions that choose among values.
    static let choices: [ExpressionFunction] = [
        ExpressionFunction(
            name: "if",
            signature: "if(condition, a, b)",
            arity: 3...3,
            summary: "a when the condition is true, else b"
        ) { (compiler, arguments, span) throws(Diagnostic) in
            let condition = try compiler.truth(arguments[0], of: "if")
            let choice: (Int) throws -> Int = { row in try condition(row) == true ? 0 : 1 }
            return try compiler.chosen(Array(arguments[1...]), of: "if", span) { row, _ in
                try choice(row)
            }
        },
        ExpressionFunction(
            name: "coalesce",
            signature: "coalesce(a, b, …)",
            arity: 1...Int.max,
            summary: "the first of the values that is not null or missing"
        ) { (compiler, arguments, span) throws(Diagnostic) in
            try compiler.chosen(arguments, of: "coalesce", span) { row, values in
                for position in values.indices.dropLast()
                where try !values[position].isNull(at: row) {
                    return position
                }
                return values.count - 1
            }
        },
    ]

    private static func extreme(
        _ name: String,
        _ summary: String,
        least: Bool
    ) -> ExpressionFunction {
        ExpressionFunction(
            name: name,
            signature: "\(name)(a, b, …)",
            arity: 1...Int.max,
            summary: summary
        ) { (compiler, arguments, _) throws(Diagnostic) in
            var values: [Evaluator] = []
            for argument in arguments { values.append(try compiler.compile(argument)) }
            let wholes = values.compactMap(\.whole)
            if wholes.count == values.count {
                return .integer { row in
                    try folded(wholes, row) { least ? min($0, $1) : max($0, $1) }
                }
            }
            var reals: [Evaluator.Real] = []
            for argument in arguments { reals.append(try compiler.real(argument, of: name)) }
            return .number { [reals] row in
                try folded(reals, row) { least ? min($0, $1) : max($0, $1) }
            }
        }
    }

    private static func folded<Value>(
        _ values: [(Int) throws -> Value?],
        _ row: Int,
        _ combine: (Value, Value) -> Value
    ) throws -> Value? {
        var result: Value?
        for value in values {
            guard let next = try value(row) else { return nil }
            result = result.map { combine($0, next) } ?? next
        }
        return result
    }
}

extension ExpressionCompiler {
    /// Compiles a choice among values of one kind; integers beside numbers become numbers.
    fileprivate func chosen(
        _ nodes: [ExpressionNode],
        of name: String,
        _ span: SourceSpan,
        _ choose: @escaping (Int, [Evaluator]) throws -> Int
    ) throws(Diagnostic) -> Evaluator {
        var values: [Evaluator] = []
        for node in nodes { values.append(try compile(node)) }
        let chosen: (Int) throws -> Int = { [values] row in try choose(row, values) }
        let kinds = Set(values.compactMap(\.kind))
        if kinds.isEmpty { return .null }
        func pick<Value>(_ choices: [(Int) throws -> Value?]) -> (Int) throws -> Value? {
            { row in try choices[chosen(row)](row) }
        }
        let count = values.count
        let wholes = values.compactMap(\.whole)
        if wholes.count == count { return .integer(pick(wholes)) }
        let reals = values.compactMap(\.real)
        if reals.count == count { return .number(pick(reals)) }
        let truths = values.compactMap(\.truth)
        if truths.count == count { return .boolean(pick(truths)) }
        let texts = values.compactMap(\.bytes)
        if texts.count == count {
            return kinds == [.json] ? .json(pick(texts)) : .text(pick(texts))
        }
        let words = zip(nodes, values).map { describe($0, $1) }.joined(separator: ", ")
        throw Diagnostic(
            "type-mismatch",
            "'\(name)' wants values of one kind, found \(words)",
            span: span,
            hint: "write text(…) or number(…) round the others"
        )
    }
}

/// Numbers read from texts, and rounding that never traps.
enum NumberReading {
    /// The number that a text is, blanks at its ends apart; nil for anything else.
    static func real(_ text: UnsafeRawBufferPointer) -> Double? {
        let bytes = Blanks.trimmed(text)
        guard !bytes.isEmpty, bytes.count <= 400,
            bytes.allSatisfy({ "0123456789+-.eE".utf8.contains($0) })
        else { return nil }
        guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
            return nil
        }
        return value
    }

    /// The whole number that a text is, or the whole part of the number that it is.
    static func whole(_ text: UnsafeRawBufferPointer) -> Int64? {
        let bytes = Blanks.trimmed(text)
        guard bytes.count <= 400 else { return nil }
        if let value = Int64(String(decoding: bytes, as: UTF8.self)) { return value }
        return real(text).flatMap(whole)
    }

    /// The whole part of a number; nil when it does not fit 64 bits.
    static func whole(_ value: Double) -> Int64? {
        Int64(exactly: value.rounded(.towardZero))
    }

    /// The number rounded to `digits` decimals, from -15 to 15.
    static func rounded(_ value: Double, digits: Double) -> Double {
        let places = min(15, max(-15, digits.rounded(.towardZero)))
        guard places.isFinite, places != 0 else { return value.rounded(.toNearestOrAwayFromZero) }
        var factor = 1.0
        for _ in 0..<Int(Swift.abs(places)) { factor *= 10 }
        let scaled = places > 0 ? value * factor : value / factor
        guard scaled.isFinite else { return value }
        let rounded = scaled.rounded(.toNearestOrAwayFromZero)
        let result = places > 0 ? rounded / factor : rounded * factor
        return result.isFinite ? result : value
    }
}
