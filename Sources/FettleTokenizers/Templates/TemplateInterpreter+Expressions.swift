extension TemplateInterpreter {
    /// Returns the value of an expression.
    mutating func value(
        of expression: TemplateExpression
    ) throws(TemplateProblem) -> TemplateValue {
        try charge(0, at: expression.at)
        return try nested(at: expression.at) { (interpreter) throws(TemplateProblem) in
            try interpreter.evaluate(expression)
        }
    }

    private mutating func evaluate(
        _ expression: TemplateExpression
    ) throws(TemplateProblem) -> TemplateValue {
        let at = expression.at
        switch expression.kind {
        case .constant(let value): return value
        case .name(let name): return lookUp(name)
        case .list(let items): return .list(try values(of: items))
        case .map(let members): return try map(members)
        case .attribute(let object, let name):
            return try attribute(name, of: try value(of: object), at: at)
        case .item(let object, let index):
            return try item(try value(of: index), of: try value(of: object), at: at)
        case .slice(let object, let bounds):
            let object = try value(of: object)
            var numbers: [Int?] = []
            for bound in bounds {
                if let bound { numbers.append(try number(bound)) } else { numbers.append(nil) }
            }
            return try slice(object, numbers, at: at)
        case .call(let function, let given): return try call(function, given, at: at)
        case .filter(let input, let name, let given):
            return try filter(name, try value(of: input), try arguments(given), at: at)
        case .test(let input, let name, let given):
            return .boolean(
                try test(name, try value(of: input), try arguments(given).values, at: at)
            )
        case .not(let operand): return .boolean(!(try value(of: operand).isTrue))
        case .negative(let operand): return try negated(try value(of: operand), at: at)
        case .positive(let operand):
            let value = try value(of: operand)
            guard value.numeric != nil else { throw unfit("+", value, at: at) }
            return value.whole.map { .integer($0) } ?? value
        case .operation(let sign, let left, let right):
            return try operation(sign, try value(of: left), try value(of: right), at: at)
        case .comparison(let first, let rest):
            var left = try value(of: first)
            for (sign, part) in rest {
                let right = try value(of: part)
                guard try compare(sign, left, right, at: part.at) else { return .boolean(false) }
                left = right
            }
            return .boolean(true)
        case .and(let left, let right):
            let value = try value(of: left)
            return value.isTrue ? try self.value(of: right) : value
        case .or(let left, let right):
            let value = try value(of: left)
            return value.isTrue ? value : try self.value(of: right)
        case .conditional(let condition, let then, let otherwise):
            if try value(of: condition).isTrue { return try value(of: then) }
            guard let otherwise else { return .undefined("the value of an 'if' without 'else'") }
            return try value(of: otherwise)
        }
    }

    private mutating func values(
        of expressions: [TemplateExpression]
    ) throws(TemplateProblem) -> [TemplateValue] {
        var values: [TemplateValue] = []
        for expression in expressions { values.append(try value(of: expression)) }
        return values
    }

    private mutating func map(
        _ members: [(name: TemplateExpression, value: TemplateExpression)]
    ) throws(TemplateProblem) -> TemplateValue {
        var result: [(name: String, value: TemplateValue)] = []
        for (name, value) in members {
            guard case .text(let text) = try self.value(of: name) else {
                throw TemplateProblem(
                    kind: .unsupported,
                    message: "a mapping with a name that is no text is not interpreted",
                    at: name.at
                )
            }
            let value = try self.value(of: value)
            if let place = result.firstIndex(where: { PythonText.isEqual($0.name, text) }) {
                try charge(result.count, at: name.at)
                result[place].value = value
            } else {
                result.append((text, value))
            }
        }
        return .map(result)
    }

    private mutating func number(
        _ expression: TemplateExpression
    ) throws(TemplateProblem) -> Int? {
        let value = try value(of: expression)
        if case .none = value { return nil }
        guard let number = value.whole else {
            throw failure(
                "a bound of a slice is \(value.kind), expected an integer",
                at: expression.at
            )
        }
        return number
    }

    /// What a call, filter or test was given.
    struct Given {
        var values: [TemplateValue] = []
        var named: [(name: String, value: TemplateValue)] = []

        /// Returns the argument at a position or with a name.
        func value(_ position: Int, _ name: String) -> TemplateValue? {
            position < values.count
                ? values[position] : named.last { $0.name == name }?.value
        }
    }

    mutating func arguments(_ given: TemplateArguments) throws(TemplateProblem) -> Given {
        var result = Given(values: try values(of: given.values))
        for (name, value) in given.named { result.named.append((name, try self.value(of: value))) }
        return result
    }

    // MARK: - Errors

    func failure(_ message: String, at place: Int) -> TemplateProblem {
        TemplateProblem(kind: .failure, message: message, at: place)
    }

    func unsupported(_ what: String, at place: Int) -> TemplateProblem {
        TemplateProblem(kind: .unsupported, message: "\(what) is not interpreted", at: place)
    }

    private func unfit(_ sign: String, _ value: TemplateValue, at place: Int) -> TemplateProblem {
        failure("'\(sign)' does not take \(value.kind)", at: place)
    }

    /// The error for what is used though it is not there.
    func missing(_ name: String, at place: Int) -> TemplateProblem {
        failure("'\(name)' is undefined", at: place)
    }

    /// Returns the text that printing a value gives, where it is what Python gives.
    func text(of value: TemplateValue, at place: Int) throws(TemplateProblem) -> String {
        switch value {
        case .undefined: return ""
        case .text(let text): return text
        default:
            guard value.isRepresentable else {
                throw unsupported("the text of \(value.kind)", at: place)
            }
            return value.represented
        }
    }

    // MARK: - Operators

    private func negated(
        _ value: TemplateValue,
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        if let whole = value.whole {
            guard whole != .min else { throw failure("'-' gives too large a number", at: place) }
            return .integer(-whole)
        }
        guard let number = value.numeric else { throw unfit("-", value, at: place) }
        return .number(-number)
    }

    private mutating func operation(
        _ sign: String,
        _ left: TemplateValue,
        _ right: TemplateValue,
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        if sign == "~" {
            let text = try text(of: left, at: place) + (try text(of: right, at: place))
            try charge(text.utf8.count / 16, at: place)
            return .text(text)
        }
        for case .undefined(let name) in [left, right] { throw missing(name, at: place) }
        switch (sign, left, right) {
        case ("+", .text(let first), .text(let second)):
            try charge((first.utf8.count + second.utf8.count) / 16, at: place)
            return .text(first + second)
        case ("+", .list(let first), .list(let second)):
            try charge(first.count + second.count, at: place)
            return .list(first + second)
        case ("*", .text(let text), .integer(let count)),
            ("*", .integer(let count), .text(let text)):
            let (size, overflow) = text.utf8.count.multipliedReportingOverflow(by: max(0, count))
            try charge(overflow ? Self.mostWork : size / 16, at: place)
            return .text(text.isEmpty ? "" : String(repeating: text, count: max(0, count)))
        default: break
        }
        guard let first = left.numeric, let second = right.numeric else {
            throw failure("'\(sign)' does not take \(left.kind) and \(right.kind)", at: place)
        }
        if let first = left.whole, let second = right.whole, sign != "/" {
            return .integer(try whole(sign, first, second, at: place))
        }
        if second == 0, sign == "/" || sign == "//" || sign == "%" {
            throw failure("'\(sign)' divides by zero", at: place)
        }
        switch sign {
        case "+": return .number(first + second)
        case "-": return .number(first - second)
        case "*": return .number(first * second)
        case "/": return .number(first / second)
        case "//": return .number((first / second).rounded(.down))
        default: return .number(first - second * (first / second).rounded(.down))
        }
    }

    private func whole(
        _ sign: String,
        _ first: Int,
        _ second: Int,
        at place: Int
    ) throws(TemplateProblem) -> Int {
        let result: (partialValue: Int, overflow: Bool)
        switch sign {
        case "+": result = first.addingReportingOverflow(second)
        case "-": result = first.subtractingReportingOverflow(second)
        case "*": result = first.multipliedReportingOverflow(by: second)
        default:
            guard second != 0 else { throw failure("'\(sign)' divides by zero", at: place) }
            let quotient = first.dividedReportingOverflow(by: second)
            guard !quotient.overflow else { return try whole("*", .min, -1, at: place) }
            let rest = first % second
            // Python rounds down, and the rest has the sign of what divides.
            let isBelow = rest != 0 && (rest < 0) != (second < 0)
            return sign == "//"
                ? quotient.partialValue - (isBelow ? 1 : 0) : rest + (isBelow ? second : 0)
        }
        guard !result.overflow else {
            throw failure("'\(sign)' gives too large a number", at: place)
        }
        return result.partialValue
    }

    /// Returns whether a comparison holds.
    mutating func compare(
        _ sign: String,
        _ left: TemplateValue,
        _ right: TemplateValue,
        at place: Int
    ) throws(TemplateProblem) -> Bool {
        try charge(min(left.weight, right.weight), at: place)
        switch sign {
        case "==": return TemplateValue.isEqual(left, right)
        case "!=": return !TemplateValue.isEqual(left, right)
        case "in": return try contains(right, left, at: place)
        case "not in": return !(try contains(right, left, at: place))
        default: break
        }
        let order: (isLess: Bool, isEqual: Bool)
        if case .text(let first) = left, case .text(let second) = right {
            let first = first.unicodeScalars.map(\.value)
            let second = second.unicodeScalars.map(\.value)
            order = (first.lexicographicallyPrecedes(second), first == second)
        } else if let first = left.numeric, let second = right.numeric {
            order = (first < second, first == second)
        } else {
            for case .undefined(let name) in [left, right] { throw missing(name, at: place) }
            throw failure("'\(sign)' does not take \(left.kind) and \(right.kind)", at: place)
        }
        switch sign {
        case "<": return order.isLess
        case "<=": return order.isLess || order.isEqual
        case ">": return !order.isLess && !order.isEqual
        default: return !order.isLess
        }
    }

    private mutating func contains(
        _ container: TemplateValue,
        _ value: TemplateValue,
        at place: Int
    ) throws(TemplateProblem) -> Bool {
        try charge(container.weight, at: place)
        switch (container, value) {
        case (.undefined, _): return false
        case (.text(let text), .text(let part)):
            return part.isEmpty
                || !PythonText.places(of: Array(part.utf8), in: Array(text.utf8), most: 1).isEmpty
        case (.list(let items), _):
            return items.contains { TemplateValue.isEqual($0, value) }
        case (.map, .text(let name)): return container[name] != nil
        case (.map, _): return false
        default:
            throw failure("'in' does not take \(value.kind) and \(container.kind)", at: place)
        }
    }
}
