public import FettleCore

/// The metadata of a GGUF file: values by their keys, in the order of the file.
public struct GGUFMetadata: Sendable {
    /// The keys in the order of the file.
    public private(set) var keys: [String] = []
    private var values: [String: GGUFValue] = [:]
    private var ranges: [String: Range<Int>] = [:]
    private let file: ModelBytes

    init(_ file: ModelBytes) {
        self.file = file
    }

    var path: String { file.path }

    /// Returns the value of a key, or nil.
    public subscript(key: String) -> GGUFValue? {
        values[key]
    }

    /// Returns the bytes of a value as they stand in the file, its type first.
    func stored(_ key: String) -> [UInt8]? {
        ranges[key].map { Array(file.buffer[$0]) }
    }

    mutating func append(
        _ key: String,
        _ value: GGUFValue,
        _ range: Range<Int>
    ) throws(Diagnostic) {
        guard values.updateValue(value, forKey: key) == nil else {
            throw FileFault.corrupt(path, "the key '\(key)' stands there twice")
        }
        keys.append(key)
        ranges[key] = range
    }

    /// Returns a text, or nil when the key is absent.
    ///
    /// - Throws: `model-corrupt` when the value is none.
    public func string(_ key: String) throws(Diagnostic) -> String? {
        guard let value = values[key] else { return nil }
        guard case .string(let text) = value else { throw mismatch(key, "a text") }
        return text
    }

    /// Returns an integer from 0 on, or nil when the key is absent.
    ///
    /// - Throws: `model-corrupt` when the value is none.
    public func count(_ key: String) throws(Diagnostic) -> Int? {
        guard let value = values[key] else { return nil }
        guard case .integer(let integer) = value, let count = Int(exactly: integer), count >= 0
        else { throw mismatch(key, "a whole number from 0 on") }
        return count
    }

    /// Returns a number, or nil when the key is absent.
    ///
    /// - Throws: `model-corrupt` when the value is none.
    public func number(_ key: String) throws(Diagnostic) -> Double? {
        switch values[key] {
        case nil: return nil
        case .number(let number)?: return number
        case .integer(let integer)?: return Double(integer)
        default: throw mismatch(key, "a number")
        }
    }

    /// Returns a truth value, or nil when the key is absent.
    ///
    /// - Throws: `model-corrupt` when the value is none.
    public func boolean(_ key: String) throws(Diagnostic) -> Bool? {
        guard let value = values[key] else { return nil }
        guard case .boolean(let truth) = value else { throw mismatch(key, "true or false") }
        return truth
    }

    /// Returns a list, or nil when the key is absent.
    ///
    /// - Throws: `model-corrupt` when the value is none.
    public func array(_ key: String) throws(Diagnostic) -> GGUFArray? {
        guard let value = values[key] else { return nil }
        guard case .array(let array) = value else { throw mismatch(key, "a list") }
        return array
    }

    private func mismatch(_ key: String, _ expected: String) -> Diagnostic {
        let found =
            switch values[key] {
            case .integer(let value)?: "\(value)"
            case .large(let value)?: "\(value)"
            case .number(let value)?: "\(value)"
            case .boolean(let value)?: "\(value)"
            case .string?: "a text"
            case .array?: "a list"
            case nil: "absent"
            }
        return FileFault.corrupt(path, "'\(key)' is \(found), not \(expected)")
    }
}
