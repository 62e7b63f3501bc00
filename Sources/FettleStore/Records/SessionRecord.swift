public import FettleCore
import GRDB

/// A session that ended without saying so, and its commands.
public struct UnfinishedSession: Hashable, Sendable {
    /// The session's id.
    public var id: String
    /// When it began, in milliseconds since 1970.
    public var startedAt: Int64
    /// The process that it ran in.
    public var process: String
    /// Its commands that succeeded, oldest first; those of the session that it continues come before.
    public var commands: [RecordedCommand]
}

/// One command of the record.
public struct StoredCell: Hashable, Sendable {
    /// The cell's number.
    public var id: Int64
    /// The session's id.
    public var session: String
    /// The command.
    public var source: String
    /// When it began, in milliseconds since 1970.
    public var startedAt: Int64
    /// How it ended.
    public var outcome: CellOutcome
    /// Milliseconds, when it ended.
    public var duration: Int64?
}

extension Store {
    /// Notes that a session has begun in a process.
    public func beginSession(
        _ id: String,
        process: String,
        startedAt: Int64
    ) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO session (id, process, startedAt) VALUES (?, ?, ?)",
                arguments: [id, process, startedAt]
            )
        }
    }

    /// Notes that a session has ended as it should, or was resumed or discarded.
    public func endSession(_ id: String, at: Int64) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: "UPDATE session SET endedAt = ? WHERE id = ?",
                arguments: [at, id]
            )
        }
    }

    /// Notes that sessions have ended: brought back, or not wanted.
    public func endSessions(_ ids: [String], at: Int64) throws(Diagnostic) {
        try write { database in
            for id in ids {
                try database.execute(
                    sql: "UPDATE session SET endedAt = ? WHERE id = ? AND endedAt IS NULL",
                    arguments: [at, id]
                )
            }
        }
    }

    /// Ends a session and stores commands that bring it back as another's, which history does not list;
    /// returns their cells' numbers, or nil when the session has been ended meanwhile.
    ///
    /// All in one transaction, and as if they had succeeded: whenever the process ends, one session is
    /// left to be brought back.
    public func continueSession(
        _ id: String,
        as session: String,
        with sources: [String],
        at: Int64
    ) throws(Diagnostic) -> [Int64]? {
        try write { database in
            try database.execute(
                sql: "UPDATE session SET endedAt = ? WHERE id = ? AND endedAt IS NULL",
                arguments: [at, id]
            )
            guard database.changesCount == 1 else { return nil }
            return try Store.addReplayedCells(database, sources, session, at)
        }
    }

    /// Returns the sessions that have not ended, latest first, with their commands that succeeded.
    public func unfinishedSessions() throws(Diagnostic) -> [UnfinishedSession] {
        try read { database in
            try Row.fetchAll(
                database,
                sql:
                    "SELECT id, startedAt, process FROM session WHERE endedAt IS NULL ORDER BY rowid DESC"
            ).map { row in
                let id: String = row["id"]
                return UnfinishedSession(
                    id: id,
                    startedAt: row["startedAt"],
                    process: row["process"],
                    commands: try Store.commands(database, of: id)
                )
            }
        }
    }

    /// Notes that all of `earlier` was brought back as the first commands of `session`: what it did beside
    /// the datasets, such as tuning, is from now on part of that session, too.
    public func noteContinuation(
        of earlier: String,
        as session: String
    ) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: "UPDATE session SET continues = ? WHERE id = ?",
                arguments: [earlier, session]
            )
        }
    }

    /// Returns the commands of a session that succeeded; those that brought back an earlier session are
    /// replaced by what that session did, as far back as the record goes.
    private static func commands(
        _ database: Database,
        of session: String
    ) throws -> [RecordedCommand] {
        var parts: [[RecordedCommand]] = []
        var next: String? = session
        var seen: Set<String> = []
        while let id = next, seen.insert(id).inserted {
            next = try String.fetchOne(
                database,
                sql: "SELECT continues FROM session WHERE id = ?",
                arguments: [id]
            )
            parts.append(
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT source, effect, steps FROM cell
                        WHERE session = ? AND outcome = 'succeeded' AND NOT (isReplayed AND ?) ORDER BY id
                        """,
                    arguments: [id, next != nil]
                ).map(RecordedCommand.init)
            )
        }
        return parts.reversed().flatMap(\.self)
    }

    /// Returns the last `limit` cells that match, oldest first.
    ///
    /// `session` and `outcome` narrow them down when given; `text` is looked for in the command.
    public func cells(
        session: String? = nil,
        outcome: CellOutcome? = nil,
        containing text: String? = nil,
        limit: Int
    ) throws(Diagnostic) -> [StoredCell] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT id, session, source, startedAt, outcome, duration FROM cell
                    WHERE (?1 IS NULL OR session = ?1) AND (?2 IS NULL OR outcome = ?2)
                        AND NOT isReplayed
                        AND (?3 IS NULL OR instr(lower(source), lower(?3)) > 0)
                    ORDER BY id DESC LIMIT ?4
                    """,
                arguments: [session, outcome?.rawValue, text, limit]
            ).reversed().map { row in
                StoredCell(
                    id: row["id"],
                    session: row["session"],
                    source: row["source"],
                    startedAt: row["startedAt"],
                    outcome: CellOutcome(rawValue: row["outcome"]) ?? .failed,
                    duration: row["duration"]
                )
            }
        }
    }
}
