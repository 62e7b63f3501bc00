/// Text as Python's `str` has it: a sequence of code points.
enum PythonText {
    /// Returns whether `str.strip` takes a scalar for white space.
    static func isSpace(_ scalar: UnicodeScalar) -> Bool {
        scalar == " " || (0x09...0x0D).contains(scalar.value)
            || (0x1C...0x1F).contains(scalar.value)
            || (scalar.value > 0x7F && scalar.properties.isWhitespace)
    }

    /// Returns whether two texts have the same code points; canonical equivalence is none.
    static func isEqual(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }

    /// Returns the text of scalars.
    static func text(_ scalars: some Sequence<UnicodeScalar>) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return text
    }

    /// Returns the text without the scalars at its ends that `isTaken` takes.
    static func stripped(
        _ text: String,
        left: Bool,
        right: Bool,
        _ isTaken: (UnicodeScalar) -> Bool
    ) -> String {
        var scalars = text.unicodeScalars[...]
        while left, let first = scalars.first, isTaken(first) { scalars.removeFirst() }
        while right, let last = scalars.last, isTaken(last) { scalars.removeLast() }
        return String(scalars)
    }

    /// Returns the places where `part` stands in `text`, none overlapping, at most `most`.
    static func places(of part: [UInt8], in text: [UInt8], most: Int = .max) -> [Int] {
        guard let first = part.first, part.count <= text.count else { return [] }
        var places: [Int] = []
        var at = 0
        while at + part.count <= text.count, places.count < most {
            if text[at] == first, text[at..<(at + part.count)].elementsEqual(part) {
                places.append(at)
                at += part.count
            } else {
                at += 1
            }
        }
        return places
    }

    /// Returns the parts of a text between places where `separator`, which is not empty, stands.
    static func split(_ text: String, by separator: String, most: Int = .max) -> [String] {
        let bytes = Array(text.utf8)
        let length = separator.utf8.count
        var parts: [String] = []
        var start = 0
        for place in places(of: Array(separator.utf8), in: bytes, most: most) {
            parts.append(String(decoding: bytes[start..<place], as: UTF8.self))
            start = place + length
        }
        return parts + [String(decoding: bytes[start...], as: UTF8.self)]
    }

    /// Returns the words of a text between white space; after `most` cuts the rest is one.
    static func words(_ text: String, most: Int = .max) -> [String] {
        var words: [String] = []
        var rest = text.unicodeScalars[...].drop(while: isSpace)
        while !rest.isEmpty {
            guard words.count < most else {
                words.append(stripped(String(rest), left: false, right: true, isSpace))
                break
            }
            let end = rest.firstIndex(where: isSpace) ?? rest.endIndex
            words.append(String(rest[..<end]))
            rest = rest[end...].drop(while: isSpace)
        }
        return words
    }

    /// Returns the text with `part` replaced by `other`, at most `most` times.
    static func replaced(_ text: String, _ part: String, by other: String, most: Int) -> String {
        guard part.isEmpty else {
            return split(text, by: part, most: most).joined(separator: other)
        }
        var result = ""
        var count = 0
        for scalar in text.unicodeScalars {
            if count < most { result += other }
            count += 1
            result.unicodeScalars.append(scalar)
        }
        return count < most ? result + other : result
    }

    /// Returns the text of a number as `repr` writes it.
    static func text(of value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        // Swift writes an exponent from 2⁵³ on, Python from 10¹⁶ on.
        guard value.magnitude >= 0x1p53, value.magnitude < 1e16 else { return "\(value)" }
        return "\(Int(value)).0"
    }

    /// Returns the text as `repr` writes it.
    static func quoted(_ text: String) -> String {
        let quote: UnicodeScalar = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var result = String(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case quote, "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                guard isPrintable(scalar) else {
                    let hex = String(scalar.value, radix: 16)
                    let (mark, digits) =
                        scalar.value < 0x100
                        ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
                    result += "\\\(mark)" + String(repeating: "0", count: digits - hex.count) + hex
                    continue
                }
                result.unicodeScalars.append(scalar)
            }
        }
        return result + String(quote)
    }

    private static func isPrintable(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }
}

extension TemplateValue {
    /// The text that printing it gives.
    var printed: String {
        switch self {
        case .undefined: ""
        case .text(let text): text
        default: represented
        }
    }

    /// The text that `repr` gives.
    var represented: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "None"
        case .boolean(let value): value ? "True" : "False"
        case .integer(let value): "\(value)"
        case .number(let value): PythonText.text(of: value)
        case .text(let text): PythonText.quoted(text)
        case .list(let items): "[" + items.map(\.represented).joined(separator: ", ") + "]"
        case .map(let members):
            "{"
                + members.map { "\(PythonText.quoted($0.name)): \($0.value.represented)" }
                .joined(separator: ", ") + "}"
        case .namespace: "<Namespace>"
        case .loop: "<LoopContext>"
        case .function: "<function>"
        }
    }

    /// Whether ``represented`` is what Python writes, for it and all that it holds.
    var isRepresentable: Bool {
        switch self {
        case .undefined, .namespace, .loop, .function: false
        case .list(let items): items.allSatisfy(\.isRepresentable)
        case .map(let members): members.allSatisfy(\.value.isRepresentable)
        default: true
        }
    }

    /// Returns the JSON text as Python's `json.dumps(…, ensure_ascii=False)` writes it, or nil for what is
    /// no JSON.
    func json(indent: Int?, level: Int = 0) -> String? {
        switch self {
        case .none: return "null"
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return "\(value)"
        case .number(let value): return PythonText.text(of: value)
        case .text(let text): return Self.jsonText(text)
        case .list(let items):
            let parts = items.compactMap { $0.json(indent: indent, level: level + 1) }
            guard parts.count == items.count else { return nil }
            return Self.wrapped(parts, "[", "]", indent, level)
        case .map(let members):
            let parts = members.compactMap { member in
                member.value.json(indent: indent, level: level + 1).map {
                    "\(Self.jsonText(member.name)): \($0)"
                }
            }
            guard parts.count == members.count else { return nil }
            return Self.wrapped(parts, "{", "}", indent, level)
        case .undefined, .namespace, .loop, .function: return nil
        }
    }

    private static func wrapped(
        _ parts: [String],
        _ open: String,
        _ close: String,
        _ indent: Int?,
        _ level: Int
    ) -> String {
        guard let indent, !parts.isEmpty else {
            return open + parts.joined(separator: ", ") + close
        }
        let inner = "\n" + String(repeating: " ", count: indent * (level + 1))
        let outer = "\n" + String(repeating: " ", count: indent * level)
        return open + inner + parts.joined(separator: "," + inner) + outer + close
    }

    private static func jsonText(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{8}": result += "\\b"
            case "\u{C}": result += "\\f"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
