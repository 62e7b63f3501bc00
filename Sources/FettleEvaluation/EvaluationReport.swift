public import FettleCore

/// What an evaluation found: one model judged on one dataset.
public struct EvaluationReport: Sendable {
    /// The model's name.
    public let model: String
    /// The dataset's name.
    public let dataset: String
    /// The number of rows judged.
    public let rows: Int
    /// Every metric of ``Metrics/all``, in its order.
    public let metrics: [MetricResult]
    /// How often each true class was taken for each other.
    public let confusion: ConfusionMatrix
    /// How well each class is found, in the order of the matrix.
    public let perClass: [ClassScore]
    /// The seconds that judging took.
    public let seconds: Double

    /// Judges the scores.
    ///
    /// Labels are shown without the blanks around them while that keeps them apart, in ascending order:
    /// as numbers when all of them are, else as text. `binary` is where "good or bad" draws its line, by
    /// default in the middle of the labels.
    ///
    /// - Throws: `not-ordinal` when `binary` is given and a label is not a number.
    public init(
        model: String,
        dataset: String,
        scores: Scores,
        seconds: Double,
        binary: BinaryCondition? = nil
    ) throws(Diagnostic) {
        let setting = MetricSetting(classes: scores.classes, binary: binary)
        if let binary, setting.values == nil {
            let label = scores.classes.first { ordinalValue($0) == nil } ?? ""
            throw Diagnostic(
                "not-ordinal",
                "binary '\(binary.text)' needs labels that are numbers, found the label '\(label)'",
                hint: "leave out binary="
            )
        }
        self.model = model
        self.dataset = dataset
        self.seconds = seconds
        rows = scores.rows
        metrics = Metrics.results(of: scores, setting)
        confusion = EvaluationReport.confusion(of: scores, setting)
        perClass = confusion.perClass
    }

    /// The labels that occur as truth or prediction, in the order of the matrix.
    public var labels: [String] { confusion.labels }

    /// Returns the estimate of the metric called `name`, or nil when it does not apply.
    public subscript(name: String) -> Estimate? {
        metrics.first { $0.name == name }?.estimate
    }

    /// The report as one object, figures as fractions at full precision.
    ///
    /// A metric that does not apply to the labels is `null`.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("model", .string(model)),
            .init("dataset", .string(dataset)),
            .init("rows", .integer(Int64(rows))),
        ]
        for metric in metrics {
            let estimate = metric.estimate
            members.append(.init(metric.name, .number(estimate?.value)))
            guard metric.reportsInterval else { continue }
            let interval = estimate?.interval
            members.append(.init("\(metric.name)_low", .number(interval?.lowerBound)))
            members.append(.init("\(metric.name)_high", .number(interval?.upperBound)))
        }
        members.append(.init("confusion", confusion.json))
        members.append(.init("per_class", .array(perClass.map(\.json))))
        return .object(members)
    }

    private static func confusion(of scores: Scores, _ setting: MetricSetting) -> ConfusionMatrix {
        let classes = scores.classes
        var occurs = [Bool](repeating: false, count: classes.count)
        for index in scores.truth { occurs[Int(index)] = true }
        for index in scores.prediction { occurs[Int(index)] = true }
        var order = classes.indices.filter { occurs[$0] }
        if let values = setting.values {
            order.sort { (values[$0], classes[$0]) < (values[$1], classes[$1]) }
        } else {
            order.sort { classes[$0] < classes[$1] }
        }
        var position = [Int](repeating: 0, count: classes.count)
        for (place, index) in order.enumerated() { position[index] = place }
        let empty = [Int](repeating: 0, count: order.count)
        var counts = [[Int]](repeating: empty, count: order.count)
        for (truth, prediction) in zip(scores.truth, scores.prediction) {
            counts[position[Int(truth)]][position[Int(prediction)]] += 1
        }
        return ConfusionMatrix(labels: shown(order.map { classes[$0] }), counts: counts)
    }

    /// Returns the labels without the blanks around them, or as they are when that would make two of
    /// them the same or leave nothing of one.
    private static func shown(_ labels: [String]) -> [String] {
        let trimmed = labels.map { label in
            var text = label[...]
            while let first = text.first, first.isWhitespace { text.removeFirst() }
            while let last = text.last, last.isWhitespace { text.removeLast() }
            return String(text)
        }
        let areApart = Set(trimmed).count == trimmed.count && !trimmed.contains("")
        return areApart ? trimmed : labels
    }
}

extension JSONValue {
    /// Returns the number, or `null` for nil.
    static func number(_ value: Double?) -> JSONValue {
        guard let value else { return .null }
        return .number(value)
    }
}
