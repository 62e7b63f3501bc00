import FettleCore

/// What a JSON value may be, in the words of JSON Schema 2020-12, which OpenAPI 3.1 has.
struct Schema: Sendable {
    let json: JSONValue

    init(_ members: [JSONValue.Member]) {
        json = .object(members)
    }

    private init(type: String, _ members: [JSONValue.Member] = []) {
        self.init([.init("type", .string(type))] + members)
    }

    static let string = Schema(type: "string")
    static let boolean = Schema(type: "boolean")
    static let number = Schema(type: "number")
    static let integer = Schema(type: "integer")
    /// An object of which nothing is said.
    static let anyObject = Schema(type: "object")

    /// A text of so many characters.
    static func string(_ lengths: ClosedRange<Int>) -> Schema {
        Schema(
            type: "string",
            [
                .init("minLength", .integer(Int64(lengths.lowerBound))),
                .init("maxLength", .integer(Int64(lengths.upperBound))),
            ]
        )
    }

    /// A text with something in it that is not blank.
    static func text(atMost length: Int) -> Schema {
        Schema(
            type: "string",
            [.init("pattern", .string("[!-~]")), .init("maxLength", .integer(Int64(length)))]
        )
    }

    /// One of some texts.
    static func one(of texts: String...) -> Schema {
        Schema(type: "string", [.init("enum", .array(texts.map { .string($0) }))])
    }

    static func integer(_ range: ClosedRange<Int>) -> Schema {
        Schema(
            type: "integer",
            [
                .init("minimum", .integer(Int64(range.lowerBound))),
                .init("maximum", .integer(Int64(range.upperBound))),
            ]
        )
    }

    static func number(_ range: ClosedRange<Double>) -> Schema {
        Schema(
            type: "number",
            [
                .init("minimum", .number(range.lowerBound)),
                .init("maximum", .number(range.upperBound)),
            ]
        )
    }

    static let positive = Schema(type: "number", [.init("exclusiveMinimum", .integer(0))])

    static func list(of item: Schema, _ counts: ClosedRange<Int>? = nil) -> Schema {
        Schema(
            type: "array",
            [.init("items", item.json)]
                + (counts.map {
                    [
                        .init("minItems", .integer(Int64($0.lowerBound))),
                        .init("maxItems", .integer(Int64($0.upperBound))),
                    ]
                } ?? [])
        )
    }

    static func any(of schemas: Schema...) -> Schema {
        Schema([.init("anyOf", .array(schemas.map(\.json)))])
    }

    /// A schema of ``Schemas``, by its name.
    static func named(_ name: String) -> Schema {
        Schema([.init("$ref", .string("#/components/schemas/\(name)"))])
    }

    /// Values by names that a pattern describes.
    static func map(_ value: Schema, names: String? = nil, atMost count: Int? = nil) -> Schema {
        Schema(
            type: "object",
            [.init("additionalProperties", value.json)]
                + (names.map {
                    [.init("propertyNames", .object([.init("pattern", .string($0))]))]
                } ?? []) + (count.map { [.init("maxProperties", .integer(Int64($0)))] } ?? [])
        )
    }

    /// The same, or null.
    var orNull: Schema { .any(of: self, Schema(type: "null")) }

    /// What a client sends: the optional members may be null as well.
    static func request(
        _ required: KeyValuePairs<String, Schema>,
        optional: KeyValuePairs<String, Schema> = [:]
    ) -> Schema {
        object(required.map { ($0.key, $0.value) }, optional.map { ($0.key, $0.value.orNull) })
    }

    /// What the server sends.
    static func answer(
        _ always: KeyValuePairs<String, Schema>,
        sometimes: KeyValuePairs<String, Schema> = [:]
    ) -> Schema {
        object(always.map { ($0.key, $0.value) }, sometimes.map { ($0.key, $0.value) })
    }

    private static func object(
        _ required: [(String, Schema)],
        _ optional: [(String, Schema)]
    ) -> Schema {
        Schema(
            type: "object",
            [
                .init("required", .array(required.map { .string($0.0) })),
                .init(
                    "properties",
                    .object((required + optional).map { .init($0.0, $0.1.json) })
                ),
            ]
        )
    }
}
