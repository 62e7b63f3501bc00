public import FettleCore
import FettleData
public import FettleEvaluation
public import FettleStore
import Foundation

/// Whether answers were right, as their users see it.
public enum Judgement {
    /// Whether an answer is the label that was given, blanks around both ignored.
    public static func isRight(_ answer: String, _ label: String) -> Bool {
        bare(answer) == bare(label)
    }

    /// Returns a label without the blanks around it.
    public static func bare(_ label: String) -> String {
        var text = label[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}

/// What users said of a model's recorded predictions, and how its answers change over time.
public struct FeedbackReport: Sendable {
    /// The accuracy of a stretch of judged predictions.
    public struct Stretch: Hashable, Sendable {
        /// The day as `2026-11-29` (UTC), or the numbers of the judged predictions as `1-50`.
        public let name: String
        /// How many there are.
        public let judged: Int
        /// How many of them are right.
        public let right: Int

        /// The accuracy with its 95 % interval.
        public var accuracy: Estimate {
            Estimate(
                Double(right) / Double(judged),
                interval: wilsonInterval(successes: right, trials: judged)
            )
        }
    }

    /// How judged predictions are taken together.
    public enum Grouping: Hashable, Sendable {
        /// Those that were made on one day (UTC).
        case day
        /// So many that follow each other.
        case count(Int)
    }

    /// The model's id.
    public let model: String
    /// How many predictions are kept.
    public let recorded: Int
    /// Those that were judged, oldest first.
    public let judged: [PredictionRecord]
    /// How often the model answered what, in the older and the newer half of its predictions; nil for less than
    /// two.
    public let halves: DistributionShift?
    private let answers: [String: Int]
    private let format: PromptFormat

    /// Reads what a workspace has of a model.
    ///
    /// - Throws: `no-predictions` when it has none.
    public init(_ workspace: Workspace, model record: ModelRecord) throws(Diagnostic) {
        let store = try workspace.existingStore()
        let labels = try store?.predictedLabels(of: record.id) ?? []
        guard let store, !labels.isEmpty else {
            throw Diagnostic(
                "no-predictions",
                "no predictions of '\(record.displayName)' are kept",
                hint:
                    "'serve --record' keeps what it answers; programs then say what is right with "
                    + "POST /v1/fettle/feedback"
            )
        }
        model = record.id
        format = record.format
        recorded = labels.count
        judged = try store.judgedPredictions(of: record.id)
        let middle = labels.count / 2
        halves = DistributionShift(Self.tally(labels[..<middle]), Self.tally(labels[middle...]))
        answers = Self.tally(labels[...])
    }

    /// Returns the model that predictions are kept of; of several, none.
    ///
    /// - Throws: `no-predictions`, or `missing-argument` that names the models.
    public static func onlyModel(_ workspace: Workspace) throws(Diagnostic) -> String {
        let counts = try workspace.existingStore()?.predictionCounts() ?? []
        guard let first = counts.first else {
            throw Diagnostic(
                "no-predictions",
                "no predictions are kept",
                hint:
                    "'serve --record' keeps what it answers; programs then say what is right with "
                    + "POST /v1/fettle/feedback"
            )
        }
        guard counts.count == 1 else {
            throw Diagnostic(
                "missing-argument",
                "predictions of \(NumberText.count(counts.count, "model")) are kept",
                hint: "name one: " + counts.map(\.model).joined(separator: ", ")
            )
        }
        return first.model
    }

    /// How many of the judged predictions are right.
    public var right: Int { judged.count { Judgement.isRight($0.answer, $0.label ?? "") } }

    /// All judged predictions together.
    public var total: Stretch { Stretch(name: "all", judged: judged.count, right: right) }

    /// Returns the accuracy of the judged predictions over time.
    public func stretches(_ grouping: Grouping) -> [Stretch] {
        var stretches: [Stretch] = []
        var start = 0
        while start < judged.count {
            var end = start + 1
            var name = ""
            switch grouping {
            case .day:
                name = Self.day(judged[start])
                while end < judged.count, Self.day(judged[end]) == name { end += 1 }
            case .count(let count):
                end = min(judged.count, start + count)
                name = "\(start + 1)-\(end)"
            }
            let right = judged[start..<end].count { Judgement.isRight($0.answer, $0.label ?? "") }
            stretches.append(Stretch(name: name, judged: end - start, right: right))
            start = end
        }
        return stretches
    }

    /// Compares how often the model answers what with how often the completions of a dataset are what.
    ///
    /// - Returns: nil when the dataset has no completions.
    public func shift(
        from dataset: Dataset,
        format: PromptFormat
    ) throws -> DistributionShift? {
        let examples = try ExampleSet(dataset, format: format).examples
        return DistributionShift(Self.tally(examples.map(\.completion)[...]), answers)
    }

    /// Returns the judged predictions as a dataset: what was asked and what would have been right, beside what was
    /// answered.
    ///
    /// Its columns are those of the model's format, with the values that give the very same prompts, so that its rows
    /// go beside those of the training; where a prompt is none that the format gives, they are `prompt` and
    /// `completion`.
    public func dataset() throws -> Dataset {
        var columns = try Self.values(judged, format)
        let format =
            columns == nil
            ? PromptFormat.completion(
                prompt: try PromptTemplate("{{prompt}}"),
                completion: try PromptTemplate("{{completion}}")
            ) : self.format
        if columns == nil {
            columns = [
                .init("prompt", try Self.column(judged) { $0.prompt }),
                .init("completion", try Self.column(judged) { Self.completion($0) }),
            ]
        }
        var probability = ColumnBuilder(.number, reserving: judged.count)
        var correct = ColumnBuilder(.boolean, reserving: judged.count)
        for record in judged {
            if let known = record.probabilities.first(where: { $0.token == record.answer }) {
                probability.append(exp(known.logprob))
            } else {
                probability.appendNull()
            }
            correct.append(Judgement.isRight(record.answer, record.label ?? ""))
        }
        let judgements: [Frame.NamedColumn] = [
            .init("prediction", try Self.column(judged) { Judgement.bare($0.answer) }),
            .init("probability", probability.build()), .init("correct", correct.build()),
            .init("completion_id", try Self.column(judged) { $0.completion }),
        ]
        let own = columns ?? []
        let names = Set(own.map(\.name))
        let frame = Frame(columns: own + judgements.filter { !names.contains($0.name) })
        var stream = FingerprintStream()
        for record in judged {
            stream.update("\(record.completion)\n\(record.firstChoice)\n\(record.label ?? "")\n")
        }
        return Dataset(
            name: "feedback",
            source: .init(name: "feedback of \(model)", fingerprint: stream.digest.hex),
            recipe: ["feedback \(CommandText.word(model))"],
            frame: frame,
            format: format
        )
    }

    /// Returns the columns of a format with the values that give the prompts and right completions; nil when one of
    /// those is nothing that the format gives.
    private static func values(
        _ records: [PredictionRecord],
        _ format: PromptFormat
    ) throws -> [Frame.NamedColumn]? {
        guard case .completion(let prompt, let completion) = format else { return nil }
        var rows: [[String: String]] = []
        for record in records {
            guard let asked = prompt.values(giving: record.prompt),
                let right = completion.values(giving: Self.completion(record)),
                asked.allSatisfy({ right[$0.key] == nil || right[$0.key] == $0.value })
            else { return nil }
            rows.append(asked.merging(right) { first, _ in first })
        }
        return try format.columns.map { name in
            let texts = rows.map { $0[name] ?? "" }
            let numbers = texts.compactMap { text in
                Int64(text).flatMap { "\($0)" == text ? $0 : nil }
            }
            guard numbers.count < texts.count else {
                return .init(name, Column(integers: numbers))
            }
            var builder = ColumnBuilder(.text, reserving: texts.count)
            for text in texts { try builder.append(text) }
            return .init(name, builder.build())
        }
    }

    /// The right label as a completion: as the model writes it where it knows it, else with a blank before it
    /// where its answers have one.
    private static func completion(_ record: PredictionRecord) -> String {
        let label = Judgement.bare(record.label ?? "")
        let known = [record.answer] + record.probabilities.map(\.token)
        if let same = known.first(where: { Judgement.bare($0) == label }) { return same }
        return (record.answer.first?.isWhitespace == true ? " " : "") + label
    }

    private static func column(
        _ records: [PredictionRecord],
        _ text: (PredictionRecord) -> String
    ) throws(Diagnostic) -> Column {
        var builder = ColumnBuilder(.text, reserving: records.count)
        for record in records { try builder.append(text(record)) }
        return builder.build()
    }

    private static func day(_ record: PredictionRecord) -> String {
        String(WorkClock.stamp(of: record.at).prefix(10))
    }

    /// Counts labels, without the blanks around them.
    private static func tally(_ labels: ArraySlice<String>) -> [String: Int] {
        labels.reduce(into: [:]) { $0[Judgement.bare($1), default: 0] += 1 }
    }
}
