public import FettleCore

/// What a model said about the rows of a dataset: a log-probability for every label of every row,
/// beside the true label.
///
/// Labels are compared as they are given, blanks included: `" 1"` and `"1"` are different.
public struct Scores: Sendable {
    /// The labels the model chooses from, in the order of the columns of `logprobs`.
    public let labels: [String]
    /// The labels, then the true labels that the model does not know, in ascending order.
    public let classes: [String]
    /// The index in `classes` of each row's true label.
    public let truth: [Int32]
    /// The index in `labels` of each row's most probable label; the first of equals.
    public let prediction: [Int32]
    /// Natural logarithms of probabilities, `[rows, labels]` row-major, each 0 or less.
    public let logprobs: [Double]

    /// Makes scores.
    ///
    /// - Parameters:
    ///   - labels: the labels the model chooses from, each once.
    ///   - truth: the true label of each row.
    ///   - logprobs: `[rows, labels]`, row-major.
    /// - Throws: `no-rows` when there is no row, `unusable-scores` when the label list is empty or has
    ///   one label twice, the counts do not fit, or a log-probability is not a number.
    public init(labels: [String], truth: [String], logprobs: [Double]) throws(Diagnostic) {
        guard !truth.isEmpty else {
            throw Diagnostic(
                "no-rows",
                "there are no rows to judge",
                hint: "choose a dataset with at least one row"
            )
        }
        var indices: [String: Int32] = [:]
        for (index, label) in labels.enumerated() { indices[label] = Int32(index) }
        guard !labels.isEmpty else {
            throw Diagnostic("unusable-scores", "the model has no labels, expected at least one")
        }
        guard indices.count == labels.count else {
            throw Diagnostic(
                "unusable-scores",
                "the model has \(NumberText.count(labels.count, "label")) but only "
                    + "\(NumberText.count(indices.count)) different, expected each once"
            )
        }
        guard logprobs.count == labels.count * truth.count else {
            throw Diagnostic(
                "unusable-scores",
                "the model gave \(NumberText.count(logprobs.count)) log-probabilities for "
                    + "\(NumberText.count(truth.count, "row")) and "
                    + "\(NumberText.count(labels.count, "label")), "
                    + "expected \(NumberText.count(labels.count * truth.count))"
            )
        }
        self.labels = labels
        self.logprobs = logprobs
        prediction = try Scores.mostProbable(in: logprobs, labels: labels.count)
        let unknown = Set(truth).subtracting(labels).sorted()
        for label in unknown { indices[label] = Int32(indices.count) }
        classes = labels + unknown
        self.truth = truth.map { indices[$0] ?? 0 }
    }

    /// The number of rows, at least 1.
    public var rows: Int { truth.count }

    /// Whether the most probable label of each row is the true one.
    public var correct: [Bool] {
        zip(truth, prediction).map { $0 == $1 }
    }

    /// Returns what metrics see of one row; `positive` is the index of the positive class's label.
    func example(_ row: Int, positive: Int? = nil) -> ScoredExample {
        let truth = Int(truth[row])
        let start = row * labels.count
        return ScoredExample(
            truth: truth,
            prediction: Int(prediction[row]),
            truthLogprob: truth < labels.count ? logprobs[start + truth] : -.infinity,
            positiveLogprob: positive.map { logprobs[start + $0] } ?? -.infinity,
            logprobs: logprobs[start..<start + labels.count]
        )
    }

    /// Returns the scores with every row's probabilities taken at a temperature; the predictions stay.
    public func atTemperature(_ temperature: Double) -> Scores {
        Scores(
            self,
            logprobs: TemperatureScaling.scaled(logprobs, labels.count, by: temperature)
        )
    }

    private init(_ other: Scores, logprobs: [Double]) {
        labels = other.labels
        classes = other.classes
        truth = other.truth
        prediction = other.prediction
        self.logprobs = logprobs
    }

    private static func mostProbable(
        in logprobs: [Double],
        labels: Int
    ) throws(Diagnostic) -> [Int32] {
        var found: [Int32] = []
        found.reserveCapacity(logprobs.count / labels)
        for start in stride(from: 0, to: logprobs.count, by: labels) {
            var best = 0
            for label in 0..<labels {
                let value = logprobs[start + label]
                guard !value.isNaN else {
                    throw Diagnostic(
                        "unusable-scores",
                        "row \(NumberText.count(start / labels + 1)) has a log-probability that is "
                            + "not a number",
                        hint: "the model's weights are damaged; tune it again with a lower "
                            + "learning rate"
                    )
                }
                if value > logprobs[start + best] { best = label }
            }
            found.append(Int32(best))
        }
        return found
    }
}

/// One judged row, as metrics see it.
public struct ScoredExample: Hashable, Sendable {
    /// The index of the true label among the classes.
    public let truth: Int
    /// The index of the most probable label among the classes.
    public let prediction: Int
    /// The natural logarithm of the true label's probability; minus infinity for a label that the
    /// model does not know.
    public let truthLogprob: Double
    /// The natural logarithm of the positive class's probability; minus infinity where none is positive.
    public let positiveLogprob: Double
    /// The natural logarithms of all labels' probabilities, the first classes being the labels.
    public let logprobs: ArraySlice<Double>

    /// Makes an example.
    public init(
        truth: Int,
        prediction: Int,
        truthLogprob: Double,
        positiveLogprob: Double = -.infinity,
        logprobs: ArraySlice<Double> = []
    ) {
        self.logprobs = logprobs
        self.positiveLogprob = positiveLogprob
        self.truth = truth
        self.prediction = prediction
        self.truthLogprob = truthLogprob
    }
}
