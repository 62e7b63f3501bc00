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
    /// Returns the fingerprints of the sources that datasets were made of while a session ran, by the
    /// sources' names.
    ///
    /// The last of each counts. A session whose last command did not end has no known end.
    public func sourceFingerprints(
        inSession session: String
    ) throws(Diagnostic) -> [String: String] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT source, sourceFingerprint FROM dataset WHERE createdAt BETWEEN
                        (SELECT MIN(startedAt) FROM cell WHERE session = :session) AND
                        (SELECT MAX(startedAt + COALESCE(duration, 1000000000000)) FROM cell
                            WHERE session = :session)
                    ORDER BY id
                    """,
                arguments: ["session": session]
            )
            return Dictionary(rows.map { ($0["source"], $0["sourceFingerprint"]) }) { $1 }
        }
    }

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
