public import FettleCore
import GRDB

/// A base model that the user added: where its files are, and what they were then.
public struct AddedBaseRecord: Hashable, Sendable {
    /// The name that `tune` takes.
    public var name: String
    /// The path of its file or folder; absolute.
    public var path: String
    /// A hash of its sizes, its tensors' names and shapes and some of its numbers.
    public var fingerprint: String
    /// What it is, one sentence without a full stop.
    public var summary: String
    /// When it was added, in milliseconds since 1970.
    public var createdAt: Int64

    /// Makes a record.
    public init(
        name: String,
        path: String,
        fingerprint: String,
        summary: String,
        createdAt: Int64
    ) {
        self.name = name
        self.path = path
        self.fingerprint = fingerprint
        self.summary = summary
        self.createdAt = createdAt
    }
}

extension Store {
    /// Adds a base model.
    ///
    /// - Throws: `name-taken` when a model or another base model has the name.
    public func insert(_ base: AddedBaseRecord) throws(Diagnostic) {
        try write { database in
            let owner = try String.fetchOne(
                database,
                sql: """
                    SELECT id FROM model WHERE name = ?1 OR id = ?1
                    UNION SELECT 'the base model ' || path FROM addedBase WHERE name = ?1
                    """,
                arguments: [base.name]
            )
            if let owner {
                throw Diagnostic(
                    "name-taken",
                    "'\(base.name)' is the name of \(owner)",
                    hint: "choose another name, or delete that model first"
                )
            }
            try database.execute(
                sql: """
                    INSERT INTO addedBase (name, path, fingerprint, summary, createdAt)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [base.name, base.path, base.fingerprint, base.summary, base.createdAt]
            )
        }
    }

    /// Returns the base models that were added, oldest first.
    public func addedBases() throws(Diagnostic) -> [AddedBaseRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM addedBase ORDER BY createdAt, name")
                .map(AddedBaseRecord.init(row:))
        }
    }

    /// Returns the added base model of this name, or nil.
    public func addedBase(_ name: String) throws(Diagnostic) -> AddedBaseRecord? {
        try read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT * FROM addedBase WHERE name = ?",
                arguments: [name]
            ).map(AddedBaseRecord.init(row:))
        }
    }

    /// Removes an added base model's record, unless models descend from it or a job that has not ended does.
    ///
    /// - Returns: the models and jobs that need it; the record is gone when there are none.
    public func deleteAddedBase(
        _ name: String
    ) throws(Diagnostic) -> (models: [ModelRecord], jobs: [StoredJob]) {
        try write { database in
            let models = try Store.models(database).filter { $0.base == name }
            let jobs = try Store.users(database, ofModel: name)
            if models.isEmpty, jobs.isEmpty {
                try database.execute(
                    sql: "DELETE FROM addedBase WHERE name = ?",
                    arguments: [name]
                )
            }
            return (models, jobs)
        }
    }
}

extension AddedBaseRecord {
    fileprivate init(row: Row) {
        self.init(
            name: row["name"],
            path: row["path"],
            fingerprint: row["fingerprint"],
            summary: row["summary"],
            createdAt: row["createdAt"]
        )
    }
}
