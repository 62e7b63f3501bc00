public import FettleCore
import GRDB

/// The temperature that makes a model as sure as it is right, and what it was fitted to.
public struct CalibrationRecord: Hashable, Sendable {
    /// The model's id.
    public var model: String
    /// The temperature that log probabilities are divided by.
    public var temperature: Double
    /// The dataset's name.
    public var dataset: String
    /// The dataset's fingerprint.
    public var datasetFingerprint: String
    /// The rows that it was fitted to.
    public var rowCount: Int
    /// When it was fitted, in milliseconds since 1970.
    public var createdAt: Int64

    /// Makes a record.
    public init(
        model: String,
        temperature: Double,
        dataset: String,
        datasetFingerprint: String,
        rowCount: Int,
        createdAt: Int64
    ) {
        self.model = model
        self.temperature = temperature
        self.dataset = dataset
        self.datasetFingerprint = datasetFingerprint
        self.rowCount = rowCount
        self.createdAt = createdAt
    }
}

extension Store {
    /// Keeps a model's temperature in place of an earlier one.
    public func keep(_ calibration: CalibrationRecord) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO calibration (model, temperature, dataset,
                        datasetFingerprint, rowCount, createdAt)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    calibration.model, calibration.temperature, calibration.dataset,
                    calibration.datasetFingerprint, calibration.rowCount, calibration.createdAt,
                ]
            )
        }
    }

    /// Returns the temperature of the model of this id, or nil.
    public func calibration(ofModel id: String) throws(Diagnostic) -> CalibrationRecord? {
        try read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT * FROM calibration WHERE model = ?",
                arguments: [id]
            ).map { row in
                CalibrationRecord(
                    model: row["model"],
                    temperature: row["temperature"],
                    dataset: row["dataset"],
                    datasetFingerprint: row["datasetFingerprint"],
                    rowCount: row["rowCount"],
                    createdAt: row["createdAt"]
                )
            }
        }
    }
}
