public import FettleCore
import GRDB

/// A training run as the workspace remembers it.
public struct JobRecord: Hashable, Sendable {
    /// The id: `ftjob-` and 24 letters and digits.
    public var id: String
    /// Where it stands.
    public var status: JobStatus
    /// What is tuned: a base model's name or a tuned model's id.
    public var base: String
    /// The training dataset's name.
    public var dataset: String
    /// The training dataset's fingerprint.
    public var datasetFingerprint: String
    /// The validation dataset's name.
    public var validation: String?
    /// What the user set.
    public var settings: [ChosenSetting]
    /// When it was made, in milliseconds since 1970.
    public var createdAt: Int64
    /// The short name that the model gets.
    public var name: String?
    /// Part of the id that the model gets.
    public var suffix: String?
    /// How the examples were made of rows.
    public var format: PromptFormat?
    /// The process that works on it, or that it waits in.
    public var process: String?
    /// In whose words it tells its events.
    public var wording = JobWording.shell
    /// What the model's id begins with; nil for what is tuned.
    public var idBase: String?
    /// How it is measured at the end of each epoch; nil for not at all.
    public var classification: ClassificationOptions?

    /// Makes a record.
    public init(
        id: String,
        status: JobStatus,
        base: String,
        dataset: String,
        datasetFingerprint: String,
        validation: String?,
        settings: [ChosenSetting],
        createdAt: Int64,
        name: String? = nil,
        suffix: String? = nil,
        format: PromptFormat? = nil,
        process: String? = nil
    ) {
        self.id = id
        self.status = status
        self.base = base
        self.dataset = dataset
        self.datasetFingerprint = datasetFingerprint
        self.validation = validation
        self.settings = settings
        self.createdAt = createdAt
        self.name = name
        self.suffix = suffix
        self.format = format
        self.process = process
    }
}

/// How a job ended.
public struct JobEnd: Hashable, Sendable {
    /// The final status.
    public var status: JobStatus
    /// The id of the model it made.
    public var model: String?
    /// Why it failed.
    public var error: String?
    /// The code of the diagnostic that says so.
    public var errorCode: String?

    /// Makes an end.
    public init(
        _ status: JobStatus,
        model: String? = nil,
        error: String? = nil,
        errorCode: String? = nil
    ) {
        self.status = status
        self.model = model
        self.error = error
        self.errorCode = errorCode
    }
}

extension Store {
    /// Adds a job with its first events, and what the API knows of it; returns the number that lists show.
    ///
    /// - Throws: `job-exists` when a job was made with the same idempotency key.
    @discardableResult
    public func insert(
        _ job: JobRecord,
        messages: [String] = [],
        served: ServedJobRecord? = nil
    ) throws(Diagnostic) -> Int {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO job (id, status, base, dataset, datasetFingerprint, validation,
                        settings, createdAt, name, suffix, format, process, wording, idBase,
                        classification)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    job.id, job.status.rawValue, job.base, job.dataset, job.datasetFingerprint,
                    job.validation, SettingsText.encode(job.settings), job.createdAt, job.name,
                    job.suffix, job.format.map { FormatText.encode($0) }, job.process,
                    job.wording.rawValue, job.idBase,
                    try job.classification.map { try ClassificationText.encode($0) },
                ]
            )
            let number = Int(database.lastInsertedRowID)
            if let served { try Store.insert(database, served) }
            for message in messages {
                try Store.addEvent(database, job.id, "info", message, job.createdAt)
            }
            return number
        }
    }

    /// Stores a job's end and the event that says so.
    public func finishJob(
        _ id: String,
        _ end: JobEnd,
        message: String,
        at: Int64
    ) throws(Diagnostic) {
        try write { database in try Store.finishJob(database, id, end, message, at) }
    }

    /// Adds the model that a job made, under the first id that is free, and with it the job's success.
    ///
    /// `id` gives the id of an attempt, counted from 0; `message` gives the event for the id taken.
    public func finishJob(
        _ job: String,
        with model: ModelRecord,
        id: (Int) -> String,
        message: (String) -> String,
        at: Int64
    ) throws(Diagnostic) -> ModelRecord {
        try write { database in
            let model = try Store.insert(database, model, id: id)
            try Store.finishJob(
                database,
                job,
                JobEnd(.succeeded, model: model.id),
                message(model.id),
                at
            )
            return model
        }
    }

    /// Stores how long a job has trained at a checkpoint.
    public func setTraining(milliseconds: Int64, ofJob id: String) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: "UPDATE job SET trainingDuration = ? WHERE id = ?",
                arguments: [milliseconds, id]
            )
        }
    }

    /// Adds an event of a job; `level` is `info`, `warn` or `error`.
    public func addEvent(
        job: String,
        level: String = "info",
        message: String,
        at: Int64
    ) throws(Diagnostic) {
        try write { database in try Store.addEvent(database, job, level, message, at) }
    }

    /// Adds an evaluation's report, as JSON.
    public func insertEvaluation(
        model: String,
        dataset: String,
        datasetFingerprint: String,
        report: JSONValue,
        createdAt: Int64
    ) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO evaluation (model, dataset, datasetFingerprint, report, createdAt)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [model, dataset, datasetFingerprint, report.text(), createdAt]
            )
        }
    }

    private static func finishJob(
        _ database: Database,
        _ id: String,
        _ end: JobEnd,
        _ message: String,
        _ at: Int64
    ) throws {
        try database.execute(
            sql: """
                UPDATE job SET status = ?, model = ?, error = ?, errorCode = ?, finishedAt = ?,
                    stopRequestedAt = NULL
                WHERE id = ?
                """,
            arguments: [
                end.status.rawValue, end.model, end.error, end.errorCode,
                end.status.isFinal ? at : nil, id,
            ]
        )
        try addEvent(database, id, end.status == .failed ? "error" : "info", message, at)
    }

    static func addEvent(
        _ database: Database,
        _ job: String,
        _ level: String,
        _ message: String,
        _ at: Int64
    ) throws {
        try database.execute(
            sql: "INSERT INTO event (job, at, level, message) VALUES (?, ?, ?, ?)",
            arguments: [job, at, level, message]
        )
    }
}
