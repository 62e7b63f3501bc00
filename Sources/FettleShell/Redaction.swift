/// Takes secrets out of text before it is stored or logged.
enum Redaction {
    private static let mark = "‹secret›"
    private static let names = ["key", "token", "password", "secret"]
    private static let tokens = ["sk-", "hf_"]

    /// Returns the text with keys such as `sk-…` and `hf_…`, what follows `Bearer`, passwords in addresses
    /// and the values of `…key=`, `…token=`, `…password=`, `…secret=` replaced by a mark.
    static func redact(_ text: String) -> String {
        var out = ""
        var hidesNext = false
        var word = ""
        func flush() {
            guard !word.isEmpty else { return }
            out += hidesNext ? mark : redactWord(word)
            hidesNext = word == "Bearer"
            word = ""
        }
        for character in text {
            if character.isWhitespace {
                flush()
                out.append(character)
            } else {
                word.append(character)
            }
        }
        flush()
        return out
    }

    private static func redactWord(_ word: String) -> String {
        if let equals = word.firstIndex(of: "=") {
            let name = word[..<equals].lowercased()
            let value = word[word.index(after: equals)...]
            let isReference = value.hasPrefix("secret:") || value.hasPrefix("$")
            if names.contains(where: { name.hasSuffix($0) }), !isReference, !value.isEmpty {
                return word[...equals] + mark
            }
        }
        for token in tokens {
            if let range = word.firstRange(of: token),
                word.distance(from: range.upperBound, to: word.endIndex) >= 8,
                range.lowerBound == word.startIndex
                    || !word[word.index(before: range.lowerBound)].isLetter
            {
                return word[..<range.lowerBound] + mark
            }
        }
        if let scheme = word.firstRange(of: "://"),
            let at = word[scheme.upperBound...].firstIndex(of: "@"),
            word[scheme.upperBound..<at].contains(":")
        {
            return word[..<scheme.upperBound] + mark + word[at...]
        }
        return word
    }
}
