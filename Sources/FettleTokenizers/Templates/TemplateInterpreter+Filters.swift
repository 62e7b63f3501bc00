extension TemplateInterpreter {
    /// Returns what a filter makes of a value.
    mutating func filter(
        _ name: String,
        _ input: TemplateValue,
        _ given: Given,
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        try charge(input.weight, at: place)
        switch name {
        case "trim", "upper", "lower", "capitalize", "title", "replace", "string", "safe":
            return .text(try textFilter(name, input, given, at: place))
        case "tojson": return .text(try json(input, given, at: place))
        case "length", "count": return .integer(try length(of: input, at: place))
        case "default", "d":
            let fallback = given.value(0, "default_value") ?? .text("")
            let takesFalse = given.value(1, "boolean")?.isTrue ?? false
            if case .undefined = input { return fallback }
            return takesFalse && !input.isTrue ? fallback : input
        case "int", "float", "abs": return try number(name, input, given, at: place)
        case "join":
            var items = try items(of: input, at: place)
            if let attribute = given.value(1, "attribute") {
                items = try mapped(items, attribute, at: place)
            }
            let separator = try text(of: given.value(0, "d") ?? .text(""), at: place)
            return .text(try joined(items, by: separator, at: place))
        case "items":
            if case .undefined = input { return .list([]) }
            guard case .map(let members) = input else {
                throw failure("'items' does not take \(input.kind)", at: place)
            }
            return .list(members.map { .list([.text($0.name), $0.value]) })
        case "first", "last", "list", "reverse", "unique", "map", "select", "reject", "selectattr",
            "rejectattr":
            return try listFilter(name, input, given, at: place)
        default: throw unsupported("the filter '\(name)'", at: place)
        }
    }

    private mutating func textFilter(
        _ name: String,
        _ input: TemplateValue,
        _ given: Given,
        at place: Int
    ) throws(TemplateProblem) -> String {
        let text = try text(of: input, at: place)
        switch name {
        case "upper": return text.uppercased()
        case "lower": return text.lowercased()
        case "capitalize": return Self.capitalized(text)
        case "title":
            let ends = Set("-([{< ".unicodeScalars)
            return Self.titled(text) { !ends.contains($0) && !PythonText.isSpace($0) }
        case "trim":
            guard let characters = given.value(0, "chars") else {
                return PythonText.stripped(text, left: true, right: true, PythonText.isSpace)
            }
            let set = Set((try self.text(of: characters, at: place)).unicodeScalars)
            return PythonText.stripped(text, left: true, right: true, set.contains)
        case "replace":
            let result = try method("replace", of: .text(text), given, at: place)
            return result.printed
        default: return text
        }
    }

    private mutating func json(
        _ input: TemplateValue,
        _ given: Given,
        at place: Int
    ) throws(TemplateProblem) -> String {
        for (name, value) in given.named where name != "indent" {
            // What they are without being given.
            let isUsual =
                (name == "ensure_ascii" || name == "sort_keys") && !value.isTrue
                && value.whole != nil
            guard isUsual || name == "separators" && value.kind == "none" else {
                throw unsupported("'tojson' with '\(name)='", at: place)
            }
        }
        guard given.values.count <= 1 else {
            throw unsupported("'tojson' with more than one argument", at: place)
        }
        // The first argument without a name is 'ensure_ascii'.
        if let first = given.values.first, first.isTrue {
            throw unsupported("'tojson' with 'ensure_ascii'", at: place)
        }
        let indent = given.named.last { $0.name == "indent" }?.value.whole
        guard (indent ?? 0) >= 0, (indent ?? 0) <= 16 else {
            throw unsupported("'tojson' with an indent of \(indent ?? 0)", at: place)
        }
        guard let text = input.json(indent: indent) else {
            throw failure("'tojson' does not take \(input.kind), or what is in it", at: place)
        }
        try charge(text.utf8.count / 16, at: place)
        return text
    }

    private func length(of value: TemplateValue, at place: Int) throws(TemplateProblem) -> Int {
        switch value {
        case .text(let text): return text.unicodeScalars.count
        case .list(let items): return items.count
        case .map(let members): return members.count
        case .undefined: return 0
        default: throw failure("\(value.kind) has no length", at: place)
        }
    }

    private func number(
        _ name: String,
        _ input: TemplateValue,
        _ given: Given,
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        if name == "abs" {
            if let whole = input.whole, whole != .min { return .integer(abs(whole)) }
            if case .number(let number) = input { return .number(number.magnitude) }
            throw failure("'abs' does not take \(input.kind)", at: place)
        }
        let fallback = given.value(0, "default") ?? (name == "int" ? .integer(0) : .number(0))
        var number = input.numeric
        if case .text(let text) = input {
            let trimmed = PythonText.stripped(text, left: true, right: true, PythonText.isSpace)
            if name == "int", let whole = Int(trimmed) { return .integer(whole) }
            number = trimmed.utf8.allSatisfy { $0 < 0x3A } ? Double(trimmed) : nil
        }
        guard let number else { return fallback }
        if name == "float" { return .number(number) }
        if let whole = input.whole { return .integer(whole) }
        guard let whole = Int(exactly: number.rounded(.towardZero)) else { return fallback }
        return .integer(whole)
    }

    // MARK: - Lists

    private mutating func listFilter(
        _ name: String,
        _ input: TemplateValue,
        _ given: Given,
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        if name == "reverse", case .text(let text) = input {
            return .text(PythonText.text(text.unicodeScalars.reversed()))
        }
        let items = try items(of: input, at: place)
        switch name {
        case "first": return items.first ?? .undefined("the first item of nothing")
        case "last": return items.last ?? .undefined("the last item of nothing")
        case "list": return .list(items)
        case "reverse": return .list(items.reversed())
        case "unique":
            var kept: [TemplateValue] = []
            for item in items {
                try charge(kept.count, at: place)
                if !kept.contains(where: { TemplateValue.isEqual($0, item) }) { kept.append(item) }
            }
            return .list(kept)
        case "map":
            if let attribute = given.named.last(where: { $0.name == "attribute" })?.value {
                let fallback = given.named.last { $0.name == "default" }?.value
                return .list(try mapped(items, attribute, fallback, at: place))
            }
            guard case .text(let filter)? = given.values.first else {
                throw failure("'map' takes the name of a filter, or 'attribute='", at: place)
            }
            let rest = Given(values: Array(given.values.dropFirst()), named: given.named)
            var mapped: [TemplateValue] = []
            for item in items { mapped.append(try self.filter(filter, item, rest, at: place)) }
            return .list(mapped)
        default: return try selected(name, items, given, at: place)
        }
    }

    /// Returns an attribute, such as `function.name`, of each item.
    private mutating func mapped(
        _ items: [TemplateValue],
        _ attribute: TemplateValue,
        _ fallback: TemplateValue? = nil,
        at place: Int
    ) throws(TemplateProblem) -> [TemplateValue] {
        var mapped: [TemplateValue] = []
        for item in items {
            let value = try part(attribute, of: item, at: place)
            if case .undefined = value, let fallback {
                mapped.append(fallback)
            } else {
                mapped.append(value)
            }
        }
        return mapped
    }

    private mutating func part(
        _ attribute: TemplateValue,
        of item: TemplateValue,
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        var value = item
        let names: [TemplateValue]
        if case .text(let path) = attribute {
            names = PythonText.split(path, by: ".").map { part in
                Int(part).map { .integer($0) } ?? .text(part)
            }
        } else {
            names = [attribute]
        }
        for name in names {
            value = try self.item(name, of: value, at: place)
        }
        return value
    }

    private mutating func selected(
        _ name: String,
        _ items: [TemplateValue],
        _ given: Given,
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        var values = given.values
        let takesAttribute = name.hasSuffix("attr")
        var attribute = TemplateValue.none
        if takesAttribute {
            guard !values.isEmpty else { throw failure("'\(name)' takes an attribute", at: place) }
            attribute = values.removeFirst()
        }
        var test: String?
        if !values.isEmpty {
            guard case .text(let name) = values.removeFirst() else {
                throw failure("'\(name)' takes the name of a test", at: place)
            }
            test = name
        }
        var kept: [TemplateValue] = []
        for item in items {
            let value = takesAttribute ? try part(attribute, of: item, at: place) : item
            let isSelected =
                if let test { try self.test(test, value, values, at: place) } else { value.isTrue }
            if isSelected == name.hasPrefix("select") { kept.append(item) }
        }
        return .list(kept)
    }

    // MARK: - Tests

    private static let comparisons = [
        "eq": "==", "equalto": "==", "==": "==", "ne": "!=", "!=": "!=", "lt": "<", "lessthan": "<",
        "<": "<", "le": "<=", "<=": "<=", "gt": ">", "greaterthan": ">", ">": ">", "ge": ">=",
        ">=": ">=", "in": "in",
    ]

    /// Returns whether a value passes a test.
    mutating func test(
        _ name: String,
        _ value: TemplateValue,
        _ given: [TemplateValue],
        at place: Int
    ) throws(TemplateProblem) -> Bool {
        try charge(0, at: place)
        if let sign = Self.comparisons[name] {
            guard let other = given.first else {
                throw failure("'\(name)' takes a value", at: place)
            }
            return try compare(sign, value, other, at: place)
        }
        switch (name, value) {
        case ("defined", .undefined): return false
        case ("defined", _): return true
        case ("undefined", .undefined): return true
        case ("none", .none): return true
        case ("string", .text): return true
        case ("mapping", .map): return true
        case ("boolean", .boolean): return true
        case ("true", .boolean(let value)): return value
        case ("false", .boolean(let value)): return !value
        case ("integer", .integer), ("float", .number): return true
        case ("number", .integer), ("number", .number), ("number", .boolean): return true
        case ("iterable", .list), ("iterable", .map), ("iterable", .text),
            ("iterable", .undefined):
            return true
        case ("sequence", .list), ("sequence", .map), ("sequence", .text), ("sequence", .undefined):
            return true
        case ("callable", .function): return true
        case ("odd", _), ("even", _), ("divisibleby", _):
            let divisor = name == "divisibleby" ? given.first?.whole ?? 0 : 2
            guard let number = value.whole, divisor != 0 else {
                throw failure("'\(name)' does not take \(value.kind)", at: place)
            }
            let rest = divisor == -1 ? 0 : number % divisor
            return name == "odd" ? rest != 0 : rest == 0
        case ("upper", .text(let text)), ("lower", .text(let text)):
            let same = name == "upper" ? text.uppercased() : text.lowercased()
            let hasLetters = text.unicodeScalars.contains { $0.properties.isCased }
            return hasLetters && PythonText.isEqual(same, text)
        case ("undefined", _), ("none", _), ("string", _), ("mapping", _), ("boolean", _),
            ("true", _), ("false", _), ("integer", _), ("float", _), ("number", _), ("iterable", _),
            ("sequence", _), ("callable", _), ("upper", _), ("lower", _):
            return false
        default: throw unsupported("the test '\(name)'", at: place)
        }
    }
}
