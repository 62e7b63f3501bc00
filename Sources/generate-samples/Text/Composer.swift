import FettleCore

/// Makes sentences from a bank, remembering what the review has said so far.
///
/// A sentence's `[a|b]` gives one of its alternatives and `{name}` a word of the list `name`. A
/// name keeps its word for the whole review (the person who got the gift stays the same), except
/// the lists in ``freshLists``. `{product}` and `{part}` bring the words that agree with them:
/// `{is}`, `{this}` follow the product, `{part is}` the part.
struct Composer {
    /// Lists that give another entry at each use.
    private static let freshLists: Set<String> = ["problem", "delight", "fact", "quip"]

    /// The random numbers of the review.
    var random: SeededGenerator
    private let language: Language
    private let bank: Bank
    private var remembered: [String: String] = [:]
    private var usedEntries: Set<String> = []

    /// Starts a review in `language` from the lists of `bank`.
    init(language: Language, bank: Bank, seed: UInt64) {
        self.language = language
        self.bank = bank
        random = SeededGenerator(seed: seed)
        let product = Noun(entry(of: "product"))
        remembered["product"] = product.word
        remembered.merge(product.forms(in: language)) { old, _ in old }
    }

    /// The product that the review is about.
    var product: String { remembered["product"] ?? "" }

    /// Returns a sentence of the list `name`, capitalised and with its full stop.
    mutating func sentence(of name: String) -> String {
        finished(phrase(of: name))
    }

    /// Returns an entry of the list `name` with its slots filled, as it is.
    mutating func phrase(of name: String) -> String {
        let template = entry(of: name)
        if template.contains("{part") || template.contains("{Part") { choosePart() }
        return expand(template)
    }

    /// Returns how many entries of the list `name` the review has not used yet.
    func unusedCount(of name: String) -> Int {
        (bank.lists[name] ?? []).count { !usedEntries.contains($0) }
    }

    /// Returns `text` with a capital at its start and a full stop at its end.
    func finished(_ text: String) -> String {
        guard let last = text.last else { return text }
        let isEnded = Language.sentenceEnds.contains(last)
        return text.capitalizedFirst + (isEnded ? "" : language.fullStop)
    }

    private mutating func entry(of name: String) -> String {
        guard let list = bank.lists[name], !list.isEmpty else { return "" }
        var choice = list[random.below(list.count)]
        var tries = 0
        while usedEntries.contains(choice) && tries < 6 {
            choice = list[random.below(list.count)]
            tries += 1
        }
        usedEntries.insert(choice)
        return choice
    }

    /// Takes another part, and the words that agree with it, for the sentence to come.
    private mutating func choosePart() {
        let part = Noun(entry(of: "part"))
        remembered["part"] = part.word
        for (form, word) in part.forms(in: language) { remembered["part \(form)"] = word }
    }

    private mutating func expand(_ template: String) -> String {
        var result = ""
        var rest = Substring(template)
        while let open = rest.firstIndex(where: { $0 == "[" || $0 == "{" }) {
            result += rest[..<open]
            let isSlot = rest[open] == "{"
            let inner = rest[rest.index(after: open)...]
            guard let close = inner.firstIndex(of: isSlot ? "}" : "]") else {
                preconditionFailure("'\(template)' leaves a bracket open")
            }
            if isSlot {
                result += value(of: String(inner[..<close]))
            } else {
                let choices = inner[..<close].split(
                    separator: "|",
                    omittingEmptySubsequences: false
                )
                result += expand(String(choices[random.below(choices.count)]))
            }
            rest = inner[inner.index(after: close)...]
        }
        return result + rest
    }

    private mutating func value(of slot: String) -> String {
        if let capital = slot.first, capital.isUppercase {
            return value(of: slot.prefix(1).lowercased() + slot.dropFirst()).capitalizedFirst
        }
        if let known = remembered[slot] { return known }
        guard bank.lists[slot] != nil else {
            preconditionFailure("no list is named '\(slot)'")
        }
        let text = phrase(of: slot)
        if !Self.freshLists.contains(slot) { remembered[slot] = text }
        return text
    }
}

extension String {
    /// The text with its first letter in upper case.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
