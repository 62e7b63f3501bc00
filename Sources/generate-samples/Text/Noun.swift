/// A noun with what its language needs to know to inflect the words around it.
///
/// In a bank, `+` before an English noun marks a plural; `m:`, `f:`, `n:` or `p:` before a German,
/// French or Spanish one its gender, or a plural. Chinese and Japanese nouns carry no mark.
struct Noun {
    /// The noun itself, without its mark.
    let word: String
    /// `m`, `f`, `n`, `p` (plural) or `s` (singular, where gender plays no part).
    let mark: Character

    /// Reads `entry` as it stands in a bank.
    init(_ entry: String) {
        var rest = Substring(entry)
        var mark: Character = "s"
        if rest.hasPrefix("+") {
            mark = "p"
            rest = rest.dropFirst()
        } else if let first = rest.first, "mfnp".contains(first), rest.dropFirst().hasPrefix(":") {
            mark = first
            rest = rest.dropFirst(2)
        }
        word = rest.trimmed
        self.mark = mark
    }

    /// Returns the words that agree with this noun, by the name that a sentence gives their slot.
    func forms(in language: Language) -> [String: String] {
        switch language {
        case .en: english
        case .de: german
        case .fr: french
        case .es: spanish
        case .ja, .zh: [:]
        }
    }

    private var english: [String: String] {
        let isPlural = mark == "p"
        let startsWithVowel = word.first.map { "aeiouAEIOU".contains($0) } ?? false
        return [
            "a": isPlural ? word : (startsWithVowel ? "an " : "a ") + word,
            "it": isPlural ? "they" : "it",
            "them": isPlural ? "them" : "it",
            "this": isPlural ? "these" : "this",
            "one": isPlural ? "a pair" : "one",
            "unit": isPlural ? "pair" : "one",
            "is": isPlural ? "are" : "is",
            "isnt": isPlural ? "aren't" : "isn't",
            "was": isPlural ? "were" : "was",
            "s": isPlural ? "" : "s",
        ]
    }

    private var german: [String: String] {
        let column = mark == "m" ? 0 : mark == "f" ? 1 : mark == "n" ? 2 : 3
        func pick(_ forms: String...) -> String { forms[column] }
        return [
            "der": pick("der", "die", "das", "die"),
            "den": pick("den", "die", "das", "die"),
            "diesen": pick("diesen", "diese", "dieses", "diese"),
            "er": pick("er", "sie", "es", "sie"),
            "ihn": pick("ihn", "sie", "es", "sie"),
            "ist": pick("ist", "ist", "ist", "sind"),
            "war": pick("war", "war", "war", "waren"),
            "hat": pick("hat", "hat", "hat", "haben"),
            "t": pick("t", "t", "t", "en"),
        ]
    }

    private var french: [String: String] {
        let isFeminine = mark == "f"
        let isElided = word.first.map { "aeiouéèêâîôAEIOUÉ".contains($0) } ?? false
        return [
            "le": isElided ? "l'" : isFeminine ? "la " : "le ",
            "un": isFeminine ? "une" : "un",
            "ce": isFeminine ? "cette" : isElided ? "cet" : "ce",
            "e": isFeminine ? "e" : "",
        ]
    }

    private var spanish: [String: String] {
        let isFeminine = mark == "f"
        return [
            "el": isFeminine ? "la" : "el",
            "un": isFeminine ? "una" : "un",
            "este": isFeminine ? "esta" : "este",
            "lo": isFeminine ? "la" : "lo",
            "o": isFeminine ? "a" : "o",
        ]
    }
}
