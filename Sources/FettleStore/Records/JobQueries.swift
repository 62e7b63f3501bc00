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
    /// The code of the diagnostic that says so.
    public var errorCode: String?
    /// When it ended, in milliseconds since 1970.
    public var finishedAt: Int64?
    /// Milliseconds that it had trained at its last checkpoint.
    public var trainingMilliseconds: Int64
    /// When its process was asked to stop it, in milliseconds since 1970.
    public var stopRequestedAt: Int64?

    /// Makes a job that nothing is known of but what was asked for.
    public init(number: Int, record: JobRecord) {
        self.number = number
        self.record = record
        trainingMilliseconds = 0
    }

    /// Returns the job as it is after its end.
    public func ended(_ end: JobEnd, at: Int64) -> StoredJob {
        var job = self
        job.record.status = end.status
        job.model = end.model
        job.error = end.error
        job.errorCode = end.errorCode
        job.finishedAt = end.status.isFinal ? at : nil
        job.stopRequestedAt = nil
        return job
    }
}

/// One message of a job.
public struct JobEvent: Hashable, Sendable {
    /// Its number, which grows with each event of the workspace.
    public var id: Int64
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
            try Store.jobs(database)
        }
    }

    static func jobs(_ database: Database) throws -> [StoredJob] {
        try Row.fetchAll(database, sql: "SELECT rowid AS number, * FROM job ORDER BY rowid")
            .map { try StoredJob(row: $0) }
    }

    /// Returns one job, or nil.
    public func job(_ id: String) throws(Diagnostic) -> StoredJob? {
        try read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT rowid AS number, * FROM job WHERE id = ?",
                arguments: [id]
            ).map { try StoredJob(row: $0) }
        }
    }

    /// Ends a job that waits for its turn, or asks the process that works on it to stop it; returns whether
    /// either was still so.
    public func requestStop(of job: JobRecord, at: Int64) throws(Diagnostic) -> Bool {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE job SET status = 'cancelled', finishedAt = ?
                    WHERE id = ? AND status = 'queued'
                    """,
                arguments: [at, job.id]
            )
            if database.changesCount > 0 {
                try Store.addEvent(database, job.id, "info", job.wording.cancelled, at)
                return true
            }
            try database.execute(
                sql: """
                    UPDATE job SET stopRequestedAt = ?
                    WHERE id = ? AND status = 'running' AND process IS ?
                        AND stopRequestedAt IS NULL
                    """,
                arguments: [at, job.id, job.process]
            )
            guard database.changesCount > 0 else {
                return try Bool.fetchOne(
                    database,
                    sql: "SELECT stopRequestedAt IS NOT NULL FROM job WHERE id = ?",
                    arguments: [job.id]
                ) == true
            }
            try Store.addEvent(database, job.id, "info", "Cancellation requested", at)
            return true
        }
    }

    /// Whether somebody asked for a job to be stopped.
    public func isStopRequested(ofJob id: String) throws(Diagnostic) -> Bool {
        try read { database in
            try Bool.fetchOne(
                database,
                sql: "SELECT stopRequestedAt IS NOT NULL FROM job WHERE id = ?",
                arguments: [id]
            ) == true
        }
    }

    /// Returns the last row of metrics of a job.
    public func lastMetrics(ofJob id: String) throws(Diagnostic) -> TrainingMetrics? {
        try read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT * FROM metric WHERE job = ? ORDER BY step DESC LIMIT 1",
                arguments: [id]
            ).map { TrainingMetrics(row: $0) }
        }
    }

    /// Runs `change` with all jobs and models while no process can change either.
    public func whileNothingChanges(
        _ change: (_ jobs: [StoredJob], _ models: [ModelRecord]) throws -> Void
    ) throws(Diagnostic) {
        try write { database in
            try change(try Store.jobs(database), try Store.models(database))
        }
    }

    /// Returns the messages of a job after the one with this number, oldest first.
    public func events(ofJob id: String, after: Int64 = 0) throws(Diagnostic) -> [JobEvent] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM event WHERE job = ? AND id > ? ORDER BY id",
                arguments: [id, after]
            ).map {
                JobEvent(
                    id: $0["id"],
                    at: $0["at"],
                    level: $0["level"],
                    message: $0["message"]
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
                    UPDATE job SET status = ?, process = ?, error = NULL, errorCode = NULL,
                        finishedAt = ?, stopRequestedAt = NULL
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
    init(row: Row) throws {
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
            )
        )
        let wording: String = row["wording"]
        record.wording = JobWording(rawValue: wording) ?? .shell
        record.idBase = row["idBase"]
        let classification: String? = row["classification"]
        record.classification = try classification.map { try ClassificationText.decode($0) }
        model = row["model"]
        error = row["error"]
        errorCode = row["errorCode"]
        finishedAt = row["finishedAt"]
        trainingMilliseconds = row["trainingDuration"]
        stopRequestedAt = row["stopRequestedAt"]
    }
}

extension TrainingMetrics {
    init(row: Row) {
        self.init(
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
