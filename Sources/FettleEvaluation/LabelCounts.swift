/// A true and a predicted class, as indices.
public struct LabelPair: Hashable, Sendable {
    /// The true class.
    public let truth: Int
    /// The predicted class.
    public let prediction: Int

    /// Makes a pair.
    public init(truth: Int, prediction: Int) {
        self.truth = truth
        self.prediction = prediction
    }
}

/// How often each class was taken for each other, as many rows as there are.
///
/// Only the pairs that occur are kept: of 2,000 classes there are 4 million, and few of them do.
public struct LabelCounts: Hashable, Sendable {
    /// The number of classes.
    public let classes: Int
    /// The pairs that occur, each once.
    public let pairs: [LabelPair]
    /// The rows of each pair, in the order of `pairs`; in a resample some have none.
    public private(set) var numbers: [Int]
    /// The rows whose true class each class is.
    public private(set) var truths: [Int]
    /// The rows for which each class is predicted.
    public private(set) var predictions: [Int]
    /// The rows of each class that are found.
    public private(set) var hits: [Int]
    /// The number of rows.
    public private(set) var rows: Int

    /// Counts the pairs of rows, their indices less than `classes`.
    public init(_ rows: [LabelPair], classes: Int) {
        self = LabelCounts.counting(rows, classes: classes).counts
    }

    /// Counts the pairs of rows; returns also the place of each row's pair among the pairs.
    static func counting(
        _ rows: [LabelPair],
        classes: Int
    ) -> (counts: LabelCounts, places: [Int32]) {
        var known: [Int: Int32] = [:]
        var pairs: [LabelPair] = []
        var numbers: [Int32] = []
        var places: [Int32] = []
        places.reserveCapacity(rows.count)
        for pair in rows {
            let key = pair.truth * classes + pair.prediction
            let place = known[key] ?? Int32(pairs.count)
            if Int(place) == pairs.count {
                known[key] = place
                pairs.append(pair)
                numbers.append(0)
            }
            numbers[Int(place)] += 1
            places.append(place)
        }
        var counts = LabelCounts(pairs: pairs, classes: classes)
        counts.recount(numbers)
        return (counts, places)
    }

    private init(pairs: [LabelPair], classes: Int) {
        self.classes = classes
        self.pairs = pairs
        numbers = [Int](repeating: 0, count: pairs.count)
        truths = [Int](repeating: 0, count: classes)
        predictions = truths
        hits = truths
        rows = 0
    }

    /// Takes other numbers of rows for the same pairs.
    mutating func recount(_ numbers: [Int32]) {
        for index in 0..<classes {
            truths[index] = 0
            predictions[index] = 0
            hits[index] = 0
        }
        rows = 0
        for (place, number) in numbers.enumerated() {
            let pair = pairs[place]
            let number = Int(number)
            self.numbers[place] = number
            truths[pair.truth] += number
            predictions[pair.prediction] += number
            if pair.truth == pair.prediction { hits[pair.truth] += number }
            rows += number
        }
    }

    /// The rows whose prediction is right.
    var right: Int { hits.reduce(0, +) }

    /// Returns the mean of a figure over the classes that occur as truth or prediction; nil for no rows.
    func mean(_ figure: (Int) -> Double) -> Double? {
        let found = (0..<classes).compactMap { index in
            truths[index] + predictions[index] == 0 ? nil : figure(index)
        }
        return Estimate(mean: found)?.value
    }

    /// Returns the mean of a figure over the classes, each counting by how often it is the truth; nil for no
    /// rows.
    func weightedMean(_ figure: (Int) -> Double) -> Double? {
        guard rows > 0 else { return nil }
        let parts = (0..<classes).map { index in
            truths[index] == 0 ? 0 : Double(truths[index]) * figure(index)
        }
        return min(1, preciseSum(parts) / Double(rows))
    }

    /// Returns tp / (tp + fp) of a class, 0 when it is never predicted.
    func precision(_ index: Int) -> Double {
        predictions[index] == 0 ? 0 : Double(hits[index]) / Double(predictions[index])
    }

    /// Returns tp / (tp + fn) of a class, 0 when no row has it.
    func recall(_ index: Int) -> Double {
        truths[index] == 0 ? 0 : Double(hits[index]) / Double(truths[index])
    }

    /// Returns the F score of a class that occurs, β² being `squaredBeta`.
    func fScore(_ index: Int, squaredBeta: Double) -> Double {
        let all = squaredBeta * Double(truths[index]) + Double(predictions[index])
        return (1 + squaredBeta) * Double(hits[index]) / all
    }
}
