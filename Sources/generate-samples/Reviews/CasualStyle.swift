import FettleCore

/// The habits of one English writer: small letters, dropped apostrophes, slips of the finger.
struct CasualStyle {
    private var isLowercase: Bool
    private var dropsApostrophes: Bool
    private var contracts: Bool
    private var shouts: Bool
    private var slips: Double
    private var random: SeededGenerator

    private static let contractions: [(String, String)] = [
        ("do not ", "don't "), ("does not ", "doesn't "), ("did not ", "didn't "),
        ("is not ", "isn't "),
        ("was not ", "wasn't "), ("will not ", "won't "), ("cannot ", "can't "),
        ("would not ", "wouldn't "),
        ("I am", "I'm"), ("I have been", "I've been"), ("I have had", "I've had"),
        ("I have used", "I've used"), ("I have never", "I've never"), ("I would", "I'd"),
        ("it is ", "it's "),
        ("It is ", "It's "), ("have not ", "haven't "), ("could not ", "couldn't "),
        ("I will", "I'll"),
        ("are not ", "aren't "), ("That is", "That's"),
    ]

    /// Draws the habits of a writer.
    init(_ random: inout SeededGenerator) {
        isLowercase = random.chance(5)
        contracts = random.chance(60)
        dropsApostrophes = random.chance(6)
        shouts = random.chance(3)
        slips = random.chance(16) ? 0.006 : 0
        self.random = SeededGenerator(seed: random.next())
    }

    /// Returns `text` as this writer types it.
    mutating func apply(to text: String) -> String {
        var result = text
        if contracts {
            for (long, short) in Self.contractions { result = result.replacing(long, with: short) }
        }
        if dropsApostrophes { result = result.replacing("'", with: "") }
        if isLowercase { result = result.lowercased() }
        if shouts && result.last == "." { result = result.dropLast() + "!!" }
        return slips > 0 ? withSlips(result) : result
    }

    private mutating func withSlips(_ text: String) -> String {
        var letters = Array(text)
        var index = 1
        while index + 1 < letters.count {
            let isInside = letters[index - 1].isLetter && letters[index + 1].isLetter
            if isInside && letters[index].isLetter && random.unit() < slips {
                switch random.below(3) {
                case 0: letters.remove(at: index)
                case 1: letters.insert(letters[index], at: index)
                default: letters.swapAt(index, index + 1)
                }
                index += 3
            }
            index += 1
        }
        return String(letters)
    }
}

extension String {
    /// The text with every `old` replaced by `new`.
    func replacing(_ old: String, with new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
