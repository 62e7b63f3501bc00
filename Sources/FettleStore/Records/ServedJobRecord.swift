public import FettleCore
import GRDB

/// What the fine-tuning API knows of a job beside the job itself.
public struct ServedJobRecord: Hashable, Sendable {
    /// The job's own id.
    public var job: String
    /// The id that the API shows: `ft-…` or `ftjob-…`.
    public var apiID: String
    /// The API that it was asked for in: `legacy` or `modern`.
    public var generation: String
    /// The model as it was asked for, which may be an alias.
    public var model: String
    /// The id of the training file.
    public var trainingFile: String
    /// The id of the validation file.
    public var validationFile: String?
    /// The id of the file of metrics; nil until the job has succeeded and it is there.
    public var resultFile: String?
    /// What else was asked for, as JSON.
    public var options: String
    /// The key under which a second request is the first one again.
    public var idempotencyKey: String?
    /// When it was last put into the queue, in milliseconds since 1970.
    public var queuedAt: Int64
    /// Whether its user deleted it from the list.
    public var isHidden = false

    /// Makes a record.
    public init(
        job: String,
        apiID: String,
        generation: String,
        model: String,
        trainingFile: String,
        validationFile: String?,
        options: String,
        idempotencyKey: String?,
        queuedAt: Int64
    ) {
        self.job = job
        self.apiID = apiID
        self.generation = generation
        self.model = model
        self.trainingFile = trainingFile
        self.validationFile = validationFile
        self.options = options
        self.idempotencyKey = idempotencyKey
        self.queuedAt = queuedAt
    }
}

extension Store {
    /// Adds what the API knows of a job.
    static func insert(_ database: Database, _ served: ServedJobRecord) throws {
        if let key = served.idempotencyKey,
            let first = try String.fetchOne(
                database,
                sql: "SELECT apiID FROM apiJob WHERE idempotencyKey = ?",
                arguments: [key]
            )
        {
            throw Diagnostic("job-exists", "job \(first) was made with the same idempotency key")
        }
        try database.execute(
            sql: """
                INSERT INTO apiJob (job, apiID, generation, model, trainingFile, validationFile,
                    options, idempotencyKey, queuedAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                served.job, served.apiID, served.generation, served.model, served.trainingFile,
                served.validationFile, served.options, served.idempotencyKey, served.queuedAt,
            ]
        )
    }

    /// Returns what the API knows of its jobs, oldest first.
    public func servedJobs() throws(Diagnostic) -> [ServedJobRecord] {
        try served("ORDER BY rowid", [])
    }

    /// Returns what the API knows of the job with this id of the API's, or nil.
    public func servedJob(_ apiID: String) throws(Diagnostic) -> ServedJobRecord? {
        try served("WHERE apiID = ?", [apiID]).first
    }

    /// Returns what the API knows of the job with this id of its own, or nil.
    public func servedJob(ofJob id: String) throws(Diagnostic) -> ServedJobRecord? {
        try served("WHERE job = ?", [id]).first
    }

    /// Returns what the API knows of the job that was made with this idempotency key, or nil.
    public func servedJob(idempotencyKey key: String) throws(Diagnostic) -> ServedJobRecord? {
        try served("WHERE idempotencyKey = ?", [key]).first
    }

    private func served(
        _ clause: String,
        _ arguments: StatementArguments
    ) throws(Diagnostic) -> [ServedJobRecord] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM apiJob \(clause)",
                arguments: arguments
            ).map(ServedJobRecord.init(row:))
        }
    }

    // MARK: - The queue

    /// Returns the jobs of the API that wait for their turn in a process, in their order.
    public func queuedJobs(of process: String) throws(Diagnostic) -> [StoredJob] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT job.rowid AS number, job.* FROM job JOIN apiJob ON apiJob.job = job.id
                    WHERE status = 'queued' AND process = ? ORDER BY queuedAt, job.rowid
                    """,
                arguments: [process]
            ).map { try StoredJob(row: $0) }
        }
    }

    /// Puts a job of the API at the end of a process's queue, with the event that says so; returns whether it
    /// did.
    ///
    /// A job that another process has taken on or changed since `job` was read is left as it is.
    public func enqueue(
        _ job: JobRecord,
        process: String,
        message: String,
        at: Int64
    ) throws(Diagnostic) -> Bool {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE job SET status = 'queued', process = ?, error = NULL, errorCode = NULL,
                        finishedAt = NULL, stopRequestedAt = NULL
                    WHERE id = ? AND status = ? AND process IS ?
                    """,
                arguments: [process, job.id, job.status.rawValue, job.process]
            )
            guard database.changesCount > 0 else { return false }
            try database.execute(
                sql: "UPDATE apiJob SET queuedAt = ? WHERE job = ?",
                arguments: [at, job.id]
            )
            try Store.addEvent(database, job.id, "info", message, at)
            return true
        }
    }

    // MARK: - The end

    /// Stores the id of a succeeded job's result file with the events of its end; returns false, and does
    /// nothing, when it has one already.
    public func setResult(
        _ file: String,
        ofJob id: String,
        messages: [String],
        at: Int64
    ) throws(Diagnostic) -> Bool {
        try write { database in
            try database.execute(
                sql: "UPDATE apiJob SET resultFile = ? WHERE job = ? AND resultFile IS NULL",
                arguments: [file, id]
            )
            guard database.changesCount > 0 else { return false }
            for message in messages { try Store.addEvent(database, id, "info", message, at) }
            return true
        }
    }

    /// Leaves a job of the API out of its lists from now on.
    public func hideServedJob(_ apiID: String) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: "UPDATE apiJob SET isHidden = 1 WHERE apiID = ?",
                arguments: [apiID]
            )
        }
    }

    /// Returns the number of the workspace's latest event, 0 when there is none.
    public func lastEvent() throws(Diagnostic) -> Int64 {
        try read { database in
            try Int64.fetchOne(database, sql: "SELECT max(id) FROM event") ?? 0
        }
    }
}

extension ServedJobRecord {
    fileprivate init(row: Row) {
        self.init(
            job: row["job"],
            apiID: row["apiID"],
            generation: row["generation"],
            model: row["model"],
            trainingFile: row["trainingFile"],
            validationFile: row["validationFile"],
            options: row["options"],
            idempotencyKey: row["idempotencyKey"],
            queuedAt: row["queuedAt"]
        )
        resultFile = row["resultFile"]
        isHidden = row["isHidden"]
    }
}
