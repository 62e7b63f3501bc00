public import FettleCore
import GRDB

/// A cell with what it showed.
public struct NotebookCell: Hashable, Sendable {
    /// The command and how it ended.
    public var cell: StoredCell
    /// The command with what it was seen to do.
    public var command: RecordedCommand
    /// What it showed, as plain text.
    public var output: String
    /// What it showed, as it was given to ``Store/keepContent(_:ofCell:)``; nil for a cell without.
    public var content: String?
}

/// A session that has cells.
public struct SessionSummary: Hashable, Sendable {
    /// The session's id.
    public var id: String
    /// When its first command began, in milliseconds since 1970.
    public var startedAt: Int64
    /// How many commands it has.
    public var count: Int
}

extension Store {
    /// Keeps what a cell showed in a form that can be rendered again, in place of what was kept before.
    public func keepContent(_ content: String, ofCell id: Int64) throws(Diagnostic) {
        try write { database in try Store.keep(content, ofCell: id, in: database) }
    }

    static func keep(_ content: String, ofCell id: Int64, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO cellContent (cell, content) VALUES (?, ?)",
            arguments: [id, content]
        )
    }

    /// Returns the cells of a session, or of all, oldest first; of all, none that only brought an earlier
    /// session back.
    public func notebookCells(session: String?) throws(Diagnostic) -> [NotebookCell] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT id, session, source, startedAt, outcome, duration, output, effect, steps, content
                    FROM cell LEFT JOIN cellContent ON cellContent.cell = cell.id
                    WHERE session = ?1 OR (?1 IS NULL AND NOT isReplayed) ORDER BY id
                    """,
                arguments: [session]
            ).map { row in
                NotebookCell(
                    cell: StoredCell(
                        id: row["id"],
                        session: row["session"],
                        source: row["source"],
                        startedAt: row["startedAt"],
                        outcome: CellOutcome(rawValue: row["outcome"]) ?? .failed,
                        duration: row["duration"]
                    ),
                    command: RecordedCommand(row),
                    output: row["output"],
                    content: row["content"]
                )
            }
        }
    }

    /// Returns the sessions that have cells, latest first.
    public func sessionsWithCells() throws(Diagnostic) -> [SessionSummary] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT session, min(startedAt) AS startedAt, count(*) AS count FROM cell
                    GROUP BY session ORDER BY max(id) DESC
                    """
            ).map { row in
                SessionSummary(id: row["session"], startedAt: row["startedAt"], count: row["count"])
            }
        }
    }
}
