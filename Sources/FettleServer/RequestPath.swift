import HTTPTypes

/// The path of a request, and what follows the `?`.
struct RequestPath: Sendable {
    /// The path as it came.
    let raw: String
    /// Its parts, decoded after they were told apart, so that `%2F` is a part's own; nil when one is `..` or
    /// `.`, or is no text.
    let segments: [String]?
    /// What follows the `?`.
    let query: QueryItems

    /// Takes the target of a request, which may name scheme and host before its path.
    init(_ target: String) {
        var target = target[...]
        if !target.hasPrefix("/"), let scheme = target.firstRange(of: "://") {
            let rest = target[scheme.upperBound...]
            target = rest.firstIndex(where: { $0 == "/" || $0 == "?" }).map { rest[$0...] } ?? "/"
        }
        if let mark = target.firstIndex(of: "?") {
            query = QueryItems(target[target.index(after: mark)...])
            target = target[..<mark]
        } else {
            query = QueryItems("")
        }
        raw = String(target)
        guard target.hasPrefix("/") else {
            segments = nil
            return
        }
        var segments: [String] = []
        for part in target.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let text = PercentEncoding.decoded(part), text != "..", text != "." else {
                self.segments = nil
                return
            }
            segments.append(text)
        }
        self.segments = segments
    }

    /// The path as messages and the log show it: not long, and without anything that is not plain.
    var shown: String {
        let plain = raw.unicodeScalars.prefix(200).map { scalar in
            (0x21..<0x7F).contains(scalar.value) ? Character(scalar) : "?"
        }
        return String(plain)
    }
}

/// Names and values of a query, in which `+` is a space.
struct QueryItems: Sendable {
    private var items: [(name: String, value: String)] = []

    init(_ text: Substring) {
        for item in text.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map { part in
                let spaced = String(part.map { $0 == "+" ? " " : $0 })
                return PercentEncoding.decoded(spaced[...]) ?? spaced
            }
            items.append((decoded[0], decoded.count > 1 ? decoded[1] : ""))
        }
    }

    /// Returns the last value of a name.
    subscript(name: String) -> String? {
        items.last { $0.name == name }?.value
    }

    /// Returns the values of names as `metadata[key]`, by their keys.
    func members(of name: String) -> [String: String] {
        items.reduce(into: [:]) { members, item in
            guard item.name.hasPrefix(name + "["), item.name.hasSuffix("]") else { return }
            members[String(item.name.dropFirst(name.count + 1).dropLast())] = item.value
        }
    }

    /// Returns a whole number.
    ///
    /// - Throws: 400 when the value is none, or out of its range.
    func integer(
        _ name: String,
        in range: ClosedRange<Int>,
        default usual: Int
    ) throws(OpenAIErrorResponse) -> Int {
        guard let text = self[name] else { return usual }
        guard let number = Int(text), range.contains(number) else {
            throw OpenAIErrorResponse(
                .badRequest,
                "'\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound), found "
                    + "'\(text.prefix(40))'",
                param: name
            )
        }
        return number
    }
}

/// Text in which bytes are written as `%` and two hexadecimal digits.
enum PercentEncoding {
    /// Returns the text that is meant; nil when it is not UTF-8, or a `%` has no two digits after it.
    static func decoded(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit),
                let low = rest.popFirst().flatMap(digit)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map(UInt8.init)
    }
}
