import FettleCore

// How members are written; by kind, so that the parts of the API need not say it.

func wire(_ value: String) -> JSONValue { .string(value) }

func wire(_ value: Int) -> JSONValue { .integer(Int64(value)) }

/// A number that JSON can say: what is not finite is as unlikely as the API can say.
func wire(_ value: Double) -> JSONValue { .number(value.isFinite ? value : -9999) }

func wire(_ value: Bool) -> JSONValue { .boolean(value) }

func wire(_ value: [String]) -> JSONValue { .array(value.map { .string($0) }) }

func wire(_ value: [Double]) -> JSONValue { .array(value.map { wire($0) }) }

func wire(_ value: [String: String]) -> JSONValue {
    .object(value.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
}

func wire(_ value: JSONValue) -> JSONValue { value }

func wire(_ value: some WireValue) -> JSONValue { value.json }

func wire(_ value: some WireShape) -> JSONValue { value.json }

func wire(_ value: [some WireValue]) -> JSONValue { .array(value.map(\.json)) }
