public import FettleCore
import GRDB

/// One version of a dataset as the workspace remembers it.
public struct DatasetRecord: Hashable, Sendable {
    /// The dataset's name.
    public var name: String
    /// The version, from 1.
    public var version: Int
    /// Where the bytes came from, such as a path.
    public var source: String
    /// XXH3-128 of the source's bytes, in hexadecimal.
    public var sourceFingerprint: String
    /// The steps as command lines, one a line.
    public var recipe: [String]
    /// XXH3-128 of the source's fingerprint and the recipe.
    public var fingerprint: String
    /// Rows.
    public var rowCount: Int

    /// Makes a record.
    public init(
        name: String,
        version: Int,
        source: String,
        sourceFingerprint: String,
        recipe: [String],
        fingerprint: String,
        rowCount: Int
    ) {
        self.name = name
        self.version = version
        self.source = source
        self.sourceFingerprint = sourceFingerprint
        self.recipe = recipe
        self.fingerprint = fingerprint
        self.rowCount = rowCount
    }
}

extension Store {
    /// Adds dataset versions.
    public func insert(_ records: [DatasetRecord], createdAt: Int64) throws(Diagnostic) {
        try write { database in
            for record in records {
                try database.execute(
                    sql: """
                        INSERT INTO dataset (name, version, source, sourceFingerprint, recipe,
                            fingerprint, rowCount, createdAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        record.name, record.version, record.source, record.sourceFingerprint,
                        record.recipe.joined(separator: "\n"), record.fingerprint, record.rowCount,
                        createdAt,
                    ]
                )
            }
        }
    }
}
