public import FettleCore

/// What an evaluation found: one model judged on one dataset.
public struct EvaluationReport: Sendable {
    /// The model's name.
    public let model: String
    /// The dataset's name.
    public let dataset: String
    /// The number of rows judged.
    public let rows: Int
    /// The metrics that were wanted, in their order.
    public let metrics: [MetricResult]
    /// How often each true class was taken for each other.
    public let confusion: ConfusionMatrix
    /// How well each class is found, in the order of the matrix; with areas where the mean of one was wanted.
    public let perClass: [ClassScore]
    /// How often the model is right where it is so and so sure; nil unless the calibration error was wanted.
    public let reliability: Reliability?
    /// What the model answers when it answers only where it is sure; nil unless it was wanted.
    public let rejection: RejectionCurve?
    /// The temperature that the probabilities were taken at; nil for those of the model itself.
    public let temperature: Double?
    /// The seconds that judging took.
    public let seconds: Double
    private let hasIntervals: Bool

    /// What a report has beside the usual.
    public struct Options: Sendable {
        /// How much more recall counts than precision in the F scores of ``MacroFBeta`` and its like.
        public var beta = 1.0
        /// How many labels ``TopK`` looks at.
        public var top = 3
        /// The metrics.
        public var metrics = Metrics.usual
        /// What gives intervals to metrics that have none by a formula.
        public var bootstrap: Bootstrap?
        /// Whether the report has a rejection curve.
        public var hasRejection = false
        /// The temperature that the scores were taken at, if any.
        public var temperature: Double?

        /// Makes the options of a usual report.
        public init() {}
    }

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
        binary: BinaryCondition? = nil,
        options: Options = Options()
    ) throws(Diagnostic) {
        let setting = MetricSetting(
            classes: scores.classes,
            binary: binary,
            beta: options.beta,
            top: options.top
        )
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
        var judged = JudgedRows(scores)
        let hasAreas = options.metrics.contains {
            $0 == MacroAreaUnderROC.self || $0 == MacroAreaUnderPrecisionRecall.self
        }
        if hasAreas { judged.rank() }
        metrics = Metrics.results(of: options.metrics, judged, setting, options.bootstrap)
        let isMeasured = options.metrics.contains { $0 == CalibrationError.self }
        reliability = isMeasured ? Reliability(scores) : nil
        rejection = options.hasRejection ? RejectionCurve(scores) : nil
        temperature = options.temperature
        hasIntervals = options.bootstrap != nil
        let order = EvaluationReport.order(of: scores, setting)
        confusion = EvaluationReport.confusion(of: scores, order)
        var classes = confusion.perClass
        if hasAreas {
            for (place, index) in order.enumerated() {
                let none = ClassAreas(roc: nil, precisionRecall: nil)
                classes[place].areas = judged.areas[index] ?? none
            }
        }
        perClass = classes
    }

    /// The labels that occur as truth or prediction, in the order of the matrix.
    public var labels: [String] { confusion.labels }

    /// Returns the estimate of the metric called `name`, or nil when it does not apply.
    public subscript(name: String) -> Estimate? {
        metrics.first { $0.name == name }?.estimate
    }

    /// The report as one object, figures as fractions at full precision.
    ///
    /// A metric that does not apply to the labels is `null`; `intervals` has the ends of those that have one.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("model", .string(model)),
            .init("dataset", .string(dataset)),
            .init("rows", .integer(Int64(rows))),
        ]
        if let temperature { members.append(.init("temperature", .number(temperature))) }
        for metric in metrics {
            let estimate = metric.estimate
            members.append(.init(metric.name, .number(estimate?.value)))
            guard metric.reportsInterval else { continue }
            let interval = estimate?.interval
            members.append(.init("\(metric.name)_low", .number(interval?.lowerBound)))
            members.append(.init("\(metric.name)_high", .number(interval?.upperBound)))
        }
        if hasIntervals { members.append(.init("intervals", intervals)) }
        members.append(.init("confusion", confusion.json))
        members.append(.init("per_class", .array(perClass.map(\.json))))
        if let reliability { members.append(.init("reliability", reliability.json)) }
        if let rejection { members.append(.init("rejection", rejection.json)) }
        return .object(members)
    }

    private var intervals: JSONValue {
        .object(
            metrics.compactMap { metric in
                metric.estimate?.interval.map { interval in
                    let ends = [interval.lowerBound, interval.upperBound]
                    return JSONValue.Member(metric.name, .array(ends.map { .number($0) }))
                }
            }
        )
    }

    /// The classes that occur as truth or prediction, in the report's order.
    private static func order(of scores: Scores, _ setting: MetricSetting) -> [Int] {
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
        return order
    }

    private static func confusion(of scores: Scores, _ order: [Int]) -> ConfusionMatrix {
        let classes = scores.classes
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
