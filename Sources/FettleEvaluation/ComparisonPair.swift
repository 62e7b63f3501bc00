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
        /// The test's p-value after Holm's correction for all pairs of the comparison.
        public let correctedP: Double
        /// The difference in accuracy with its 95 % interval.
        public let bootstrap: PairedBootstrap?
        /// The smallest difference that the rows show with a chance of 80 %; nil when there are too few
        /// rows for any.
        public let smallestDifference: Double?
        /// About how many more rows would show the difference that was found, in two digits; nil when it
        /// is shown, or there is none.
        public let moreRows: Int?
        /// What the test says about the second model.
        public let outcome: Outcome
        /// The same in one sentence, such as `63.1 % → 64.2 % exact (+1.1 points) for 4.0× the training
        /// time: not shown to be better, p = 0.25, exact McNemar on 1,616 rows; about 7,100 more test rows
        /// would be needed`.
        public let verdict: String

        /// What all pairs of a comparison have in common.
        struct Setting {
            var rows: Int
            var pairs: Int
            var seed: UInt64
        }

        init(
            first: Entry,
            second: Entry,
            test: McNemar,
            correctedP: Double,
            _ setting: Setting
        ) {
            self.first = first.name
            self.second = second.name
            self.test = test
            self.correctedP = correctedP
            let rows = Double(setting.rows)
            let gain = test.onlySecondRight - test.onlyFirstRight
            let discordance = Double(test.onlyFirstRight + test.onlySecondRight) / rows
            let power = PairedPower(comparisons: setting.pairs)
            bootstrap = PairedBootstrap(test, rows: setting.rows, seed: setting.seed)
            smallestDifference = power.smallestDifference(
                rows: setting.rows,
                discordance: discordance
            )
            outcome = correctedP >= 0.05 ? .notShown : gain > 0 ? .better : .worse
            let needed = power.rows(toShow: Double(gain) / rows, discordance: discordance)
            moreRows = outcome == .notShown && needed.isFinite ? roundedUp(needed - rows) : nil
            verdict = Self.verdict(
                from: first,
                to: second,
                gain: gain,
                outcome,
                p: correctedP,
                moreRows,
                setting
            )
        }

        private static func verdict(
            from first: Entry,
            to second: Entry,
            gain: Int,
            _ outcome: Outcome,
            p: Double,
            _ moreRows: Int?,
            _ setting: Setting
        ) -> String {
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
            let points = NumberText.points(Double(gain) / Double(setting.rows))
            let correction =
                setting.pairs > 1
                ? " after Holm's correction for \(NumberText.count(setting.pairs, "comparison"))"
                : ""
            let wanted = moreRows.map { more in
                "; about \(NumberText.count(more)) more test rows would be needed"
            }
            return "\(from) → \(to) exact (\(points))\(cost(of: second)): \(words), "
                + "\(NumberText.pValue(p))\(correction), "
                + "exact McNemar on \(NumberText.count(setting.rows, "row"))" + (wanted ?? "")
        }

        /// What the second model took as a multiple of the first: the time, else the examples.
        private static func cost(of model: Entry) -> String {
            let costs = [
                (model.secondsMultiple, "training time"),
                (model.trainingExamplesMultiple, "training examples"),
            ]
            for (factor, name) in costs {
                guard let factor else { continue }
                let text = NumberText.multiple(factor)
                return text == "1.0×" ? "" : " for \(text) the \(name)"
            }
            return ""
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
                [.init("first", .string(first)), .init("second", .string(second))] + members + [
                    .init("holm_p", .number(correctedP)),
                    .init("difference", .number(bootstrap?.difference)),
                    .init("difference_low", .number(bootstrap?.interval.lowerBound)),
                    .init("difference_high", .number(bootstrap?.interval.upperBound)),
                    .init("smallest_difference", .number(smallestDifference)),
                    .init("more_rows", moreRows.map { .integer(Int64($0)) } ?? .null),
                ]
            )
        }
    }
}

/// Returns a number of rows rounded up to two digits; nil for one that is not above 0 or beyond counting.
private func roundedUp(_ rows: Double) -> Int? {
    guard rows > 0, rows < 1e15 else { return nil }
    var unit = 1.0
    while rows / unit >= 100 { unit *= 10 }
    return Int((rows / unit).rounded(.up) * unit)
}
