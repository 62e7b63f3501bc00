import FettleCore

/// Prompts and completions on their way to a training file.
struct PreparationPairs {
    /// What examples like these teach.
    enum Task {
        case openEnded, classification, conditional
    }

    var prompts: [String]
    var completions: [String]

    var count: Int { prompts.count }

    /// As the old command line told them apart: by how many completions are different.
    var task: Task {
        if prompts.allSatisfy(\.isEmpty) { return .openEnded }
        return classes.count * 3 < count ? .classification : .conditional
    }

    /// The completions that there are, in the order in which they come first, with how often each comes.
    var classes: [(text: String, count: Int)] {
        var places: [[UInt8]: Int] = [:]
        var classes: [(text: String, count: Int)] = []
        for completion in completions {
            let bytes = Array(completion.utf8)
            if let place = places[bytes] {
                classes[place].count += 1
            } else {
                places[bytes] = classes.count
                classes.append((completion, 1))
            }
        }
        return classes
    }

    /// Keeps the pairs at which `isKept`.
    mutating func keep(where isKept: (Int) -> Bool) {
        let places = (0..<count).filter(isKept)
        self = showing(places)
    }

    /// Returns the pairs at these places, in that order.
    func showing(_ places: [Int]) -> PreparationPairs {
        PreparationPairs(
            prompts: places.map { prompts[$0] },
            completions: places.map { completions[$0] }
        )
    }

    /// The places of pairs that came before.
    var repeats: [Int] {
        // Not as texts, of which those are equal that are written with other code points.
        var seen: Set<[[UInt8]]> = []
        return (0..<count).filter { place in
            !seen.insert([Array(prompts[place].utf8), Array(completions[place].utf8)]).inserted
        }
    }

    /// The places of pairs of more than 10,000 characters.
    var long: [Int] {
        (0..<count).filter { place in
            prompts[place].unicodeScalars.count + completions[place].unicodeScalars.count > 10_000
        }
    }

    /// The pairs as lines of JSON, in the form of the old command line: no blanks, `/` escaped.
    var lines: String {
        var text = ""
        for (prompt, completion) in zip(prompts, completions) {
            text += "{\"prompt\":"
            Self.quote(prompt, into: &text)
            text += ",\"completion\":"
            Self.quote(completion, into: &text)
            text += "}\n"
        }
        return text
    }

    private static func quote(_ text: String, into out: inout String) {
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\", "/": out += "\\\(scalar)"
            case "\u{8}": out += "\\b"
            case "\u{C}": out += "\\f"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }
}

/// What texts have in common at one end, by code point.
enum CommonText {
    /// Returns what all texts end with.
    static func suffix(_ texts: [String]) -> String {
        let common = common(texts.map { $0.unicodeScalars.reversed() })
        return String(String.UnicodeScalarView(common.reversed()))
    }

    /// Returns what all texts begin with.
    static func prefix(_ texts: [String]) -> String {
        String(String.UnicodeScalarView(common(texts.map { Array($0.unicodeScalars) })))
    }

    private static func common(_ texts: [[Unicode.Scalar]]) -> [Unicode.Scalar] {
        guard var common = texts.first?[...] else { return [] }
        for text in texts.dropFirst() where !common.isEmpty {
            var length = 0
            while length < common.count, length < text.count,
                common[common.startIndex + length] == text[length]
            {
                length += 1
            }
            common = common.prefix(length)
        }
        return Array(common)
    }
}

extension String {
    /// The text without so many code points at its start.
    func droppingScalars(_ count: Int) -> String {
        String(unicodeScalars.dropFirst(count))
    }

    /// Whether `other` stands in the text, byte for byte.
    func holds(_ other: String) -> Bool {
        let wanted = Array(other.utf8)
        return withContiguousBytes { bytes in
            wanted.withUnsafeBytes { TextOrder.contains(bytes, $0) }
        }
    }

    private func withContiguousBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var copy = self
        return copy.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }

    /// The text with its line ends as `\n` signs, for one line.
    var onOneLine: String { replacing("\n", with: "\\n") }
}
