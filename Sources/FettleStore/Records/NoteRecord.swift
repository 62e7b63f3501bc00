public import FettleCore
import GRDB

/// What the user wrote down about a row of a source.
public struct NoteRecord: Hashable, Sendable {
    /// The row of the source, from 0, whatever its place in a dataset.
    public var row: Int
    /// The text.
    public var text: String
    /// When it was written, in milliseconds since 1970.
    public var notedAt: Int64

    /// Makes a record.
    public init(row: Int, text: String, notedAt: Int64) {
        self.row = row
        self.text = text
        self.notedAt = notedAt
    }
}

extension Store {
    /// Keeps a note of a source's row in place of an earlier one; returns the text of that.
    @discardableResult
    public func keep(_ note: NoteRecord, ofSource fingerprint: String) throws(Diagnostic) -> String?
    {
        try write { database in
            let earlier = try String.fetchOne(
                database,
                sql: "SELECT text FROM note WHERE source = ? AND row = ?",
                arguments: [fingerprint, note.row]
            )
            try database.execute(
                sql: "INSERT OR REPLACE INTO note (source, row, text, notedAt) VALUES (?, ?, ?, ?)",
                arguments: [fingerprint, note.row, note.text, note.notedAt]
            )
            return earlier
        }
    }

    /// Returns the notes of a source's rows, by row.
    public func notes(ofSource fingerprint: String) throws(Diagnostic) -> [NoteRecord] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM note WHERE source = ? ORDER BY row",
                arguments: [fingerprint]
            ).map { NoteRecord(row: $0["row"], text: $0["text"], notedAt: $0["notedAt"]) }
        }
    }

    /// Removes the note of a source's row; returns its text, or nil where there was none.
    public func removeNote(
        ofRow row: Int,
        ofSource fingerprint: String
    ) throws(Diagnostic) -> String? {
        try write { database in
            let text = try String.fetchOne(
                database,
                sql: "SELECT text FROM note WHERE source = ? AND row = ?",
                arguments: [fingerprint, row]
            )
            try database.execute(
                sql: "DELETE FROM note WHERE source = ? AND row = ?",
                arguments: [fingerprint, row]
            )
            return text
        }
    }
}
