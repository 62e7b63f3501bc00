import FettleCore

/// The simplest way to guess the stars: count ten good and ten bad words.
///
/// The difference of the two counts is mapped to the stars that it most often had in training.
struct SentimentWords {
    private static let good: Set<String> = [
        "good", "great", "love", "perfect", "best", "nice", "excellent", "happy", "amazing",
        "recommend",
    ]
    private static let bad: Set<String> = [
        "bad", "poor", "terrible", "waste", "worst", "broke", "cheap", "junk", "disappointed",
        "return",
    ]

    private var starsOfDifference: [Int: Int] = [:]
    private var commonest = 3

    /// Learns from reviews and their stars.
    init(training: [LabelledPrompt]) {
        var counts: [Int: [Int]] = [:]
        var total = [Int](repeating: 0, count: 6)
        for example in training {
            let difference = Self.difference(in: example.prompt)
            counts[difference, default: [Int](repeating: 0, count: 6)][example.stars] += 1
            total[example.stars] += 1
        }
        starsOfDifference = counts.mapValues(Self.indexOfLargest)
        commonest = Self.indexOfLargest(total)
    }

    /// Returns the stars that it guesses for `prompt`.
    func stars(of prompt: String) -> Int {
        starsOfDifference[Self.difference(in: prompt)] ?? commonest
    }

    private static func difference(in prompt: String) -> Int {
        var difference = 0
        for word in prompt.lowercased().split(whereSeparator: { !$0.isLetter }) {
            if good.contains(String(word)) { difference += 1 }
            if bad.contains(String(word)) { difference -= 1 }
        }
        return difference
    }

    private static func indexOfLargest(_ counts: [Int]) -> Int {
        counts.indices.max { counts[$0] < counts[$1] } ?? 0
    }
}
