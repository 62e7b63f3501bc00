public import FettleCore
import FettleEvaluation
import FettleStore
import Foundation

/// What a model said about one row, beside the truth.
public struct AnsweredRow: Hashable, Sendable {
    /// The position in the dataset, from 0.
    public var position: Int
    /// The row's completion.
    public var truth: String
    /// The most probable completion.
    public var prediction: String
    /// The probability of the prediction.
    public var probability: Double
    /// The probability of the truth; 0 for one that the model does not know.
    public var truthProbability: Double
    /// How much more probable the prediction is than the next completion; 1 for a model of one completion.
    public var margin: Double

    /// Whether the prediction is the row's completion.
    public var isCorrect: Bool { prediction == truth }
}

extension Judge.Scored {
    /// What the model said about each row, in the order of the dataset.
    public var answeredRows: [AnsweredRow] {
        let width = scores.labels.count
        return rows.enumerated().map { place, position in
            let values = scores.logprobs[place * width..<(place + 1) * width]
            let best = values.startIndex + Int(scores.prediction[place])
            let next = values.indices.filter { $0 != best }.map { values[$0] }.max()
            let truth = Int(scores.truth[place])
            return AnsweredRow(
                position: position,
                truth: scores.classes[truth],
                prediction: scores.labels[Int(scores.prediction[place])],
                probability: exp(values[best]),
                truthProbability: truth < width ? exp(values[values.startIndex + truth]) : 0,
                margin: exp(values[best]) - (next.map { exp($0) } ?? 0)
            )
        }
    }
}

/// Which answered rows are wanted, and in which order.
public struct AnswerSelection: Hashable, Sendable {
    /// What is looked for.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// The prediction is not the row's completion.
        case wrong
        /// The two most probable completions differ by less than ``AnswerSelection/unsureMargin``.
        case unsure
        /// The row's completion is less probable than it would be if all were equally so.
        case surprising
        /// Every row.
        case all
    }

    /// What comes first.
    public enum Order: String, CaseIterable, Hashable, Sendable {
        /// The most probable prediction.
        case confidence
        /// The least probable truth.
        case surprise
        /// The first row.
        case row
    }

    /// The difference of the probabilities below which a model is unsure.
    public static let unsureMargin = 0.1

    /// What is looked for.
    public var kind: Kind
    /// What comes first; nil for what suits the kind: of unsure rows the least sure, of surprising ones the most
    /// surprising, of others the most confident.
    public var order: Order?
    /// Only rows with this completion, blanks around it ignored.
    public var truth: String?
    /// Only rows with this prediction, blanks around it ignored.
    public var prediction: String?

    /// Makes a selection.
    public init(
        _ kind: Kind = .wrong,
        order: Order? = nil,
        truth: String? = nil,
        prediction: String? = nil
    ) {
        self.kind = kind
        self.order = order
        self.truth = truth
        self.prediction = prediction
    }

    /// Returns the rows that are wanted, in their order; of equals the first row first.
    ///
    /// - Throws: `unknown-value`, with `parameter` set to `true` or `pred`, for a completion that neither the model
    ///   nor a row has.
    public func rows(of scored: Judge.Scored) throws(Diagnostic) -> [AnsweredRow] {
        for (name, value) in [("true", truth), ("pred", prediction)] {
            guard let value else { continue }
            try Self.check(value, name, among: scored)
        }
        let chance = 1 / Double(scored.scores.labels.count)
        let found = scored.answeredRows.filter { row in
            let isOfKind =
                switch kind {
                case .wrong: !row.isCorrect
                case .unsure: row.margin < Self.unsureMargin
                case .surprising: row.truthProbability < chance
                case .all: true
                }
            return isOfKind && (truth.map { Judgement.isRight(row.truth, $0) } ?? true)
                && (prediction.map { Judgement.isRight(row.prediction, $0) } ?? true)
        }
        return found.sorted { (key($0), $0.position) < (key($1), $1.position) }
    }

    /// What rows are sorted by, the smallest first.
    private func key(_ row: AnsweredRow) -> Double {
        switch (order, kind) {
        case (.row, _): 0
        case (.surprise, _), (nil, .surprising): row.truthProbability
        case (nil, .unsure): row.margin
        case (.confidence, _), (nil, _): -row.probability
        }
    }

    private static func check(
        _ value: String,
        _ name: String,
        among scored: Judge.Scored
    ) throws(Diagnostic) {
        let known = scored.scores.classes.map(Judgement.bare)
        guard !known.contains(Judgement.bare(value)) else { return }
        let shown = 20
        let more = known.count > shown ? " and \(known.count - shown) more" : ""
        var diagnostic = Diagnostic(
            "unknown-value",
            "'\(name)' is '\(value)', which is no completion of '\(scored.model.displayName)' or the rows",
            hints: [
                didYouMean(value, among: known),
                "completions: " + known.prefix(shown).joined(separator: ", ") + more,
            ].compactMap(\.self)
        )
        diagnostic.parameter = name
        throw diagnostic
    }
}
