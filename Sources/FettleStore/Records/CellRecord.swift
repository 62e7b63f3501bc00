public import FettleCore
import GRDB

/// How a command ended.
public enum CellOutcome: String, Sendable {
    case running, succeeded, failed, cancelled
}

extension Store {
    /// Stores a command before it runs, and returns the cell's number.
    ///
    /// `startedAt` is in milliseconds since 1970.
    public func beginCell(
        session: String,
        source: String,
        startedAt: Int64
    ) throws(Diagnostic) -> Int64 {
        try write { database in
            try database.execute(
                sql: "INSERT INTO cell (session, source, startedAt) VALUES (?, ?, ?)",
                arguments: [session, source, startedAt]
            )
            return database.lastInsertedRowID
        }
    }

    /// Stores a command's output and outcome.
    ///
    /// `duration` is in milliseconds.
    public func finishCell(
        _ id: Int64,
        outcome: CellOutcome,
        output: String,
        duration: Int64
    ) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: "UPDATE cell SET outcome = ?, output = ?, duration = ? WHERE id = ?",
                arguments: [outcome.rawValue, output, duration, id]
            )
        }
    }

    /// Returns the sources of the last `limit` commands, oldest first.
    public func recentSources(limit: Int) throws(Diagnostic) -> [String] {
        try read { database in
            try String.fetchAll(
                database,
                sql:
                    "SELECT source FROM (SELECT id, source FROM cell ORDER BY id DESC LIMIT ?) ORDER BY id",
                arguments: [limit]
            )
        }
    }
}
