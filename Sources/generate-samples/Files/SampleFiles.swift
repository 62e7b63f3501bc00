import FettleCore

/// A file to write: its name and its bytes.
struct SampleFile {
    var name: String
    var bytes: [UInt8]

    /// A file of `lines`, each ended by a line feed.
    init(_ name: String, lines: [String]) {
        self.name = name
        bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
    }

    /// A file of raw `bytes`.
    init(_ name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// The generated files of the samples folder.
enum SampleFiles {
    /// Returns every file, made with `seed`; `rows` is the length of reviews.jsonl.
    static func all(rows: Int, seed: UInt64) -> [SampleFile] {
        [
            SampleFile("reviews.jsonl", lines: Corpus(rows: rows, seed: seed).reviews.map(\.json)),
            reviewsCSV(seed: seed &+ 1),
            reviewsSmallJSON(seed: seed &+ 2),
            TicketSample.file(rows: 300, seed: seed &+ 3),
            BadRowsSample.file(seed: seed &+ 4),
            FlawedSample.file(seed: seed &+ 5),
        ]
    }

    /// English reviews as RFC 4180 writes them, with every kind of cell that the format has.
    private static func reviewsCSV(seed: UInt64) -> SampleFile {
        var random = SeededGenerator(seed: seed)
        let corpus = Corpus(rows: 310, seed: seed, languages: [.en])
        let lines = corpus.reviews.map { review in
            var body = review.body
            if random.chance(18) { body = body.replacingFirst(". ", with: ".\n") }
            if random.chance(12) { body = body.quotingLastSentence() }
            let hasNoReviewer = random.chance(4)
            let cells = [
                review.reviewID, review.productID, hasNoReviewer ? nil : review.reviewerID,
                String(review.stars), body, review.title, review.language.rawValue,
                review.category,
            ]
            return cells.map(csvCell).joined(separator: ",")
        }
        return SampleFile(
            "reviews.csv",
            lines: [Review.columns.joined(separator: ",")] + lines
        )
    }

    /// Returns a cell: nothing for a missing value, two quotes for an empty text.
    private static func csvCell(_ text: String?) -> String {
        guard let text else { return "" }
        let needsQuotes = text.isEmpty || text.contains { ",\"\n\r".contains($0) }
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    /// A few reviews of all languages as one JSON array.
    private static func reviewsSmallJSON(seed: UInt64) -> SampleFile {
        var random = SeededGenerator(seed: seed)
        var reviews = Corpus(rows: 620, seed: seed).reviews
        random.shuffle(&reviews)
        let rows = reviews.prefix(50).map(\.json)
        let items = rows.enumerated().map { $0 + 1 < rows.count ? "  \($1)," : "  \($1)" }
        return SampleFile("reviews-small.json", lines: ["["] + items + ["]"])
    }
}

extension String {
    /// The text with the first `old` replaced by `new`.
    fileprivate func replacingFirst(_ old: String, with new: String) -> String {
        let pieces = split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
        return pieces.joined(separator: new)
    }

    /// The text with its last sentence in quotes, as if somebody had said it.
    fileprivate func quotingLastSentence() -> String {
        var sentences = split(separator: ". ").map(String.init)
        guard let last = sentences.popLast(), !sentences.isEmpty else { return self }
        return sentences.joined(separator: ". ") + ". Or as they say: \"\(last)\""
    }
}
