extension TemplateInterpreter {
    static let mapMethods: Set<String> = ["items", "keys", "values", "get"]
    static let textMethods: Set<String> = [
        "strip", "lstrip", "rstrip", "split", "startswith", "endswith", "replace", "upper", "lower",
        "title", "capitalize", "join", "find", "removeprefix", "removesuffix", "splitlines",
        "isdigit",
    ]

    /// Returns what a call gives.
    mutating func call(
        _ function: TemplateExpression,
        _ given: TemplateArguments,
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        let value = try value(of: function)
        let given = try arguments(given)
        switch value {
        case .function(.macro(let number)):
            return .text(try call(macro: number, given.values, given.named, at: place))
        case .function(.method(let object, let name)):
            return try method(name, of: object, given, at: place)
        case .function(.builtIn(let name)): return try builtIn(name, given, at: place)
        case .undefined(let name):
            if case .attribute(_, let method) = function.kind {
                throw unsupported("the method '\(method)'", at: function.at)
            }
            throw unsupported("the function '\(name)'", at: function.at)
        default: break
        }
        throw failure("\(value.kind) cannot be called", at: place)
    }

    private mutating func builtIn(
        _ name: String,
        _ given: Given,
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        switch name {
        case "raise_exception":
            let message = given.value(0, "message")?.printed ?? ""
            throw TemplateProblem(kind: .refused, message: message, at: place)
        case "strftime_now":
            guard case .text(let format)? = given.value(0, "format") else {
                throw failure("'strftime_now' takes a text", at: place)
            }
            guard let text = time(format) else {
                throw unsupported("the time format '\(format)'", at: place)
            }
            return .text(text)
        case "range": return try range(given, at: place)
        default:
            var members = given.named
            if let first = given.values.first {
                guard case .map(let more) = first, given.values.count == 1 else {
                    throw failure("'\(name)' does not take \(first.kind)", at: place)
                }
                members = more + members
            }
            guard name == "namespace" else {
                var map: [(name: String, value: TemplateValue)] = []
                for member in members {
                    try charge(map.count, at: place)
                    map.removeAll { PythonText.isEqual($0.name, member.name) }
                    map.append(member)
                }
                return .map(map)
            }
            namespaces.append(Dictionary(members.map { ($0.name, $0.value) }) { $1 })
            return .namespace(namespaces.count - 1)
        }
    }

    private mutating func range(
        _ given: Given,
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        let bounds = given.values.compactMap(\.whole)
        guard bounds.count == given.values.count, (1...3).contains(bounds.count) else {
            throw failure("'range' takes one to three integers", at: place)
        }
        let step = bounds.count == 3 ? bounds[2] : 1
        guard step != 0 else { throw failure("the step of 'range' is 0", at: place) }
        let start = bounds.count > 1 ? bounds[0] : 0
        let end = bounds.count > 1 ? bounds[1] : bounds[0]
        let distance = Double(end) - Double(start)
        let count = distance / Double(step)
        // The sandbox of Jinja refuses longer ones.
        guard count <= 100_000 else { throw failure("'range' is longer than 100,000", at: place) }
        guard count > 0 else { return .list([]) }
        try charge(Int(count), at: place)
        return .list(
            (0..<Int(count.rounded(.up))).map { .integer(start &+ $0 &* step) }
        )
    }

    // MARK: - Methods

    /// Returns what a method of a value gives.
    mutating func method(
        _ name: String,
        of object: TemplateValue,
        _ given: Given,
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        try charge(object.weight, at: place)
        if !given.named.isEmpty {
            throw unsupported("'\(name)' with '\(given.named[0].name)='", at: place)
        }
        switch object {
        case .map(let members):
            switch name {
            case "items": return .list(members.map { .list([.text($0.name), $0.value]) })
            case "keys": return .list(members.map { .text($0.name) })
            case "values": return .list(members.map(\.value))
            default:
                guard case .text(let key)? = given.value(0, "key") else {
                    throw failure("'get' takes a text", at: place)
                }
                return object[key] ?? given.value(1, "default") ?? .none
            }
        case .text(let text): return try textMethod(name, of: text, given.values, at: place)
        default: throw unsupported("the method '\(name)' of \(object.kind)", at: place)
        }
    }

