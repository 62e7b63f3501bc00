/// bad-rows.jsonl: good reviews with one broken line of each kind between them.
enum BadRowsSample {
    /// Returns the file.
    static func file(seed: UInt64) -> SampleFile {
        let good = Corpus(rows: 310, seed: seed, languages: [.en]).reviews.map(\.json)
        var bytes: [UInt8] = []
        for (index, line) in good.prefix(14).enumerated() {
            bytes += Array(line.utf8) + [lineFeed]
            guard index % 2 == 1 else { continue }
            if let broken = broken(good[20 + index], kind: index / 2) {
                bytes += broken + [lineFeed]
            }
        }
        return SampleFile("bad-rows.jsonl", bytes: bytes)
    }

    private static let lineFeed = UInt8(ascii: "\n")

    /// Returns `line` broken in one of six ways; nil for another `kind`.
    private static func broken(_ line: String, kind: Int) -> [UInt8]? {
        switch kind {
        case 0:
            Array("{\"review_id\":\"en_0000001\",\"stars\":2,\"review_body\":\"The strap came".utf8)
        case 1: Array(line.dropLast().utf8)
        case 2: Array((line + " five stars").utf8)
        case 3:
            Array("{\"review_id\":\"en_0000002\",\"review_body\":\"caf".utf8) + [0xE9]
                + Array("\"}".utf8)
        case 4:
            Array(
                "{\"review_id\":\"en_0000003\",\"stars\":,\"review_body\":\"No number here\"}".utf8
            )
        case 5: Array("[\"en_0000004\", 5, \"A list, not an object\"]".utf8)
        default: nil
        }
    }
}
