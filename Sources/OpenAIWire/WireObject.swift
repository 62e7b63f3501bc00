public import FettleCore

/// A part of the API that is one JSON object, read and written in one place for server and client.
///
/// ```swift
/// let request = try FineTuneRequest(reading: WireObject(parsing: body))
/// let body = FineTuneRequest(trainingFile: "file-1").json.text()
/// ```
public protocol WireValue: Hashable, Sendable {
    /// Reads it; members that it does not know are passed over, and null is as if the member were absent.
    init(reading object: WireObject) throws(WireProblem)

    /// The JSON of it; a member that clients count on is written as null where there is nothing to say.
    var json: JSONValue { get }
}

/// A part of the API that takes several shapes, such as a text or a list of texts.
public protocol WireShape: Hashable, Sendable {
    /// Reads it; `path` names it in what is wrong.
    init(reading value: JSONValue, at path: String) throws(WireProblem)

    /// The JSON of it.
    var json: JSONValue { get }
}

/// What is wrong with a request or an answer, and in which member.
public struct WireProblem: Error, Hashable, Sendable {
    /// The member, as `method.supervised.hyperparameters.n_epochs`; nil when it is about the whole.
    public var param: String?
    /// What is wrong: the member, what was expected, what was found.
    public var message: String

    /// Makes a problem.
    public init(_ message: String, param: String? = nil) {
        self.message = message
        self.param = param
    }
}

/// A JSON object whose members are read by name and kind.
public struct WireObject: Hashable, Sendable {
    /// How deep and long a body may be; the longest is a question of many thousand words.
    public static let limits = JSONLimits(depth: 64, bytes: 16 << 20)

    private let members: [JSONValue.Member]
    private let path: String
    /// Whether it stands in what a server tells, which may be outside what may be asked for here.
    private(set) var isAnswer = false

    /// Takes an object; `path` goes before the names of its members in what is wrong.
    public init(_ value: JSONValue, path: String = "") throws(WireProblem) {
        guard case .object(let members) = value else {
            throw WireProblem(
                path.isEmpty
                    ? "the body must be a JSON object, found \(WireObject.kind(value))"
                    : "'\(path)' must be an object, found \(WireObject.kind(value))",
                param: path.isEmpty ? nil : path
            )
        }
        self.members = members
        self.path = path
    }

    /// Returns the object with a member set, whatever it was before.
    public func setting(_ name: String, _ value: JSONValue) -> WireObject {
        within(members.filter { $0.name != name } + [.init(name, value)], path)
    }

    /// The object as what a server tells, with all that stands in it.
    var asAnswer: WireObject {
        var object = self
        object.isAnswer = true
        return object
    }

    /// Returns an object that stands where this one stands.
    private func within(_ members: [JSONValue.Member], _ path: String) -> WireObject {
        var object = WireObject(members: members, path: path)
        object.isAnswer = isAnswer
        return object
    }

    /// Reads a body.
    ///
    /// - Throws: what is wrong with it as JSON, with line and column.
    public init(parsing bytes: [UInt8]) throws(WireProblem) {
        let value: JSONValue
        do {
            value = try JSONValue.parse(bytes, limits: WireObject.limits)
        } catch {
            throw WireProblem("We could not parse the JSON body of your request: \(error.message)")
        }
        try self.init(value)
    }

    /// The names of the members in the order of the text.
    public var names: [String] { members.map(\.name) }

    /// Returns a member, or nil when it is absent or null; of two with one name the last, as others do.
    public func any(_ name: String) -> JSONValue? {
        guard let value = members.last(where: { $0.name == name })?.value, value != .null else {
            return nil
        }
        return value
    }

    /// Returns a value that must be there.
    public func required<Value>(_ name: String, _ value: Value?) throws(WireProblem) -> Value {
        guard let value else {
            let full = path + name
            throw WireProblem("you must provide '\(full)'", param: full)
        }
        return value
    }

    /// Returns a text.
    public func string(_ name: String) throws(WireProblem) -> String? {
        guard let value = any(name) else { return nil }
        guard case .string(let text) = value else { throw wrong(name, "a string", value) }
        return text
    }

    /// Returns a whole number, which may be written as `3.0`.
    public func integer(
        _ name: String,
        in range: ClosedRange<Int> = Int.min...Int.max
    ) throws(WireProblem) -> Int? {
        guard let value = any(name) else { return nil }
        let expected = "a whole number\(WireObject.words(range))"
        guard let number = WireObject.integer(value) else { throw wrong(name, expected, value) }
        guard range.contains(number) else { throw wrong(name, expected, value) }
        return number
    }

