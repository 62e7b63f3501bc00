import FettleCore

/// The reviews of `reviews.jsonl`: half of them English, every category in every language.
struct Corpus {
    /// The reviews in the order of the file.
    private(set) var reviews: [Review] = []

    private static let duplicatePercent = 2.0
    private static let contradictionPercent = 0.5
    private static let unknownReviewerPercent = 0.4
    private static let starWeights = [20, 19, 20, 20, 21]
    private static let leastEnglishRows = 15

    private var random: SeededGenerator
    private var seenBodies: Set<String> = []

    /// Makes `rows` reviews; the same seed gives the same reviews.
    init(rows: Int, seed: UInt64, languages: [Language] = Language.allCases) {
        random = SeededGenerator(seed: seed)
        let others = languages.filter { $0 != .en }
        let english = others.isEmpty ? rows : (rows + 1) / 2
        for language in languages {
            let place = others.firstIndex(of: language) ?? 0
            let left = rows - english
            let count =
                language == .en
                ? english : left / others.count + (place < left % others.count ? 1 : 0)
            add(count, in: language)
        }
        random.shuffle(&reviews)
        number()
    }

    private mutating func add(_ count: Int, in language: Language) {
        let least = min(
            language == .en ? Self.leastEnglishRows : 2,
            count / Categories.shares.count
        )
        let counts = Categories.counts(of: count, least: least)
        for ((category, _), count) in zip(Categories.shares, counts) {
            let banks = Banks.banks(of: category, in: language)
            guard !banks.isEmpty else { preconditionFailure("no bank for \(category)") }
            let first = reviews.count
            for _ in 0..<count {
                if reviews.count > first && random.chance(Self.duplicatePercent) {
                    reviews.append(reviews[first + random.below(reviews.count - first)])
                } else if reviews.count > first && random.chance(Self.contradictionPercent) {
                    var copy = reviews[first + random.below(reviews.count - first)]
                    copy.stars = 1 + (copy.stars + random.below(4)) % 5
                    reviews.append(copy)
                } else {
                    reviews.append(fresh(in: language, category: category, banks: banks))
                }
            }
        }
    }

    private mutating func fresh(in language: Language, category: String, banks: [Bank]) -> Review {
        let stars = random.weighted(Self.starWeights) + 1
        let bank = banks[random.below(banks.count)]
        var text = ReviewText(title: "", body: "")
        for _ in 0..<8 {
            text = ReviewTextWriter.write(
                stars: stars,
                language: language,
                bank: bank,
                seed: random.next()
            )
            if seenBodies.insert(text.body).inserted { break }
        }
        return Review(
            reviewID: "",
            productID: "",
            reviewerID: "",
            stars: stars,
            body: text.body,
            title: text.title,
            language: language,
            category: category
        )
    }

    /// Gives every row its own review, and products and reviewers that now and then come again.
    private mutating func number() {
        for index in reviews.indices {
            let language = reviews[index].language.rawValue
            reviews[index].reviewID =
                "\(language)_\(Self.digits((index + 1) * 618_033 % 1_000_003, 7))"
            reviews[index].productID = "product_\(language)_\(Self.digits(random.below(6_000), 7))"
            let reviewer = "reviewer_\(language)_\(Self.digits(random.below(40_000), 7))"
            let isKnown = !random.chance(Self.unknownReviewerPercent)
            reviews[index].reviewerID = isKnown ? reviewer : nil
        }
    }

    private static func digits(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
