public import FettleCore
import GRDB

/// A file that was uploaded, or that a job made.
public struct FileRecord: Hashable, Sendable {
    /// The id, as `file-` and 24 letters and digits.
    public var id: String
    /// The name that its user gave; data, never a path.
    public var filename: String
    /// What it is for, such as `fine-tune`.
    public var purpose: String
    /// How long it is.
    public var bytes: Int64
    /// The 128-bit XXH3 hash of its bytes, as 32 hexadecimal digits.
    public var fingerprint: String
    /// When it was uploaded, in milliseconds since 1970.
    public var createdAt: Int64
    /// `uploaded`, `processed` or `error`.
    public var status: String
    /// What is wrong with it.
    public var statusDetails: String?

    /// Makes a record.
    public init(
        id: String,
        filename: String,
        purpose: String,
        bytes: Int64,
        fingerprint: String,
        createdAt: Int64,
        status: String = "processed",
        statusDetails: String? = nil
    ) {
        self.id = id
        self.filename = filename
        self.purpose = purpose
        self.bytes = bytes
        self.fingerprint = fingerprint
        self.createdAt = createdAt
        self.status = status
        self.statusDetails = statusDetails
    }
}

extension Store {
    /// Adds a file.
    public func insert(_ file: FileRecord) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO file (id, filename, purpose, bytes, fingerprint, createdAt, status,
                        statusDetails) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    file.id, file.filename, file.purpose, file.bytes, file.fingerprint,
                    file.createdAt, file.status, file.statusDetails,
                ]
            )
        }
    }

    /// Returns the files, oldest first.
    public func files() throws(Diagnostic) -> [FileRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM file ORDER BY createdAt, rowid")
                .map(FileRecord.init(row:))
        }
    }

    /// Returns the file with this id, or nil.
    public func file(_ id: String) throws(Diagnostic) -> FileRecord? {
        try read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM file WHERE id = ?", arguments: [id])
                .map(FileRecord.init(row:))
        }
    }

    /// Removes a file's record; returns whether there was one.
    public func deleteFile(_ id: String) throws(Diagnostic) -> Bool {
        try write { database in
            try database.execute(sql: "DELETE FROM file WHERE id = ?", arguments: [id])
            return database.changesCount > 0
        }
    }
}

extension FileRecord {
    fileprivate init(row: Row) {
        self.init(
            id: row["id"],
            filename: row["filename"],
            purpose: row["purpose"],
            bytes: row["bytes"],
            fingerprint: row["fingerprint"],
            createdAt: row["createdAt"],
            status: row["status"],
            statusDetails: row["statusDetails"]
        )
    }
}
