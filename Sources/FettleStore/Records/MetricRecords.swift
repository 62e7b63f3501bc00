public import FettleCore
import GRDB

/// A row of a job's metrics, and where it stands among the events of the workspace.
public struct StoredMetrics: Hashable, Sendable {
    /// The row.
    public var metrics: TrainingMetrics
    /// When it was first stored, in milliseconds since 1970; nil for one of an earlier version.
    public var at: Int64?
    /// The number of the last event before it.
    public var afterEvent: Int64
}

/// One figure of a job's model at the end of an epoch.
public struct EpochMeasure: Hashable, Sendable {
    /// The last weight update of the epoch.
    public var step: Int
    /// The figure's name, such as `accuracy`.
    public var name: String
    /// The figure.
    public var value: Double

    /// Makes a figure.
    public init(step: Int, name: String, value: Double) {
        self.step = step
        self.name = name
        self.value = value
    }
}

extension Store {
    /// Adds rows of metrics; a step that is there already gets the new figures and keeps its place among the
    /// events.
    public func insert(
        _ metrics: [TrainingMetrics],
        job: String,
        at: Int64
    ) throws(Diagnostic) {
        try write { database in
            let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM event") ?? 0
            for row in metrics {
                try database.execute(
                    sql: """
                        INSERT INTO metric (job, step, elapsedExamples, elapsedTokens, trainingLoss,
                            trainingAccuracy, validationLoss, validationAccuracy, totalSteps, at,
                            afterEvent)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (job, step) DO UPDATE SET
                            elapsedExamples = excluded.elapsedExamples,
                            elapsedTokens = excluded.elapsedTokens,
                            trainingLoss = excluded.trainingLoss,
                            trainingAccuracy = excluded.trainingAccuracy,
                            validationLoss = excluded.validationLoss,
                            validationAccuracy = excluded.validationAccuracy,
                            totalSteps = excluded.totalSteps
                        """,
                    arguments: [
                        job, row.step, row.elapsedExamples, row.elapsedTokens, row.trainingLoss,
                        row.trainingAccuracy, row.validationLoss, row.validationAccuracy,
                        row.totalSteps, at, last,
                    ]
                )
            }
        }
    }

    /// Returns the metrics of a job in the order of steps.
    public func metrics(ofJob id: String) throws(Diagnostic) -> [TrainingMetrics] {
        try storedMetrics(ofJob: id).map(\.metrics)
    }

    /// Returns the metrics of a job in the order of steps, with their places among the events.
    public func storedMetrics(ofJob id: String) throws(Diagnostic) -> [StoredMetrics] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM metric WHERE job = ? ORDER BY step",
                arguments: [id]
            ).map {
                StoredMetrics(
                    metrics: TrainingMetrics(row: $0),
                    at: $0["at"],
                    afterEvent: $0["afterEvent"]
                )
            }
        }
    }

    /// Adds the figures of an epoch, and the event that says that it is over unless that was told before.
    public func insert(
        _ measures: [EpochMeasure],
        job: String,
        message: String?,
        at: Int64
    ) throws(Diagnostic) {
        try write { database in
            for measure in measures where measure.value.isFinite {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO epochMeasure VALUES (?, ?, ?, ?)",
                    arguments: [job, measure.step, measure.name, measure.value]
                )
            }
            guard let message else { return }
            let isTold = try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM event WHERE job = ? AND message = ?)",
                arguments: [job, message]
            )
            if isTold != true { try Store.addEvent(database, job, "info", message, at) }
        }
    }

    /// Returns the figures of a job's epochs in the order of steps.
    public func epochMeasures(ofJob id: String) throws(Diagnostic) -> [EpochMeasure] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM epochMeasure WHERE job = ? ORDER BY step, name",
                arguments: [id]
            ).map { EpochMeasure(step: $0["step"], name: $0["name"], value: $0["value"]) }
        }
    }
}
