public import FettleCore
import Foundation
import GRDB

/// The workspace's records in one SQLite database: cells, datasets, jobs, events, metrics, models and
/// evaluations.
///
/// A file database is in WAL mode, so that a reader such as `sqlite3` may look while Fettle writes, and
/// a process killed at any moment leaves every acknowledged row. Each method is one transaction.
public struct Store: Sendable {
    let writer: DatabaseQueue
    private let observer: Observer?

    /// Opens the database at `path`, and makes or migrates it when needed.
    ///
    /// - Throws: `bad-workspace` when the file is not such a database or cannot be written,
    ///   `newer-workspace` when a later Fettle has changed its tables.
    public init(path: String) throws(Diagnostic) {
        // The commands in it are the user's own business; SQLite's other files take these rights over.
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
        observer = Observer(path: path)
        do {
            // With a WAL left beside it, SQLite would open a read-only file and fail at the first write.
            guard access(path, W_OK) == 0 else { throw DatabaseError(resultCode: .SQLITE_CANTOPEN) }
            writer = try Store.openedFile(path)
        } catch let diagnostic as Diagnostic {
            throw diagnostic
        } catch {
            throw Diagnostic(
                "bad-workspace",
                "the workspace database '\(path)' cannot be used: \(Store.reason(error))",
                hint: Store.hint(error)
                    ?? "move the file away to start a new workspace, or name another with --workspace"
            )
        }
    }

    /// Opens and migrates the file.
    ///
    /// Several processes may open a new file at once: the change to WAL and the first migration then find
    /// it locked or half made in a way that SQLite does not wait for, so they are tried again.
    private static func openedFile(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        }
        var attempt = 0
        while true {
            do {
                let writer = try DatabaseQueue(path: path, configuration: configuration)
                try Migrations.migrate(writer, at: path)
                return writer
            } catch let error as DatabaseError
                where [.SQLITE_ERROR, .SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode)
                && attempt < 100
            {
                attempt += 1
                usleep(20_000)
            }
        }
    }

    /// Makes an empty database in memory, which ends with the store.
    public init() throws(Diagnostic) {
        observer = nil
        do {
            writer = try DatabaseQueue()
            try Migrations.migrator.migrate(writer)
        } catch {
            throw Diagnostic(
                "bad-workspace",
                "no database can be made in memory: \(Store.reason(error))"
            )
        }
    }

    /// Returns a number that is another one whenever any program has written to the database since; nil for a
    /// database in memory, which cannot be observed.
    ///
    /// It takes a few microseconds, and waits for nobody who reads or writes.
    public func version() -> Int64? { observer?.version() }

    func write<Value>(_ change: (Database) throws -> Value) throws(Diagnostic) -> Value {
        do {
            return try writer.write(change)
        } catch let diagnostic as Diagnostic {
            throw diagnostic
        } catch {
            throw Diagnostic(
                "workspace-write",
                "the workspace could not be written: \(Store.reason(error))",
                hint: Store.hint(error)
                    ?? "check the free space and the rights of the folder .fettle"
            )
        }
    }

    func read<Value>(_ query: (Database) throws -> Value) throws(Diagnostic) -> Value {
        do {
            return try writer.read(query)
        } catch let diagnostic as Diagnostic {
            throw diagnostic
        } catch {
            throw Diagnostic(
                "workspace-read",
                "the workspace could not be read: \(Store.reason(error))"
            )
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DatabaseError else { return "\(error)" }
        return switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: "another program has kept it locked for 5 seconds"
        case .SQLITE_FULL: "the disk is full"
        case .SQLITE_READONLY, .SQLITE_CANTOPEN: "its folder is missing or read-only"
        default: error.message ?? "SQLite error \(error.resultCode.rawValue)"
        }
    }

    /// What to do about an error that says nothing about the file itself.
    private static func hint(_ error: any Error) -> String? {
        switch (error as? DatabaseError)?.resultCode {
        case .SQLITE_BUSY?, .SQLITE_LOCKED?:
            "wait for it or end it; 'fuser .fettle/fettle.sqlite' tells which it is"
        case .SQLITE_FULL?: "free some space, or name another place with --workspace DIR"
        case .SQLITE_READONLY?, .SQLITE_CANTOPEN?:
            "name another place with --workspace DIR, or keep nothing with --ephemeral"
        default: nil
        }
    }
}
