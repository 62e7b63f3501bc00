public import FettleCore
import GRDB

/// A search over settings as the workspace remembers it.
public struct SweepRecord: Hashable, Sendable {
    /// What lists show, from 1; 0 before it is stored.
    public var number = 0
    /// What tells it from other searches: equal for the same trials on the same rows.
    public var key: String
    /// The base model's name or the tuned model's id.
    public var base: String
    /// The training dataset's name.
    public var dataset: String
    /// The name of the metric by which trials are ranked.
    public var metric: String
    /// How many trials there are.
    public var trialCount: Int
    /// The process that works on it.
    public var process: String?
    /// When it was begun, in milliseconds since 1970.
    public var createdAt: Int64
    /// When it ended; nil while it runs, or when it was interrupted.
    public var finishedAt: Int64?
    /// The number of the best trial.
    public var best: Int?
    /// The id of the best trial's model.
    public var model: String?
    /// What its best model reached on rows that had no part in choosing it; nil before that was asked for.
    public var test: TestFigure?

    /// A figure on test rows.
    public struct TestFigure: Hashable, Sendable {
        /// The test dataset's name.
        public var dataset: String
        /// The test dataset's fingerprint.
        public var fingerprint: String
        /// The figure and the ends of its 95 % interval.
        public var figure: StoredFigure

        /// Makes a figure.
        public init(dataset: String, fingerprint: String, figure: StoredFigure) {
            self.dataset = dataset
            self.fingerprint = fingerprint
            self.figure = figure
        }
    }

    /// Makes a record.
    public init(
        key: String,
        base: String,
        dataset: String,
        metric: String,
        trialCount: Int,
        process: String?,
        createdAt: Int64
    ) {
        self.key = key
        self.base = base
        self.dataset = dataset
        self.metric = metric
        self.trialCount = trialCount
        self.process = process
        self.createdAt = createdAt
    }
}

/// A figure as it is stored, with the ends of its 95 % interval where it has one.
public struct StoredFigure: Hashable, Sendable {
    /// The figure.
    public var value: Double
    /// The ends of the interval.
    public var interval: ClosedRange<Double>?

    /// Makes a figure.
    public init(_ value: Double, interval: ClosedRange<Double>?) {
        self.value = value
        self.interval = interval
    }

    fileprivate init?(_ row: Row, _ value: String, _ low: String, _ high: String) {
        guard let value: Double = row[value] else { return nil }
        self.value = value
        if let low: Double = row[low], let high: Double = row[high] { interval = low...high }
    }
}

/// One trial of a search on so many rows.
public struct TrialRecord: Hashable, Sendable {
    /// The number of its search.
    public var sweep: Int
    /// Its number in the search, from 1.
    public var number: Int
    /// Which round of the search, from 0; there is one but with successive halving.
    public var round: Int
    /// What is tried.
    public var settings: [ChosenSetting]
    /// How many training rows it is given.
    public var rows: Int
    /// The ids of its jobs: one, or one for each fold.
    public var jobs: [String]
    /// The figure of the metric; nil before it is known.
    public var figure: StoredFigure?
    /// How long its trainings took, in milliseconds.
    public var milliseconds: Int64
    /// Why it has no figure.
    public var error: String?

    /// Makes a record.
    public init(
        sweep: Int,
        number: Int,
        round: Int,
        settings: [ChosenSetting],
        rows: Int,
        jobs: [String] = [],
        figure: StoredFigure? = nil,
        milliseconds: Int64 = 0,
        error: String? = nil
    ) {
        self.sweep = sweep
        self.number = number
        self.round = round
        self.settings = settings
        self.rows = rows
        self.jobs = jobs
        self.figure = figure
        self.milliseconds = milliseconds
        self.error = error
    }
}

extension Store {
    /// Adds a search; returns it with its number.
    public func insert(_ sweep: SweepRecord) throws(Diagnostic) -> SweepRecord {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO sweep (key, base, dataset, metric, trialCount, process, createdAt)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    sweep.key, sweep.base, sweep.dataset, sweep.metric, sweep.trialCount,
                    sweep.process, sweep.createdAt,
                ]
            )
            var stored = sweep
            stored.number = Int(database.lastInsertedRowID)
            return stored
        }
    }

    /// Keeps who works on a search, how it ended and what its best model reached.
    public func update(_ sweep: SweepRecord) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE sweep SET process = ?, finishedAt = ?, best = ?, model = ?, test = ?,
                        testFingerprint = ?, testFigure = ?, testLow = ?, testHigh = ?
                    WHERE number = ?
                    """,
                arguments: [
                    sweep.process, sweep.finishedAt, sweep.best, sweep.model, sweep.test?.dataset,
                    sweep.test?.fingerprint, sweep.test?.figure.value,
                    sweep.test?.figure.interval?.lowerBound,
                    sweep.test?.figure.interval?.upperBound, sweep.number,
                ]
            )
        }
    }

    /// Returns the searches, the oldest first.
    public func sweeps() throws(Diagnostic) -> [SweepRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM sweep ORDER BY number").map { row in
                var sweep = SweepRecord(
                    key: row["key"],
                    base: row["base"],
                    dataset: row["dataset"],
                    metric: row["metric"],
                    trialCount: row["trialCount"],
                    process: row["process"],
                    createdAt: row["createdAt"]
                )
                sweep.number = row["number"]
                sweep.finishedAt = row["finishedAt"]
                sweep.best = row["best"]
                sweep.model = row["model"]
                if let name: String = row["test"], let print: String = row["testFingerprint"],
                    let figure = StoredFigure(row, "testFigure", "testLow", "testHigh")
                {
                    sweep.test = .init(dataset: name, fingerprint: print, figure: figure)
                }
                return sweep
            }
        }
    }

    /// Keeps a trial in place of what was known of it.
    public func keep(_ trial: TrialRecord) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO trial (sweep, number, round, settings, rowCount, jobs,
                        figure, low, high, milliseconds, error)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    trial.sweep, trial.number, trial.round, SettingsText.encode(trial.settings),
                    trial.rows, trial.jobs.joined(separator: " "), trial.figure?.value,
                    trial.figure?.interval?.lowerBound, trial.figure?.interval?.upperBound,
                    trial.milliseconds, trial.error,
                ]
            )
        }
    }

    /// Returns what is known of a search's trials, by round and number.
    public func trials(ofSweep number: Int) throws(Diagnostic) -> [TrialRecord] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM trial WHERE sweep = ? ORDER BY round, number",
                arguments: [number]
            ).map { row in
                let jobs: String = row["jobs"]
                return TrialRecord(
                    sweep: row["sweep"],
                    number: row["number"],
                    round: row["round"],
                    settings: try SettingsText.decode(row["settings"]),
                    rows: row["rowCount"],
                    jobs: jobs.split(separator: " ").map(String.init),
                    figure: StoredFigure(row, "figure", "low", "high"),
                    milliseconds: row["milliseconds"],
                    error: row["error"]
                )
            }
        }
    }
}
