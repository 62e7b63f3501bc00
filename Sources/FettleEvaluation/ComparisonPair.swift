import FettleCore

extension Comparison {
    /// What a test can say about the second model of a pair.
    public enum Outcome: String, Hashable, Sendable {
        /// More accurate, p < 0.05.
        case better
        /// Less accurate, p < 0.05.
        case worse
        /// Neither is shown.
        case notShown = "not shown"
    }

    /// One model tested against the first.
    public struct Pair: Hashable, Sendable {
        /// The first model's name.
        public let first: String
        /// The other model's name.
        public let second: String
        /// McNemar's exact test of the two.
        public let test: McNemar
        /// What it says about the second model.
        public let outcome: Outcome
        /// The same in one sentence, such as `63.1 % → 64.2 % exact (+1.1 points): not shown to be
        /// better, p = 0.21, exact McNemar on 1,616 rows`.
        public let verdict: String

        init(first: Entry, second: Entry, test: McNemar, rows: Int) {
            self.first = first.name
            self.second = second.name
            self.test = test
            let gain = test.onlySecondRight - test.onlyFirstRight
            outcome = test.p >= 0.05 ? .notShown : gain > 0 ? .better : .worse
            let words =
                switch outcome {
                case .better: "better"
                case .worse: "worse"
                case .notShown where gain > 0: "not shown to be better"
                case .notShown where gain < 0: "not shown to be worse"
                case .notShown: "no difference shown"
                }
            let from = NumberText.percent(first.accuracy.value)
            let to = NumberText.percent(second.accuracy.value)
            let points = NumberText.points(Double(gain) / Double(rows))
            verdict =
                "\(from) → \(to) exact (\(points)): \(words), \(NumberText.pValue(test.p)), "
                + "exact McNemar on \(NumberText.count(rows, "row"))"
        }

        var members: [JSONValue.Member] {
            [
                .init("mcnemar_p", .number(test.p)),
                .init("only_first_right", .integer(Int64(test.onlyFirstRight))),
                .init("only_second_right", .integer(Int64(test.onlySecondRight))),
                .init("verdict", .string(verdict)),
            ]
        }

        var json: JSONValue {
            .object(
                [.init("first", .string(first)), .init("second", .string(second))] + members
            )
        }
    }
}
