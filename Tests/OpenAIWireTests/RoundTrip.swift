import FettleCore
import OpenAIWire
import Testing

/// Returns the JSON value that a text says.
func value(_ text: String) throws -> JSONValue {
    try JSONValue.parse(Array(text.utf8))
}

/// Reads a part of the API from a text.
func read<Value: WireValue>(_ type: Value.Type, _ text: String) throws -> Value {
    try Value(reading: WireObject(parsing: Array(text.utf8)))
}

/// Checks that a text, read and written, gives the same JSON, and that this reads as the same again.
func expectRoundTrip<Value: WireValue>(
    _ type: Value.Type,
    _ text: String,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws -> Value {
    let first = try read(Value.self, text)
    #expect(
        first.json.withSortedMembers == (try value(text)).withSortedMembers,
        sourceLocation: sourceLocation
    )
    #expect(try read(Value.self, first.json.text()) == first, sourceLocation: sourceLocation)
    return first
}

extension JSONValue {
    /// The value with the members of all objects in the order of their names, whose order means nothing.
    var withSortedMembers: JSONValue {
        switch self {
        case .object(let members):
            .object(
                members.sorted { $0.name < $1.name }
                    .map { .init($0.name, $0.value.withSortedMembers) }
            )
        // A number that is whole is the same number with and without a fraction.
        case .number(let number): Int64(exactly: number).map { .integer($0) } ?? self
        case .array(let items): .array(items.map(\.withSortedMembers))
        default: self
        }
    }
}