    private mutating func textMethod(
        _ name: String,
        of text: String,
        _ values: [TemplateValue],
        at place: Int
    ) throws(TemplateProblem) -> TemplateValue {
        switch name {
        case "strip", "lstrip", "rstrip":
            return .text(try stripped(text, name, values.first, at: place))
        case "upper": return .text(text.uppercased())
        case "lower": return .text(text.lowercased())
        case "title": return .text(Self.titled(text) { $0.properties.isAlphabetic })
        case "capitalize": return .text(Self.capitalized(text))
        case "isdigit":
            let isNumber = text.unicodeScalars.allSatisfy {
                $0.properties.numericType == .decimal || $0.properties.numericType == .digit
            }
            return .boolean(!text.isEmpty && isNumber)
        case "splitlines":
            guard values.isEmpty else {
                throw unsupported("'splitlines' with arguments", at: place)
            }
            var lines = PythonText.split(text.replacing("\r\n", with: "\n"), by: "\n")
            if lines.last == "" { lines.removeLast() }
            return .list(lines.map { .text($0) })
        case "split": return .list(try split(text, values, at: place).map { .text($0) })
        case "join":
            let items = try items(of: values.first ?? .none, at: place)
            return .text(try joined(items, by: text, at: place))
        case "startswith", "endswith":
            return .boolean(try hasEnd(text, name == "startswith", values.first, at: place))
        default: break
        }
        guard case .text(let part)? = values.first else {
            throw failure("'\(name)' takes a text", at: place)
        }
        switch name {
        case "find":
            let found = PythonText.places(of: Array(part.utf8), in: Array(text.utf8), most: 1).first
            guard !part.isEmpty else { return .integer(0) }
            return .integer(
                found.map { place in
                    text.utf8.prefix(place).reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
                } ?? -1
            )
        case "removeprefix":
            let isThere = text.utf8.starts(with: part.utf8)
            return .text(
                isThere
                    ? PythonText.text(text.unicodeScalars.dropFirst(part.unicodeScalars.count))
                    : text
            )
        case "removesuffix":
            let isThere = text.utf8.reversed().starts(with: part.utf8.reversed())
            return .text(
                isThere
                    ? PythonText.text(text.unicodeScalars.dropLast(part.unicodeScalars.count))
                    : text
            )
        default:
            guard values.count >= 2, case .text(let other) = values[1] else {
                throw failure("'replace' takes two texts", at: place)
            }
            let most = values.count > 2 ? values[2].whole ?? -1 : -1
            return .text(try replaced(text, part, other, most < 0 ? .max : most, at: place))
        }
    }

    private func stripped(
        _ text: String,
        _ name: String,
        _ characters: TemplateValue?,
        at place: Int
    ) throws(TemplateProblem) -> String {
        let (left, right) = (name != "rstrip", name != "lstrip")
        switch characters {
        case nil, .some(.none):
            return PythonText.stripped(text, left: left, right: right, PythonText.isSpace)
        case .text(let set):
            let set = Set(set.unicodeScalars)
            return PythonText.stripped(text, left: left, right: right, set.contains)
        case .some(let other): throw failure("'\(name)' does not take \(other.kind)", at: place)
        }
    }

    private mutating func replaced(
        _ text: String,
        _ part: String,
        _ other: String,
        _ most: Int,
        at place: Int
    ) throws(TemplateProblem) -> String {
        let count =
            part.isEmpty
            ? text.unicodeScalars.count + 1
            : PythonText.places(of: Array(part.utf8), in: Array(text.utf8)).count
        let (size, overflow) = min(count, most).multipliedReportingOverflow(by: other.utf8.count)
        try charge(overflow ? Self.mostWork : size / 16, at: place)
        return PythonText.replaced(text, part, by: other, most: most)
    }

    private mutating func split(
        _ text: String,
        _ values: [TemplateValue],
        at place: Int
    ) throws(TemplateProblem) -> [String] {
        let most = values.count > 1 ? values[1].whole ?? -1 : -1
        switch values.first {
        case nil, .some(.none):
            return PythonText.words(text, most: most < 0 ? .max : most)
        case .text(let separator) where !separator.isEmpty:
            let parts = PythonText.split(text, by: separator, most: most < 0 ? .max : most)
            try charge(parts.count, at: place)
            return parts
        default: throw failure("'split' takes a text that is not empty", at: place)
        }
    }

    private func hasEnd(
        _ text: String,
        _ atStart: Bool,
        _ end: TemplateValue?,
        at place: Int
    ) throws(TemplateProblem) -> Bool {
        switch end {
        case .text(let end):
            return atStart
                ? text.utf8.starts(with: end.utf8)
                : text.utf8.reversed().starts(with: end.utf8.reversed())
        case .list(let ends):
            for end in ends where try hasEnd(text, atStart, end, at: place) { return true }
            return false
        default:
            throw failure("'\(atStart ? "startswith" : "endswith")' takes a text", at: place)
        }
    }

    /// Returns the texts of items with another between them.
    mutating func joined(
        _ items: [TemplateValue],
        by separator: String,
        at place: Int
    ) throws(TemplateProblem) -> String {
        var parts: [String] = []
        var size = 0
        for item in items {
            parts.append(try text(of: item, at: place))
            size += (parts.last?.utf8.count ?? 0) + separator.utf8.count
        }
        try charge(size / 16, at: place)
        return parts.joined(separator: separator)
    }

    // MARK: - Letters

    /// Returns the text with its first letter upper case and all others lower.
    static func capitalized(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return "" }
        let rest = PythonText.text(text.unicodeScalars.dropFirst())
        return first.properties.titlecaseMapping + rest.lowercased()
    }

    /// Returns the text with each run of letters capitalised.
    static func titled(_ text: String, isInside: (UnicodeScalar) -> Bool) -> String {
        var result = ""
        var wasInside = false
        for scalar in text.unicodeScalars {
            result +=
                wasInside
                ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping
            wasInside = isInside(scalar)
        }
        return result
    }
}
