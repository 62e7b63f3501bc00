public import FettleCore
import Foundation
import GRDB

/// How a command ended.
public enum CellOutcome: String, Sendable {
    case running, succeeded, failed, cancelled
}

/// What a command was seen to do to the datasets and formats of its session.
public enum CellEffect: String, Sendable {
    /// It changed them, and can be undone.
    case change
    /// It made another dataset the current one.
    case move
    /// Nothing.
    case none
}

/// A command that succeeded, and what it did.
public struct RecordedCommand: Hashable, Sendable {
    /// The command, its secrets taken out.
    public var source: String
    /// What it was seen to do; nil when only its text is known.
    public var effect: CellEffect?
    /// The commands that bring back what it did to datasets, formats and variables; nil when it does
    /// that itself.
    public var steps: [String]?

    /// Makes a command.
    public init(source: String, effect: CellEffect? = nil, steps: [String]? = nil) {
        self.source = source
        self.effect = effect
        self.steps = steps
    }
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

    /// Stores a command's output and outcome, what it was seen to do, and what it showed in a form that can
    /// be rendered again.
    ///
    /// `duration` is in milliseconds.
    public func finishCell(
        _ id: Int64,
        outcome: CellOutcome,
        output: String,
        duration: Int64,
        command: RecordedCommand? = nil,
        content: String? = nil
    ) throws(Diagnostic) {
        try write { database in
            let steps = try command?.steps.map {
                String(decoding: try JSONEncoder().encode($0), as: UTF8.self)
            }
            try database.execute(
                sql: """
                    UPDATE cell SET outcome = ?, output = ?, duration = ?, effect = ?, steps = ?
                    WHERE id = ?
                    """,
                arguments: [
                    outcome.rawValue, output, duration, command?.effect?.rawValue, steps, id,
                ]
            )
            if let content { try Store.keep(content, ofCell: id, in: database) }
        }
    }

    /// Returns the sources of the last `limit` commands, oldest first.
    public func recentSources(limit: Int) throws(Diagnostic) -> [String] {
        try read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT source FROM
                    (SELECT id, source FROM cell WHERE NOT isReplayed ORDER BY id DESC LIMIT ?)
                    ORDER BY id
                    """,
                arguments: [limit]
            )
        }
    }
}

extension RecordedCommand {
    /// Reads a row of `cell`; steps that do not read as a list are none.
    init(_ row: Row) {
        let steps: String? = row["steps"]
        let effect: String? = row["effect"]
        self.init(
            source: row["source"],
            effect: effect.flatMap(CellEffect.init(rawValue:)),
            steps: steps.map {
                (try? JSONDecoder().decode([String].self, from: Data($0.utf8))) ?? []
            }
        )
    }
}
