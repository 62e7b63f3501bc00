/// A value of a template.
///
/// Lists and maps do not change once they are made: transformers' sandbox refuses what would change them.
enum TemplateValue: Sendable {
    /// What a name or an attribute that is not there gives, and how it was written.
    case undefined(String)
    case none
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([TemplateValue])
    /// Names and values in their order.
    case map([(name: String, value: TemplateValue)])
    /// The namespace of this number.
    case namespace(Int)
    /// The loop of this number.
    case loop(Int)
    case function(Function)

    /// What can be called.
    enum Function: Sendable {
        case builtIn(String)
        case macro(Int)
        /// A method of a value.
        indirect case method(TemplateValue, String)
    }

    /// What Python calls its kind.
    var kind: String {
        switch self {
        case .undefined: "undefined"
        case .none: "none"
        case .boolean: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .map: "a mapping"
        case .namespace: "a namespace"
        case .loop: "a loop"
        case .function: "a function"
        }
    }

    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .boolean(let value): value
        case .integer(let value): value != 0
        case .number(let value): value != 0
        case .text(let text): !text.isEmpty
        case .list(let items): !items.isEmpty
        case .map(let members): !members.isEmpty
        case .namespace, .loop, .function: true
        }
    }

    /// The number that it counts as, where it does.
    var numeric: Double? {
        switch self {
        case .boolean(let value): value ? 1 : 0
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The whole number that it counts as, where it does.
    var whole: Int? {
        switch self {
        case .boolean(let value): value ? 1 : 0
        case .integer(let value): value
        default: nil
        }
    }

    /// Returns the value of a name of a map.
    subscript(name: String) -> TemplateValue? {
        guard case .map(let members) = self else { return nil }
        return members.last { PythonText.isEqual($0.name, name) }?.value
    }

    /// Returns whether two values are equal, as Python has it.
    static func isEqual(_ left: TemplateValue, _ right: TemplateValue) -> Bool {
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.text(let left), .text(let right)): return PythonText.isEqual(left, right)
        case (.list(let left), .list(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { isEqual($0, $1) }
        case (.map(let members), .map(let others)):
            return members.count == others.count
                && members.allSatisfy { name, value in
                    right[name].map { isEqual(value, $0) } ?? false
                }
        case (.namespace(let left), .namespace(let right)): return left == right
        case (.integer(let left), .integer(let right)): return left == right
        default:
            guard let left = left.numeric, let right = right.numeric else { return false }
            return left == right
        }
    }

    /// The units of work that making it takes.
    var weight: Int {
        switch self {
        case .text(let text): text.utf8.count / 16
        case .list(let items): items.count
        case .map(let members): members.count
        default: 0
        }
    }
}
