import FettleCore

/// Texts and names as findings and their commands write them.
enum CheckText {
    private static let most = 40

    /// The text in one line between quotes, cut off when it is long.
    static func shown(_ text: String) -> String {
        var out = ""
        for (place, scalar) in text.unicodeScalars.enumerated() {
            guard place < most else { return "'\(out)…'" }
            switch scalar {
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case "\r": out += "\\r"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return "'\(out)'"
    }

    /// The first five of some items, and how many more there are.
    static func list(_ items: [String]) -> String {
        let more = items.count > 5 ? " and \(NumberText.count(items.count - 5)) more" : ""
        return items.prefix(5).joined(separator: ", ") + more
    }

    /// The column as an expression names it, or nil when it cannot.
    static func column(_ name: String) -> String? {
        let words = ["or", "and", "not", "in", "has", "true", "false", "null", "as"]
        let isBare =
            !name.isEmpty && !words.contains(name)
            && name.utf8.allSatisfy { byte in
                let letter = byte | 0x20
                return (letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z"))
                    || byte == UInt8(ascii: "_")
                    || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
            }
            && !(name.utf8.first.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
                ?? true)
        if isBare { return name }
        return name.contains("`") || name.isEmpty ? nil : "`\(name)`"
    }

    /// Whether `derive` can be told to replace the column.
    static func isDerivable(_ name: String) -> Bool {
        column(name) != nil && name == name.withoutBlanksAround && !name.contains(" as ")
            && !name.contains { "'\"`()[]{}|$;&#=\\\n\r".contains($0) }
    }

    /// The text as an expression quotes it.
    static func literal(_ text: String) -> String {
        let isRaw = text.unicodeScalars.allSatisfy {
            $0 != "'" && $0.value >= 0x20 && $0.value != 0x7F
        }
        return isRaw ? "'\(text)'" : CommandText.quoted(text)
    }
}

extension String {
    /// The text without blanks and newlines at its ends.
    var withoutBlanksAround: String {
        var text = self
        return text.withUTF8 {
            String(decoding: Blanks.trimmed(UnsafeRawBufferPointer($0)), as: UTF8.self)
        }
    }
}

extension PromptFormat {
    /// The command line that sets what the format has otherwise than `old`, or all of it.
    func command(changing old: PromptFormat?) -> String {
        let known = (old?.parts ?? []).map { [$0.name, $0.template.source] }
        let changed = parts.filter { !known.contains([$0.name, $0.template.source]) }
        let settings = (changed.isEmpty ? parts : changed).map {
            "\($0.name)=\(CommandText.quoted($0.template.source))"
        }
        let words: [String] =
            switch self {
            case .completion: ["format"]
            case .chat: ["format", "chat"]
            }
        return (words + settings).joined(separator: " ")
    }

    /// Returns the format of a prompt and a completion with other templates.
    ///
    /// - Throws: `bad-template`, when a changed source is none.
    func replacing(
        prompt: String? = nil,
        completion: String? = nil
    ) throws(Diagnostic)
        -> PromptFormat
    {
        guard case .completion(let oldPrompt, let oldCompletion) = self else { return self }
        return .completion(
            prompt: try prompt.map { text throws(Diagnostic) in try PromptTemplate(text) }
                ?? oldPrompt,
            completion: try completion.map { text throws(Diagnostic) in try PromptTemplate(text) }
                ?? oldCompletion
        )
    }

    /// How often the format reads a column.
    func uses(of column: String) -> Int {
        parts.reduce(0) { count, part in
            count
                + part.template.segments.count {
                    if case .column(column, _) = $0 { return true }
                    return false
                }
        }
    }
}

extension PromptTemplate {
    /// What stands before the first column; empty when there is none.
    var leadingText: String {
        guard segments.count > 1, case .text(let text) = segments[0] else { return "" }
        return text
    }

    /// What stands after the last column; empty when there is none.
    var trailingText: String {
        guard segments.count > 1, case .text(let text) = segments[segments.count - 1] else {
            return ""
        }
        return text
    }
}