    /// Returns a number.
    public func number(
        _ name: String,
        in range: ClosedRange<Double>? = nil
    ) throws(WireProblem) -> Double? {
        guard let value = any(name) else { return nil }
        let expected = "a number\(range.map(WireObject.words) ?? "")"
        guard let number = WireObject.number(value), range?.contains(number) != false else {
            throw wrong(name, expected, value)
        }
        return number
    }

    /// Returns true or false.
    public func flag(_ name: String) throws(WireProblem) -> Bool? {
        guard let value = any(name) else { return nil }
        guard case .boolean(let flag) = value else { throw wrong(name, "true or false", value) }
        return flag
    }

    /// Returns a list of texts.
    public func strings(_ name: String) throws(WireProblem) -> [String]? {
        guard let items = try items(name, "strings") else { return nil }
        var texts: [String] = []
        for (position, item) in items.enumerated() {
            guard case .string(let text) = item else {
                throw wrong("\(name)[\(position)]", "a string", item)
            }
            texts.append(text)
        }
        return texts
    }

    /// Returns a list of numbers.
    public func numbers(_ name: String) throws(WireProblem) -> [Double]? {
        guard let items = try items(name, "numbers") else { return nil }
        var numbers: [Double] = []
        for (position, item) in items.enumerated() {
            guard let number = WireObject.number(item) else {
                throw wrong("\(name)[\(position)]", "a number", item)
            }
            numbers.append(number)
        }
        return numbers
    }

    /// Returns texts by name.
    public func texts(_ name: String) throws(WireProblem) -> [String: String]? {
        guard let value = any(name) else { return nil }
        let object = try WireObject(value, path: path + name)
        var texts: [String: String] = [:]
        for member in object.members {
            guard case .string(let text) = member.value else {
                throw wrong("\(name).\(member.name)", "a string", member.value)
            }
            texts[member.name] = text
        }
        return texts
    }

    /// Returns an object that is a part of the API.
    public func value<Value: WireValue>(
        _ type: Value.Type,
        _ name: String
    ) throws(WireProblem) -> Value? {
        guard let value = any(name) else { return nil }
        let object = try WireObject(value, path: path + name)
        return try Value(reading: within(object.members, path + name + "."))
    }

    /// Returns something of several shapes.
    public func value<Value: WireShape>(
        _ type: Value.Type,
        _ name: String
    ) throws(WireProblem) -> Value? {
        guard let value = any(name) else { return nil }
        return try Value(reading: value, at: path + name)
    }

    /// Returns a list of objects.
    public func list<Value: WireValue>(
        _ type: Value.Type,
        _ name: String
    ) throws(WireProblem) -> [Value]? {
        guard let items = try items(name, "objects") else { return nil }
        var values: [Value] = []
        for (position, item) in items.enumerated() {
            let full = "\(path)\(name)[\(position)]"
            let object = try WireObject(item, path: full)
            values.append(
                try Value(reading: within(object.members, full + "."))
            )
        }
        return values
    }

    private func items(_ name: String, _ kind: String) throws(WireProblem) -> [JSONValue]? {
        guard let value = any(name) else { return nil }
        guard case .array(let items) = value else { throw wrong(name, "a list of \(kind)", value) }
        return items
    }

    private init(members: [JSONValue.Member], path: String) {
        self.members = members
        self.path = path
    }

    private func wrong(_ name: String, _ expected: String, _ found: JSONValue) -> WireProblem {
        WireProblem.wrong(path + name, expected, found)
    }
}

extension WireProblem {
    /// The problem that a member is not what was expected.
    static func wrong(_ path: String, _ expected: String, _ found: JSONValue) -> WireProblem {
        WireProblem("'\(path)' must be \(expected), found \(WireObject.kind(found))", param: path)
    }
}

extension WireObject {
    static func integer(_ value: JSONValue) -> Int? {
        switch value {
        case .integer(let number): Int(number)
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }

    static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number) where number.isFinite: number
        default: nil
        }
    }

    /// What a value is, a short one as it stands.
    static func kind(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .number(let number): JSONValue.text(of: number)
        case .string(let text):
            text.unicodeScalars.count <= 40 ? "the string '\(text)'" : "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    private static func words(_ range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (.min, .max): ""
        case (let low, .max): " of at least \(low)"
        case (let low, let high): " from \(low) to \(high)"
        }
    }

    private static func words(_ range: ClosedRange<Double>) -> String {
        let low = range.lowerBound
        guard range.upperBound == .greatestFiniteMagnitude else {
            return " from \(JSONValue.text(of: low)) to \(JSONValue.text(of: range.upperBound))"
        }
        return low == 0.0.nextUp ? " above 0" : " of at least \(JSONValue.text(of: low))"
    }
}
