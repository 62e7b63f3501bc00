public import FettleCore
import GRDB

/// A session that ran a script, for going on where it stopped.
public struct ScriptRun: Sendable {
    /// One of its commands.
    public struct Cell: Sendable {
        /// The command, and what it did.
        public var command: RecordedCommand
        /// How it ended.
        public var outcome: CellOutcome
        /// Whether it was run again to bring an earlier run back, and is no statement of the script.
        public var isReplayed: Bool
    }

    /// The place among the script's statements, from 0, of its first command that is not replayed.
    public var firstStatement: Int
    /// Its commands, oldest first.
    public var cells: [Cell]
}

extension Store {
    /// Notes that a session runs a script from one of its statements on.
    public func noteScriptRun(
        of file: String,
        session: String,
        firstStatement: Int
    ) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: "INSERT INTO scriptRun (session, file, firstStatement) VALUES (?, ?, ?)",
                arguments: [session, file, firstStatement]
            )
        }
    }

    /// Returns the last run of a script, or nil.
    public func lastScriptRun(of file: String) throws(Diagnostic) -> ScriptRun? {
        try read { database in
            guard
                let run = try Row.fetchOne(
                    database,
                    sql: """
                        SELECT session, firstStatement FROM scriptRun WHERE file = ?
                        ORDER BY id DESC LIMIT 1
                        """,
                    arguments: [file]
                )
            else { return nil }
            let session: String = run["session"]
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT source, effect, steps, outcome, isReplayed FROM cell
                    WHERE session = ? ORDER BY id
                    """,
                arguments: [session]
            )
            return ScriptRun(
                firstStatement: run["firstStatement"],
                cells: rows.map { row in
                    ScriptRun.Cell(
                        command: RecordedCommand(row),
                        outcome: CellOutcome(rawValue: row["outcome"]) ?? .failed,
                        isReplayed: row["isReplayed"]
                    )
                }
            )
        }
    }

    /// Stores commands that are run again to bring an earlier session back, which history does not list;
    /// returns their cells' numbers.
    public func addReplayedCells(
        _ sources: [String],
        session: String,
        at: Int64
    ) throws(Diagnostic) -> [Int64] {
        try write { database in
            try Store.addReplayedCells(database, sources, session, at)
        }
    }

    static func addReplayedCells(
        _ database: Database,
        _ sources: [String],
        _ session: String,
        _ at: Int64
    ) throws -> [Int64] {
        try sources.map { source in
            try database.execute(
                sql: """
                    INSERT INTO cell (session, source, startedAt, outcome, isReplayed)
                    VALUES (?, ?, ?, 'succeeded', 1)
                    """,
                arguments: [session, source, at]
            )
            return database.lastInsertedRowID
        }
    }
}
