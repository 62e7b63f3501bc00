public import FettleCore
import GRDB

/// What a served model answered after one prompt.
public struct PredictionRecord: Hashable, Sendable {
    /// The id of the answer that the client got, `cmpl-…` or `chatcmpl-…`.
    public var completion: String
    /// The index of the first choice of that answer that is of this prompt.
    public var firstChoice: Int
    /// How many choices are of this prompt.
    public var choices: Int
    /// The model's id.
    public var model: String
    /// When, in milliseconds since 1970.
    public var at: Int64
    /// What the model read.
    public var prompt: String
    /// The label that the first of the choices has.
    public var answer: String
    /// The likeliest labels, the likeliest first, with the logarithms of their probabilities.
    public var probabilities: [TokenLogprob]
    /// The label that would have been right, as it was given; nil when nobody said.
    public var label: String?
    /// When that was said first, in milliseconds since 1970.
    public var judgedAt: Int64?
    /// Counts the predictions of the workspace.
    public var number: Int64

    /// Makes a record that nobody has judged; the store gives it its number.
    public init(
        completion: String,
        firstChoice: Int,
        choices: Int,
        model: String,
        at: Int64,
        prompt: String,
        answer: String,
        probabilities: [TokenLogprob]
    ) {
        self.completion = completion
        self.firstChoice = firstChoice
        self.choices = choices
        self.model = model
        self.at = at
        self.prompt = prompt
        self.answer = answer
        self.probabilities = probabilities
        number = 0
    }
}

/// How many predictions of a model there are.
public struct PredictionCount: Hashable, Sendable {
    /// The model's id.
    public var model: String
    /// Those that are kept.
    public var all: Int
    /// Those of which somebody said what is right.
    public var judged: Int

    /// Makes a count.
    public init(model: String, all: Int, judged: Int) {
        self.model = model
        self.all = all
        self.judged = judged
    }
}

extension Store {
    /// Adds predictions, and removes the oldest of which more than `keeping` are there; those that were judged
    /// stay ten times as long.
    public func insert(
        _ predictions: [PredictionRecord],
        keeping limit: Int64
    ) throws(Diagnostic) {
        try write { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO prediction (completion, firstChoice, choices, model, at, prompt,
                        answer, probabilities)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """
            )
            for prediction in predictions {
                try statement.execute(arguments: [
                    prediction.completion, prediction.firstChoice, prediction.choices,
                    prediction.model, prediction.at, prediction.prompt, prediction.answer,
                    ProbabilityText.encode(prediction.probabilities),
                ])
            }
            let last = database.lastInsertedRowID
            try database.execute(
                sql: "DELETE FROM prediction WHERE label IS NULL AND number <= ?",
                arguments: [last - limit]
            )
            try database.execute(
                sql: "DELETE FROM prediction WHERE number <= ?",
                arguments: [last - 10 * limit]
            )
        }
    }

    /// Stores the label that would have been right for a choice of an answer, in place of one from before.
    ///
    /// - Returns: the prediction as it is after that; nil when there is none.
    public func judge(
        completion: String,
        choice: Int,
        label: String,
        at: Int64
    ) throws(Diagnostic) -> PredictionRecord? {
        try write { database in
            let rows = "completion = ?1 AND ?2 >= firstChoice AND ?2 < firstChoice + choices"
            try database.execute(
                sql: """
                    UPDATE prediction SET label = ?3, judgedAt = ?4
                    WHERE \(rows) AND label IS NOT ?3
                    """,
                arguments: [completion, choice, label, at]
            )
            return try Row.fetchOne(
                database,
                sql: "SELECT * FROM prediction WHERE \(rows)",
                arguments: [completion, choice]
            ).map { try PredictionRecord(row: $0) }
        }
    }

    /// Returns how many predictions there are of each model, in the order of their first ones.
    public func predictionCounts() throws(Diagnostic) -> [PredictionCount] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT model, count(*) AS total, count(label) AS judged FROM prediction
                    GROUP BY model ORDER BY min(number)
                    """
            ).map { PredictionCount(model: $0["model"], all: $0["total"], judged: $0["judged"]) }
        }
    }

    /// Returns the predictions of a model of which somebody said what is right, oldest first.
    public func judgedPredictions(of model: String) throws(Diagnostic) -> [PredictionRecord] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM prediction WHERE model = ? AND label IS NOT NULL ORDER BY number
                    """,
                arguments: [model]
            ).map { try PredictionRecord(row: $0) }
        }
    }

    /// Returns what a model answered, oldest first.
    public func predictedLabels(of model: String) throws(Diagnostic) -> [String] {
        try read { database in
            try String.fetchAll(
                database,
                sql: "SELECT answer FROM prediction WHERE model = ? ORDER BY number",
                arguments: [model]
            )
        }
    }
}

extension PredictionRecord {
    fileprivate init(row: Row) throws {
        self.init(
            completion: row["completion"],
            firstChoice: row["firstChoice"],
            choices: row["choices"],
            model: row["model"],
            at: row["at"],
            prompt: row["prompt"],
            answer: row["answer"],
            probabilities: try ProbabilityText.decode(row["probabilities"])
        )
        label = row["label"]
        judgedAt = row["judgedAt"]
        number = row["number"]
    }
}

/// Probabilities as text: a JSON list of pairs, label and logarithm.
private enum ProbabilityText {
    static func encode(_ probabilities: [TokenLogprob]) -> String {
        JSONValue.array(
            probabilities.map { .array([.string($0.token), .number(max(-9999, $0.logprob))]) }
        ).text()
    }

    static func decode(_ text: String) throws -> [TokenLogprob] {
        guard case .array(let items) = try JSONValue.parse(Array(text.utf8)) else { return [] }
        return items.compactMap { item in
            guard case .array(let pair) = item, pair.count == 2, case .string(let token) = pair[0]
            else { return nil }
            return switch pair[1] {
            case .number(let logprob): TokenLogprob(token: token, logprob: logprob)
            case .integer(let logprob): TokenLogprob(token: token, logprob: Double(logprob))
            default: nil
            }
        }
    }
}
