import FettleCore

/// flawed.jsonl: reviews with the flaws that `check` finds: near-duplicates, personal data, another language, texts that
/// are far too long or short.
enum FlawedSample {
    /// What people should not have written; none of it is anybody's.
    private static let statements = [
        "Write to me at jane.roe@example.com.", "Call me: (555) 234-5678.",
        "They still have my card, 4111 1111 1111 1111.",
        "Send the refund to DE89 3704 0044 0532 0130 00, please.",
    ]

    /// Returns the file, of about 190 reviews.
    static func file(seed: UInt64) -> SampleFile {
        var random = SeededGenerator(seed: seed)
        let corpus = Corpus(rows: 620, seed: seed).reviews
        let english = corpus.filter { $0.language == .en }
        var reviews = Array(english.prefix(160))
        let long = reviews.filter { $0.body.count > 120 }
        for (number, review) in long.prefix(8).enumerated() {
            reviews.append(copy(review, number, body: review.body + " Thanks."))
        }
        for (number, text) in statements.enumerated() {
            let review = english[200 + number]
            reviews.append(copy(review, 20 + number, body: review.body + " " + text))
        }
        let tale = english[210...228].map(\.body).joined(separator: " ")
        reviews.append(copy(english[229], 30, body: tale))
        reviews.append(copy(english[230], 31, body: "Ok", title: ""))
        reviews += corpus.filter { $0.language == .de }.prefix(12)
        random.shuffle(&reviews)
        return SampleFile("flawed.jsonl", lines: reviews.map(\.json))
    }

    private static func copy(
        _ review: Review,
        _ number: Int,
        body: String,
        title: String? = nil
    ) -> Review {
        var copy = review
        copy.reviewID = "en_99\(number < 10 ? "0" : "")\(number)"
        copy.body = body
        copy.title = title ?? review.title
        return copy
    }
}
