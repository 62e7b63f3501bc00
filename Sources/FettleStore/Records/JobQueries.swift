public import FettleCore
import GRDB

/// A job as it stands, for lists and for resuming it.
public struct StoredJob: Hashable, Sendable {
    /// The number that lists show, from 1 in the order of creation.
    public var number: Int
    /// What was asked for.
    public var record: JobRecord
    /// The id of the model it made.
    public var model: String?
    /// Why it failed.
    public var error: String?
    /// When it ended, in milliseconds since 1970.
    public var finishedAt: Int64?
    /// Milliseconds that it had trained at its last checkpoint.
    public var trainingMilliseconds: Int64
}

/// One message of a job.
public struct JobEvent: Hashable, Sendable {
    /// When, in milliseconds since 1970.
    public var at: Int64
    /// `info`, `warn` or `error`.
    public var level: String
    /// What happened.
    public var message: String
}

extension Store {
    /// Returns all jobs, oldest first.
    public func jobs() throws(Diagnostic) -> [StoredJob] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT rowid AS number, * FROM job ORDER BY rowid")
                .map { try StoredJob(row: $0) }
        }
    }

    /// Returns the messages of a job, oldest first.
    public func events(ofJob id: String) throws(Diagnostic) -> [JobEvent] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT at, level, message FROM event WHERE job = ? ORDER BY id",
                arguments: [id]
            ).map { JobEvent(at: $0["at"], level: $0["level"], message: $0["message"]) }
        }
    }

    /// Returns the metrics of a job in the order of steps.
    public func metrics(ofJob id: String) throws(Diagnostic) -> [TrainingMetrics] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM metric WHERE job = ? ORDER BY step",
                arguments: [id]
            ).map { row in
                TrainingMetrics(
                    step: row["step"],
                    totalSteps: row["totalSteps"],
                    elapsedExamples: row["elapsedExamples"],
                    elapsedTokens: row["elapsedTokens"],
                    trainingLoss: row["trainingLoss"],
                    trainingAccuracy: row["trainingAccuracy"],
                    validationLoss: row["validationLoss"],
                    validationAccuracy: row["validationAccuracy"]
                )
            }
        }
    }

    /// Sets where a job stands, with the process that runs it and an event that says so; returns whether
    /// it did.
    ///
    /// A job that another process has taken on or changed since `job` was read is left as it is. What is
    /// known of an earlier end goes.
    @discardableResult
    public func setStatus(
        _ status: JobStatus,
        of job: JobRecord,
        process: String?,
        message: String,
        at: Int64
    ) throws(Diagnostic) -> Bool {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE job SET status = ?, process = ?, error = NULL, finishedAt = ?
                    WHERE id = ? AND status = ? AND process IS ?
                    """,
                arguments: [
                    status.rawValue, process, status.isFinal ? at : nil, job.id,
                    job.status.rawValue, job.process,
                ]
            )
            guard database.changesCount > 0 else { return false }
            try Store.addEvent(database, job.id, "info", message, at)
            return true
        }
    }
}

extension StoredJob {
    fileprivate init(row: Row) throws {
        let status: String = row["status"]
        let format: String? = row["format"]
        self.init(
            number: row["number"],
            record: JobRecord(
                id: row["id"],
                status: JobStatus(rawValue: status) ?? .failed,
                base: row["base"],
                dataset: row["dataset"],
                datasetFingerprint: row["datasetFingerprint"],
                validation: row["validation"],
                settings: try SettingsText.decode(row["settings"]),
                createdAt: row["createdAt"],
                name: row["name"],
                suffix: row["suffix"],
                format: try format.map { try FormatText.decode($0) },
                process: row["process"]
            ),
            model: row["model"],
            error: row["error"],
            finishedAt: row["finishedAt"],
            trainingMilliseconds: row["trainingDuration"]
        )
    }
}
