public import FettleCore
import GRDB

/// What a person said of two models' answers to one row.
public struct RatingRecord: Hashable, Sendable {
    /// What was said.
    public enum Verdict: String, Hashable, Sendable, CaseIterable {
        /// The first model's answer is better.
        case first
        /// The second model's answer is better.
        case second
        /// Neither is better.
        case tie
        /// Nothing: the row was passed over.
        case skipped
        /// Nothing: both answers are the same, and nobody was asked.
        case same
    }

    /// What was judged: two models on a dataset, in an order that a seed decides.
    public struct Subject: Hashable, Sendable {
        /// The first model's id.
        public var first: String
        /// The second model's id.
        public var second: String
        /// The dataset's name.
        public var dataset: String
        /// The dataset's fingerprint.
        public var datasetFingerprint: String
        /// The settings that decide what is shown, such as `seed=0 max_tokens=64`.
        public var settings: String

        /// Makes a subject.
        public init(
            first: String,
            second: String,
            dataset: String,
            datasetFingerprint: String,
            settings: String
        ) {
            self.first = first
            self.second = second
            self.dataset = dataset
            self.datasetFingerprint = datasetFingerprint
            self.settings = settings
        }
    }

    /// The position in the dataset, from 0.
    public var row: Int
    /// What was said.
    public var verdict: Verdict
    /// The first model's answer.
    public var firstAnswer: String
    /// The second model's answer.
    public var secondAnswer: String
    /// When it was said, in milliseconds since 1970.
    public var ratedAt: Int64

    /// Makes a record.
    public init(
        row: Int,
        verdict: Verdict,
        firstAnswer: String,
        secondAnswer: String,
        ratedAt: Int64
    ) {
        self.row = row
        self.verdict = verdict
        self.firstAnswer = firstAnswer
        self.secondAnswer = secondAnswer
        self.ratedAt = ratedAt
    }
}

extension Store {
    /// Keeps what was said of rows, each in place of what was said of it before, all in one transaction.
    public func keep(
        _ ratings: [RatingRecord],
        of subject: RatingRecord.Subject
    ) throws(Diagnostic) {
        try write { database in
            for rating in ratings {
                try database.execute(
                    sql: """
                        INSERT OR REPLACE INTO rating (first, second, datasetFingerprint, settings, dataset, row,
                            verdict, firstAnswer, secondAnswer, ratedAt)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        subject.first, subject.second, subject.datasetFingerprint,
                        subject.settings, subject.dataset, rating.row, rating.verdict.rawValue,
                        rating.firstAnswer, rating.secondAnswer, rating.ratedAt,
                    ]
                )
            }
        }
    }

    /// Returns what was said of the rows of a subject, by row.
    public func ratings(of subject: RatingRecord.Subject) throws(Diagnostic) -> [RatingRecord] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM rating WHERE first = ? AND second = ? AND datasetFingerprint = ?
                        AND settings = ? ORDER BY row
                    """,
                arguments: [
                    subject.first, subject.second, subject.datasetFingerprint, subject.settings,
                ]
            ).compactMap { row in
                RatingRecord.Verdict(rawValue: row["verdict"]).map { verdict in
                    RatingRecord(
                        row: row["row"],
                        verdict: verdict,
                        firstAnswer: row["firstAnswer"],
                        secondAnswer: row["secondAnswer"],
                        ratedAt: row["ratedAt"]
                    )
                }
            }
        }
    }
}
