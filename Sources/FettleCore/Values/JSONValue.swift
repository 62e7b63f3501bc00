/// A JSON value whose objects keep the order of their members.
public enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One name and value of an object.
    public struct Member: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: JSONValue

        /// Makes a member.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Returns the member called `name` of an object, or nil.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// Returns the JSON text on one line, or indented by two spaces a level when `pretty`.
    ///
    /// Numbers have the shortest text that reads back as the same value; a number that is not finite,
    /// which JSON cannot say, becomes `null`.
    public func text(pretty: Bool = false) -> String {
        var out = ""
        write(to: &out, pretty: pretty, level: 0)
        return out
    }

    private func write(to out: inout String, pretty: Bool, level: Int) {
        switch self {
        case .null: out += "null"
        case .boolean(let value): out += value ? "true" : "false"
        case .integer(let value): out += String(value)
        case .number(let value): out += JSONValue.text(of: value)
        case .string(let value): JSONValue.quote(value, into: &out)
        case .array(let items):
            JSONValue.list(items, "[", "]", to: &out, pretty, level) { item, out in
                item.write(to: &out, pretty: pretty, level: level + 1)
            }
        case .object(let members):
            JSONValue.list(members, "{", "}", to: &out, pretty, level) { member, out in
                JSONValue.quote(member.name, into: &out)
                out += ": "
                member.value.write(to: &out, pretty: pretty, level: level + 1)
            }
        }
    }

    private static func list<Item>(
        _ items: [Item],
        _ open: String,
        _ close: String,
        to out: inout String,
        _ pretty: Bool,
        _ level: Int,
        write: (Item, inout String) -> Void
    ) {
        out += open
        for (position, item) in items.enumerated() {
            if position > 0 { out += pretty ? "," : ", " }
            if pretty { out += "\n" + String(repeating: "  ", count: level + 1) }
            write(item, &out)
        }
        if pretty, !items.isEmpty { out += "\n" + String(repeating: "  ", count: level) }
        out += close
    }

    /// Returns the shortest JSON number that reads back as `value`, or `null` when it is not finite.
    public static func text(of value: Double) -> String {
        guard value.isFinite else { return "null" }
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Appends `text` as a JSON string: quotes, backslashes and control characters escaped, everything
    /// else as UTF-8.
    public static func quote(_ text: String, into out: inout String) {
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }
}
