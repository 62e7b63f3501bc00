import FettleCore

/// The title and the body of one review.
struct ReviewText: Hashable {
    var title: String
    var body: String
}

/// Writes the text of one review.
struct ReviewTextWriter {
    private var composer: Composer
    private let language: Language
    private let reading: Int

    /// Writes a review text with `stars` in `language` from the lists of `bank`.
    static func write(
        stars: Int,
        language: Language,
        bank: Bank,
        seed: UInt64
    ) -> ReviewText {
        var composer = Composer(language: language, bank: bank, seed: seed)
        let reading = Opinion.reading(of: stars, &composer.random)
        var writer = ReviewTextWriter(composer: composer, language: language, reading: reading)
        let sentences = writer.sentences()
        let body = sentences.joined(separator: language.joint)
        let title = writer.title(firstSentence: sentences.first ?? "")
        guard language == .en else { return ReviewText(title: title, body: body) }
        var style = CasualStyle(&writer.composer.random)
        return ReviewText(title: style.apply(to: title), body: style.apply(to: body))
    }

    private mutating func sentences() -> [String] {
        if composer.random.chance(5) {
            let level = Opinion.sentence(in: reading, &composer.random)
            return [composer.phrase(of: "short\(level)").capitalizedFirst]
        }
        var result: [String] = []
        if composer.random.chance(62) { result.append(composer.sentence(of: "open")) }
        let opinions = 1 + composer.random.weighted([34, 34, 20, 9, 3])
        var previous: Int?
        for _ in 0..<opinions {
            let level = Opinion.sentence(in: reading, &composer.random)
            let hasMore = ["problem", "delight"].allSatisfy { composer.unusedCount(of: $0) >= 2 }
            let kind = composer.random.chance(48) && hasMore ? "frame" : "say"
            let text = composer.sentence(of: "\(kind)\(level)")
            result.append(turned(text, from: previous, to: level))
            previous = level
            if composer.random.chance(34) { result.append(aside()) }
        }
        if composer.random.chance(40) {
            let level = Opinion.sentence(in: reading, &composer.random)
            result.append(composer.sentence(of: "end\(level)"))
        }
        return result
    }

    private mutating func aside() -> String {
        let list = language == .en && composer.random.chance(45) ? "fact" : "neutral"
        return composer.sentence(of: list)
    }

    /// Puts a word of contrast before `text` where the review changes its mind.
    private mutating func turned(_ text: String, from previous: Int?, to level: Int) -> String {
        guard let previous, (previous <= 2 && level >= 4) || (previous >= 4 && level <= 2) else {
            return text
        }
        let turn = composer.phrase(of: level >= 4 ? "up" : "down")
        guard !turn.isEmpty else { return text }
        guard language == .en else { return turn + language.joint + text }
        let keepsCapital = text.hasPrefix("I ") || text.hasPrefix("I'")
        return turn + " " + (keepsCapital ? text : text.prefix(1).lowercased() + text.dropFirst())
    }

    private mutating func title(firstSentence: String) -> String {
        switch composer.random.weighted([48, 16, 18, 12, 6]) {
        case 0: return levelTitle()
        case 1: return composer.phrase(of: "title").capitalizedFirst
        case 2: return opening(of: firstSentence)
        case 3: return composer.product.capitalizedFirst
        default: return ""
        }
    }

    private mutating func levelTitle() -> String {
        let level = Opinion.sentence(in: reading, &composer.random)
        return composer.phrase(of: "title\(level)").capitalizedFirst
    }

    /// Returns the first words of `sentence`, without a mark at their end.
    private func opening(of sentence: String) -> String {
        let limit = language.isUnspaced ? 14 : 44
        var opening = ""
        if language.isUnspaced {
            opening = String(sentence.prefix { !"，。、！？".contains($0) }.prefix(limit))
        } else {
            for word in sentence.split(separator: " ") {
                guard opening.count + word.count < limit else { break }
                opening += (opening.isEmpty ? "" : " ") + word
            }
        }
        while let last = opening.last, ".,:;!?。".contains(last) { opening.removeLast() }
        return opening
    }
}
