import FettleCore

/// The members of a JSON file's object, asked for by type; a `null` is an absent member.
struct JSONFields {
    let path: String
    private let object: JSONValue
    /// What stands before a key in messages, such as `rope_scaling.`.
    private let start: String

    /// Reads a file, whose text must be an object.
    ///
    /// - Throws: `model-unreadable`, `model-corrupt`, or what the parser says of the text.
    init(contentsOf path: String) throws(Diagnostic) {
        let bytes = try ModelBytes(mapping: path)
        try self.init(bytes, 0..<bytes.buffer.count, path: path)
    }

    /// Reads the object that some of the bytes say.
    init(_ bytes: ModelBytes, _ range: Range<Int>, path: String) throws(Diagnostic) {
        let text = UnsafeRawBufferPointer(rebasing: bytes.buffer[range])
        do {
            object = try JSONValue.parse(text, file: path)
        } catch {
            let place = error.location.map { " (line \($0.line), column \($0.column))" } ?? ""
            throw FileFault.corrupt(path, error.message + place)
        }
        try bytes.requireUnchanged()
        self.path = path
        start = ""
        guard case .object = object else {
            throw FileFault.corrupt(path, "its JSON is not an object")
        }
    }

    private init(_ object: JSONValue, path: String, start: String) {
        self.object = object
        self.path = path
        self.start = start
    }

    /// The members in the order of the text.
    var members: [JSONValue.Member] {
        guard case .object(let members) = object else { return [] }
        return members
    }

    /// Returns the value of a key, or nil when it is absent or null.
    subscript(key: String) -> JSONValue? {
        let value = object[key]
        return value == .null ? nil : value
    }

    /// Returns a whole number from 0 on, or nil when it is absent.
    func count(_ key: String) throws(Diagnostic) -> Int? {
        guard let value = self[key] else { return nil }
        guard case .integer(let integer) = value, let count = Int(exactly: integer), count >= 0
        else { throw mismatch(key, value, "a whole number from 0 on") }
        return count
    }

    /// Returns a number, or nil when it is absent.
    func number(_ key: String) throws(Diagnostic) -> Double? {
        switch self[key] {
        case nil: return nil
        case .integer(let integer)?: return Double(integer)
        case .number(let number)?: return number
        case let value?: throw mismatch(key, value, "a number")
        }
    }

    /// Returns a truth value, or nil when it is absent.
    func boolean(_ key: String) throws(Diagnostic) -> Bool? {
        guard let value = self[key] else { return nil }
        guard case .boolean(let truth) = value else { throw mismatch(key, value, "true or false") }
        return truth
    }

    /// Returns a text, or nil when it is absent.
    func string(_ key: String) throws(Diagnostic) -> String? {
        guard let value = self[key] else { return nil }
        guard case .string(let text) = value else { throw mismatch(key, value, "a text") }
        return text
    }

    /// Returns the members of an object, or nil when it is absent.
    func fields(_ key: String) throws(Diagnostic) -> JSONFields? {
        guard let value = self[key] else { return nil }
        guard case .object = value else { throw mismatch(key, value, "an object") }
        return JSONFields(value, path: path, start: "\(start)\(key).")
    }

    /// Returns a token's number or a list of such numbers; empty when it is absent, or -1 as older files
    /// have it.
    func tokens(_ key: String) throws(Diagnostic) -> [Int] {
        guard let value = self[key] else { return [] }
        let items = if case .array(let items) = value { items } else { [value] }
        var tokens: [Int] = []
        for item in items {
            guard case .integer(let integer) = item, let token = Int(exactly: integer), token >= -1
            else { throw mismatch(key, item, "a token's number") }
            if token >= 0 { tokens.append(token) }
        }
        return tokens
    }

    /// Returns a whole number from 0 on.
    ///
    /// - Throws: `model-corrupt` when it is absent, too.
    func required(_ key: String) throws(Diagnostic) -> Int {
        guard let value = try count(key) else { throw missing(key) }
        return value
    }

    /// The error of an absent key.
    func missing(_ key: String) -> Diagnostic {
        FileFault.corrupt(path, "it has no '\(start)\(key)'")
    }

    private func mismatch(_ key: String, _ value: JSONValue, _ expected: String) -> Diagnostic {
        let found =
            switch value {
            case .null: "null"
            case .boolean(let truth): "\(truth)"
            case .integer(let integer): "\(integer)"
            case .number(let number): JSONValue.text(of: number)
            case .string: "a text"
            case .array: "a list"
            case .object: "an object"
            }
        return FileFault.corrupt(path, "'\(start)\(key)' is \(found), not \(expected)")
    }
}
