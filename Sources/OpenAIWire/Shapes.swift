public import FettleCore

/// What a completion goes on from.
public enum CompletionPrompt: WireShape {
    /// Texts.
    case texts([String])
    /// Texts by their tokens.
    case tokens([[Int]])

    /// How many prompts there are.
    public var count: Int {
        switch self {
        case .texts(let texts): texts.count
        case .tokens(let lists): lists.count
        }
    }

    /// Reads a text, a list of texts, a list of tokens, or a list of such lists.
    public init(reading value: JSONValue, at path: String) throws(WireProblem) {
        let expected = "a string, a list of strings, a list of tokens, or a list of such lists"
        switch value {
        case .string(let text): self = .texts([text])
        case .array(let items):
            switch items.first {
            case .string?:
                var texts: [String] = []
                for (position, item) in items.enumerated() {
                    guard case .string(let text) = item else {
                        throw .wrong("\(path)[\(position)]", "a string", item)
                    }
                    texts.append(text)
                }
                self = .texts(texts)
            case .array?:
                var lists: [[Int]] = []
                for (position, item) in items.enumerated() {
                    guard case .array(let tokens) = item else {
                        throw .wrong("\(path)[\(position)]", "a list of tokens", item)
                    }
                    lists.append(try Self.tokens(tokens, at: "\(path)[\(position)]"))
                }
                self = .tokens(lists)
            case .some: self = .tokens([try Self.tokens(items, at: path)])
            case nil: throw WireProblem("'\(path)' must be \(expected), found none", param: path)
            }
        default: throw .wrong(path, expected, value)
        }
    }

    private static func tokens(
        _ items: [JSONValue],
        at path: String
    ) throws(WireProblem) -> [Int] {
        var tokens: [Int] = []
        for (position, item) in items.enumerated() {
            guard let token = WireObject.integer(item), token >= 0 else {
                throw .wrong("\(path)[\(position)]", "a token's number", item)
            }
            tokens.append(token)
        }
        return tokens
    }

    /// The JSON of it; one text stands alone.
    public var json: JSONValue {
        switch self {
        case .texts(let texts):
            texts.count == 1 ? .string(texts[0]) : .array(texts.map { .string($0) })
        case .tokens(let lists):
            .array(lists.map { .array($0.map { .integer(Int64($0)) }) })
        }
    }
}

/// Texts before which an answer ends: one, or up to four.
public struct StopSequences: WireShape {
    /// The texts.
    public var texts: [String]

    /// Makes one of texts.
    public init(_ texts: [String]) {
        self.texts = texts
    }

    /// Reads a text or a list of up to four.
    public init(reading value: JSONValue, at path: String) throws(WireProblem) {
        switch value {
        case .string(let text): texts = [text]
        case .array(let items):
            guard items.count <= 4 else {
                throw WireProblem(
                    "'\(path)' must have at most 4 strings, found \(items.count)",
                    param: path
                )
            }
            texts = []
            for (position, item) in items.enumerated() {
                guard case .string(let text) = item else {
                    throw .wrong("\(path)[\(position)]", "a string", item)
                }
                texts.append(text)
            }
        default: throw .wrong(path, "a string or a list of at most 4", value)
        }
    }

    /// The JSON of it; one text stands alone.
    public var json: JSONValue {
        texts.count == 1 ? .string(texts[0]) : .array(texts.map { .string($0) })
    }
}

/// What is added to the scores of tokens, by their numbers.
public struct LogitBias: WireShape {
    /// From -100 to 100 for each token.
    public var values: [Int: Double]

    /// Makes one of values.
    public init(_ values: [Int: Double]) {
        self.values = values
    }

    /// Reads numbers by token.
    public init(reading value: JSONValue, at path: String) throws(WireProblem) {
        guard case .object(let members) = value else { throw .wrong(path, "an object", value) }
        values = [:]
        for member in members {
            guard let token = Int(member.name), token >= 0 else {
                throw WireProblem(
                    "'\(path)' must have tokens' numbers as names, found '\(member.name)'",
                    param: path
                )
            }
            guard let bias = WireObject.number(member.value), (-100.0...100).contains(bias) else {
                throw .wrong(
                    "\(path).\(member.name)",
                    "a number from -100 to 100",
                    member.value
                )
            }
            values[token] = bias
        }
    }

    /// The JSON of it.
    public var json: JSONValue {
        .object(
            values.sorted { $0.key < $1.key }.map { .init(String($0.key), .number($0.value)) }
        )
    }
}

/// The bytes of a token.
public struct WireBytes: WireShape {
    /// The bytes.
    public var bytes: [UInt8]

    /// Makes one of bytes.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads numbers from 0 to 255.
    public init(reading value: JSONValue, at path: String) throws(WireProblem) {
        guard case .array(let items) = value else { throw .wrong(path, "a list of bytes", value) }
        bytes = []
        for item in items {
            guard let number = WireObject.integer(item), let byte = UInt8(exactly: number) else {
                throw .wrong(path, "a list of bytes", value)
            }
            bytes.append(byte)
        }
    }

    /// The JSON of it.
    public var json: JSONValue { .array(bytes.map { .integer(Int64($0)) }) }
}

/// A hyperparameter that may be left to the server.
public enum AutomaticOr<Value: Hashable & Sendable>: Hashable, Sendable {
    /// The server chooses.
    case automatic
    /// This value.
    case value(Value)

    /// The value, or nil when the server chooses.
    public var value: Value? {
        switch self {
        case .automatic: nil
        case .value(let value): value
        }
    }
}
