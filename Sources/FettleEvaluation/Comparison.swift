public import FettleCore

/// One model's part in a comparison.
public struct ComparedModel: Hashable, Sendable {
    /// The model's name.
    public let name: String
    /// Whether it is right at each row, in the dataset's order.
    public let correct: [Bool]
    /// How many examples it was trained on, counting each epoch and the models it continues.
    public let trainingExamples: Int?
    /// The seconds that its training took.
    public let seconds: Double?
    /// The tokens that it reads for a row on average.
    public let tokens: Double?

    /// Makes a part; `trainingExamples` and `seconds` are nil for a model that was not trained here, `tokens` for
    /// one whose tokens are not known.
    public init(
        name: String,
        correct: [Bool],
        trainingExamples: Int?,
        seconds: Double?,
        tokens: Double? = nil
    ) {
        self.tokens = tokens
        self.name = name
        self.correct = correct
        self.trainingExamples = trainingExamples
        self.seconds = seconds
    }
}

/// Models judged on the same rows, each tested against the first.
public struct Comparison: Sendable {
    /// The dataset's name.
    public let dataset: String
    /// The number of rows judged.
    public let rows: Int
    /// The models with their figures, in the order given.
    public let models: [Entry]
    /// The tests of the other models against the first, in their order.
    public let pairs: [Pair]

    /// One model's figures.
    public struct Entry: Hashable, Sendable {
        /// The model's name.
        public let name: String
        /// The fraction of rows it is right at, with the 95 % Wilson interval.
        public let accuracy: Estimate
        /// The fraction as a multiple of the first model's; nil when that is 0.
        public let accuracyMultiple: Double?
        /// How many examples it was trained on.
        public let trainingExamples: Int?
        /// The same as a multiple of the first model's.
        public let trainingExamplesMultiple: Double?
        /// The seconds that its training took.
        public let seconds: Double?
        /// The same as a multiple of the first model's.
        public let secondsMultiple: Double?
        /// The tokens that it reads for a row on average.
        public let tokens: Double?
    }

    /// Compares models; `seed` is that of the bootstrap.
    ///
    /// - Throws: `nothing-to-compare` for fewer than two models, `no-rows` for no rows, `rows-differ`
    ///   when the models were not judged on the same number of rows.
    public init(
        dataset: String,
        models: [ComparedModel],
        seed: UInt64 = 0
    ) throws(Diagnostic) {
        guard let first = models.first, models.count > 1 else {
            throw Diagnostic(
                "nothing-to-compare",
                "\(NumberText.count(models.count, "model")) given, expected at least 2",
                hint: "name two models, such as 'compare first second on reviews.test'"
            )
        }
        for other in models where other.correct.count != first.correct.count {
            throw Diagnostic(
                "rows-differ",
                "'\(other.name)' was judged on \(NumberText.count(other.correct.count, "row")), "
                    + "'\(first.name)' on \(NumberText.count(first.correct.count))",
                hint: "judge both on the same dataset"
            )
        }
        var entries: [Entry] = []
        for model in models {
            guard let accuracy = Estimate(fractionOf: model.correct) else {
                throw Diagnostic(
                    "no-rows",
                    "there are no rows to judge",
                    hint: "choose a dataset with at least one row"
                )
            }
            entries.append(Entry(model, accuracy, first: first))
        }
        self.dataset = dataset
        rows = first.correct.count
        self.models = entries
        let firstEntry = entries[0]
        let tests = models.dropFirst().map { McNemar(first.correct, $0.correct) }
        let corrected = holmCorrected(tests.map(\.p))
        let setting = Pair.Setting(rows: first.correct.count, pairs: tests.count, seed: seed)
        pairs = tests.indices.map { place in
            Pair(
                first: firstEntry,
                second: entries[place + 1],
                test: tests[place],
                correctedP: corrected[place],
                setting
            )
        }
    }

    /// The comparison as one object, figures as fractions at full precision.
    ///
    /// `mcnemar_p`, `only_first_right`, `only_second_right` and `verdict` are those of the first two
    /// models; `pairs` has them, and more, for every model against the first.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("dataset", .string(dataset)),
            .init("rows", .integer(Int64(rows))),
            .init("models", .array(models.map(\.json))),
        ]
        if let pair = pairs.first { members += pair.members }
        members.append(.init("pairs", .array(pairs.map(\.json))))
        return .object(members)
    }
}

extension Comparison.Entry {
    fileprivate init(_ model: ComparedModel, _ accuracy: Estimate, first: ComparedModel) {
        self.init(
            name: model.name,
            accuracy: accuracy,
            accuracyMultiple: ratio(
                accuracy.value,
                Estimate(fractionOf: first.correct)?.value
            ),
            trainingExamples: model.trainingExamples,
            trainingExamplesMultiple: ratio(
                model.trainingExamples.map(Double.init),
                first.trainingExamples.map(Double.init)
            ),
            seconds: model.seconds,
            secondsMultiple: ratio(model.seconds, first.seconds),
            tokens: model.tokens
        )
    }

    fileprivate var json: JSONValue {
        .object(
            [
                .init("model", .string(name)),
                .init("accuracy", .number(accuracy.value)),
                .init("accuracy_low", .number(accuracy.interval?.lowerBound)),
                .init("accuracy_high", .number(accuracy.interval?.upperBound)),
                .init("accuracy_multiple", .number(accuracyMultiple)),
                .init("training_examples", trainingExamples.map { .integer(Int64($0)) } ?? .null),
                .init("training_examples_multiple", .number(trainingExamplesMultiple)),
                .init("seconds", .number(seconds)),
                .init("seconds_multiple", .number(secondsMultiple)),
            ] + (tokens.map { [.init("tokens_per_question", .number($0))] } ?? [])
        )
    }
}

/// Returns part / whole, or nil when one is missing or the whole is not above 0.
private func ratio(_ part: Double?, _ whole: Double?) -> Double? {
    guard let part, let whole, whole > 0 else { return nil }
    return part / whole
}
