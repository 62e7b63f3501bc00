import FettleCore

/// The members of a JSON object that came from elsewhere, read by name, type and range.
struct Fields {
    /// What the object is: the code of its errors, and what messages call it.
    struct Source: Hashable, Sendable {
        var code: String
        var name: String

        static let order = Source(code: "bad-order", name: "the order")
        static let event = Source(code: "bad-event", name: "an event of the log")
    }

    private let source: Source
    private let path: String
    private let members: [JSONValue.Member]

    /// Takes an object; `path` names it within its source, and is empty for the whole.
    init(_ value: JSONValue, _ source: Source, path: String = "") throws(Diagnostic) {
        (self.source, self.path) = (source, path)
        guard case .object(let members) = value else {
            let what = path.isEmpty ? source.name : "'\(path)' of \(source.name)"
            throw Diagnostic(
                source.code,
                "\(what) is \(Self.shown(value)), expected an object in braces"
            )
        }
        self.members = members
    }

    /// The names of the members in their order.
    var names: [String] { members.map(\.name) }

    /// Sees to it that there are no other members than these, and none twice.
    func require(only known: [String]) throws(Diagnostic) {
        var seen: Set<String> = []
        for name in names {
            guard seen.insert(name).inserted else {
                throw error(name, "\(source.name) has '\(whole(name))' twice")
            }
            guard known.contains(name) else {
                throw error(
                    name,
                    "\(source.name) has '\(whole(name))', which nothing reads",
                    [didYouMean(name, among: known)]
                )
            }
        }
    }

    /// Whether there is such a member that is not null.
    func has(_ name: String) -> Bool { value(name) != nil }

    /// Returns a member that is not null.
    func value(_ name: String) -> JSONValue? {
        guard let value = members.first(where: { $0.name == name })?.value, value != .null else {
            return nil
        }
        return value
    }

    /// Returns the object of a member; nil where there is none.
    func object(_ name: String) throws(Diagnostic) -> Fields? {
        guard let value = value(name) else { return nil }
        return try Fields(value, source, path: whole(name))
    }

    /// Returns the objects of a list.
    func objects(_ name: String, atMost count: Int) throws(Diagnostic) -> [Fields] {
        guard case .array(let values)? = value(name), values.count <= count else {
            throw wrong(name, "a list of at most \(NumberText.count(count)) objects")
        }
        var found: [Fields] = []
        for (place, value) in values.enumerated() {
            found.append(try Fields(value, source, path: whole("\(name)[\(place)]")))
        }
        return found
    }

    /// Returns the texts of a list.
    func texts(_ name: String, atMost count: Int) throws(Diagnostic) -> [String] {
        guard case .array(let values)? = value(name), values.count <= count else {
            throw wrong(name, "a list of at most \(NumberText.count(count)) texts")
        }
        var texts: [String] = []
        for case .string(let text) in values { texts.append(text) }
        guard texts.count == values.count else { throw wrong(name, "a list of texts") }
        return texts
    }

    /// Returns a text that passes a test.
    func text(
        _ name: String,
        _ expected: String = "a text",
        where isGood: (String) -> Bool = { _ in true }
    ) throws(Diagnostic) -> String {
        guard case .string(let text)? = value(name), isGood(text) else {
            throw wrong(name, expected)
        }
        return text
    }

    /// Returns one of the choices that a text names.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(Diagnostic) -> Choice where Choice.RawValue == String {
        if case .string(let text)? = value(name), let choice = Choice(rawValue: text) {
            return choice
        }
        let choices = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        throw wrong(name, "one of \(choices)")
    }

    /// Returns a whole number of a range.
    func integer(_ name: String, _ range: ClosedRange<Int>) throws(Diagnostic) -> Int {
        guard case .integer(let value)? = value(name), let number = Int(exactly: value),
            range.contains(number)
        else {
            let limits =
                "\(NumberText.count(range.lowerBound)) to \(NumberText.count(range.upperBound))"
            throw wrong(name, "a whole number from \(limits)")
        }
        return number
    }

    /// Returns a number; null and a missing member are no number (NaN), which JSON cannot say.
    func number(_ name: String) throws(Diagnostic) -> Double {
        switch value(name) {
        case .integer(let value)?: return Double(value)
        case .number(let value)?: return value
        case nil: return .nan
        default: throw wrong(name, "a number")
        }
    }

    /// Returns whether a member is true; one that is missing is not.
    func boolean(_ name: String) throws(Diagnostic) -> Bool {
        switch value(name) {
        case nil: return false
        case .boolean(let value)?: return value
        default: throw wrong(name, "true or false")
        }
    }

    /// The error for a member that is not as expected.
    func wrong(_ name: String, _ expected: String) -> Diagnostic {
        guard let value = value(name) else {
            return error(name, "\(source.name) has no '\(whole(name))', expected \(expected)")
        }
        return error(
            name,
            "'\(whole(name))' of \(source.name) is \(Self.shown(value)), expected \(expected)"
        )
    }

    /// An error about a member.
    func error(_ name: String, _ message: String, _ hints: [String?] = []) -> Diagnostic {
        var error = Diagnostic(source.code, message, hints: hints.compactMap(\.self))
        error.parameter = whole(name)
        return error
    }

    private func whole(_ name: String) -> String {
        let name = name.count > 60 ? name.prefix(60) + "…" : name
        return path.isEmpty ? name : "\(path).\(name)"
    }

    private static func shown(_ value: JSONValue) -> String {
        switch value {
        case .object: return "an object"
        case .array: return "a list"
        default:
            let text = value.text()
            return text.count > 60 ? text.prefix(60) + "…" : text
        }
    }
}

extension JSONValue {
    /// Makes an object of those members that have a value.
    static func of(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(members.compactMap { name, value in value.map { Member(name, $0) } })
    }

    /// Makes a whole number.
    static func count(_ value: Int) -> JSONValue { .integer(Int64(value)) }
}
