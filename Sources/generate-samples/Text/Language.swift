/// A language of the reviews.
enum Language: String, CaseIterable {
    case en, de, fr, es, ja, zh

    /// Whether sentences and words stand without spaces between them.
    var isUnspaced: Bool { self == .ja || self == .zh }

    /// What ends a sentence that its bank left open.
    var fullStop: String { isUnspaced ? "。" : "." }

    /// What joins two sentences.
    var joint: String { isUnspaced ? "" : " " }

    /// Characters that end a sentence.
    static let sentenceEnds: Set<Character> = [".", "!", "?", "。", "！", "？", "…", ")", "）", ":"]
}
