/// Which features of a text the model sees; saved with the model, since training and use must agree.
struct FeatureSettings: Hashable, Sendable {
    /// Longest run of words that is a feature, in words.
    var wordOrder: Int
    /// Shortest run of characters within a word that is a feature; 0 for no such features.
    var characterMinimum: Int
    /// Longest run of characters within a word that is a feature.
    var characterMaximum: Int
    /// Whether the words of the first paragraph are features of their own beside the shared ones.
    var titles: Bool
}

/// Kinds of features, told apart by the two lowest bits of a feature's hash.
enum FeatureKind {
    static let word: UInt64 = 0
    static let words: UInt64 = 1
    static let characters: UInt64 = 2
    static let title: UInt64 = 3
}
