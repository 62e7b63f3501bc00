public import FettleCore

/// How much a model answers, and how often it is right, when it answers only where it is sure.
///
/// Source: C. K. Chow, "On optimum recognition error and reject tradeoff" (1970).
public struct RejectionCurve: Hashable, Sendable {
    /// What an answer costs at one bound.
    public struct Point: Hashable, Sendable {
        /// The probability that an answer has to have more of.
        public let surerThan: Double
        /// The rows that are answered.
        public let answered: Int
        /// The fraction of all rows that is answered, with its 95 % Wilson interval.
        public let share: Estimate
        /// The fraction of the answers that is right, with its 95 % Wilson interval; nil where there are none.
        public let accuracy: Estimate?
    }

    /// The points, the lowest bound first.
    public let points: [Point]

    /// The bounds that are looked at; 0 answers every row.
    public static let bounds = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]

    /// Looks at each bound.
    public init(_ scores: Scores) {
        let all = (0..<scores.rows).map { Confidence(scores.example($0)) }
        points = Self.bounds.compactMap { bound in
            let isTaken = all.map { $0.probability > bound || bound == 0 }
            let taken = zip(all, isTaken).filter { $0.1 }.map { $0.0 }
            guard let share = Estimate(fractionOf: isTaken) else { return nil }
            return Point(
                surerThan: bound,
                answered: taken.count,
                share: share,
                accuracy: Estimate(fractionOf: taken.map(\.isRight))
            )
        }
    }

    /// The points as JSON.
    public var json: JSONValue {
        .array(
            points.map { point in
                .object([
                    .init("surer_than", .number(point.surerThan)),
                    .init("rows", .integer(Int64(point.answered))),
                    .init("answered", .number(point.share.value)),
                    .init("right", .number(point.accuracy?.value)),
                    .init("right_low", .number(point.accuracy?.interval?.lowerBound)),
                    .init("right_high", .number(point.accuracy?.interval?.upperBound)),
                ])
            }
        )
    }
}
