import FettleCore

/// How a number of stars turns into what the sentences of a review say.
///
/// Two draws blur the label, as in real reviews: now and then somebody writes like a neighbouring
/// star, and single sentences are milder or harsher than the review as a whole.
enum Opinion {
    /// Weights of the level a review reads like, by its stars.
    private static let readings: [[Int]] = [
        [90, 7, 2, 1, 0],
        [7, 84, 7, 1, 1],
        [2, 8, 80, 8, 2],
        [1, 1, 6, 85, 7],
        [0, 1, 2, 7, 90],
    ]

    /// Weights of the level of one sentence, by the level the review reads like.
    private static let sentences: [[Int]] = [
        [74, 22, 3, 1, 0],
        [18, 63, 16, 3, 0],
        [2, 15, 64, 17, 2],
        [0, 3, 14, 63, 20],
        [0, 1, 3, 21, 75],
    ]

    /// Returns the level, 1 to 5, that a review with `stars` reads like.
    static func reading(of stars: Int, _ random: inout SeededGenerator) -> Int {
        random.weighted(readings[stars - 1]) + 1
    }

    /// Returns the level, 1 to 5, of one sentence of a review that reads like `reading`.
    static func sentence(in reading: Int, _ random: inout SeededGenerator) -> Int {
        random.weighted(sentences[reading - 1]) + 1
    }
}

extension SeededGenerator {
    /// Returns an index of `weights`, each as likely as its weight.
    mutating func weighted(_ weights: [Int]) -> Int {
        var left = below(weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if left < weight { return index }
            left -= weight
        }
        return weights.count - 1
    }

    /// Returns true in `percent` of 100 cases.
    mutating func chance(_ percent: Double) -> Bool { unit() * 100 < percent }
}
