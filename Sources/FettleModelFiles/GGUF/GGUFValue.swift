public import FettleCore

/// A value of a GGUF file's metadata.
public enum GGUFValue: Sendable {
    /// Any of the integer types.
    case integer(Int64)
    /// An integer above `Int64.max`.
    case large(UInt64)
    /// Any of the floating-point types.
    case number(Double)
    /// A truth value.
    case boolean(Bool)
    /// A text.
    case string(String)
    /// A list, whose elements stay in the file.
    case array(GGUFArray)
}

/// A list of a GGUF file's metadata, decoded when it is asked for: a vocabulary is megabytes.
public struct GGUFArray: Sendable {
    let bytes: ModelBytes
    let key: String
    let element: GGUFValueType
    /// Where the first element begins; all of them lie within the file.
    let offset: Int
    /// The bytes of all elements.
    let byteCount: Int
    /// The number of elements.
    public let count: Int

    /// Returns the elements as texts.
    ///
    /// - Throws: `model-corrupt`, which names the key, when they are not all texts in UTF-8.
    public func strings() throws(Diagnostic) -> [String] {
        guard element == .string else { throw mismatch("texts") }
        var cursor = ByteCursor(bytes, at: offset)
        var result: [String] = []
        result.reserveCapacity(count)
        for place in 0..<count {
            result.append(try cursor.string(limit: byteCount, "element \(place) of '\(key)'"))
        }
        return result
    }

    /// Returns the elements as integers.
    ///
    /// - Throws: `model-corrupt`, which names the key, when they are not integers.
    public func integers() throws(Diagnostic) -> [Int64] {
        var cursor = ByteCursor(bytes, at: offset)
        var result: [Int64] = []
        result.reserveCapacity(count)
        for place in 0..<count {
            let value = try element.scalar(&cursor, "element \(place) of '\(key)'")
            guard case .integer(let integer) = value else { throw mismatch("integers") }
            result.append(integer)
        }
        return result
    }

    /// Returns the elements as numbers.
    ///
    /// - Throws: `model-corrupt`, which names the key, when they are not numbers.
    public func numbers() throws(Diagnostic) -> [Double] {
        var cursor = ByteCursor(bytes, at: offset)
        var result: [Double] = []
        result.reserveCapacity(count)
        for place in 0..<count {
            switch try element.scalar(&cursor, "element \(place) of '\(key)'") {
            case .number(let number): result.append(number)
            case .integer(let integer): result.append(Double(integer))
            default: throw mismatch("numbers")
            }
        }
        return result
    }

    private func mismatch(_ expected: String) -> Diagnostic {
        FileFault.corrupt(bytes.path, "'\(key)' is a list of \(element.name), not of \(expected)")
    }
}

/// The types of metadata values, with GGUF's numbers.
enum GGUFValueType: UInt32, Sendable {
    case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array
    case uint64, int64, float64

    var name: String {
        switch self {
        case .bool: "truth values"
        case .string: "texts"
        case .array: "lists"
        case .float32, .float64: "numbers"
        default: "integers"
        }
    }

    /// The bytes of a value, or nil where they differ from value to value.
    var byteCount: Int? {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        case .string, .array: nil
        }
    }

    /// Returns the next value, which is neither a text nor a list.
    ///
    /// - Throws: `model-corrupt` when the bytes end, or for a text or list.
    func scalar(
        _ cursor: inout ByteCursor,
        _ field: @autoclosure () -> String
    ) throws(Diagnostic) -> GGUFValue {
        switch self {
        case .uint8: return .integer(Int64(try cursor.integer(UInt8.self, field())))
        case .int8: return .integer(Int64(try cursor.integer(Int8.self, field())))
        case .uint16: return .integer(Int64(try cursor.integer(UInt16.self, field())))
        case .int16: return .integer(Int64(try cursor.integer(Int16.self, field())))
        case .uint32: return .integer(Int64(try cursor.integer(UInt32.self, field())))
        case .int32: return .integer(Int64(try cursor.integer(Int32.self, field())))
        case .int64: return .integer(try cursor.integer(Int64.self, field()))
        case .uint64:
            let value = try cursor.integer(UInt64.self, field())
            return Int64(exactly: value).map { .integer($0) } ?? .large(value)
        case .float32:
            return .number(Double(Float(bitPattern: try cursor.integer(UInt32.self, field()))))
        case .float64: return .number(Double(bitPattern: try cursor.integer(UInt64.self, field())))
        case .bool:
            let byte = try cursor.integer(UInt8.self, field())
            guard byte <= 1 else {
                throw FileFault.corrupt(cursor.bytes.path, "\(field()) is \(byte), not 0 or 1")
            }
            return .boolean(byte == 1)
        case .string, .array:
            throw FileFault.corrupt(cursor.bytes.path, "\(field()) is one of \(name)")
        }
    }
}
