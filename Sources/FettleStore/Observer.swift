import FettleCore
import GRDB
import Synchronization

/// Looks from a connection of its own whether others have written to the database.
final class Observer: Sendable {
    private let path: String
    /// Opened at the first look.
    private let connection = Mutex<DatabaseQueue?>(nil)

    init(path: String) {
        self.path = path
    }

    /// Returns SQLite's number of the content, which is another one after each commit of any other connection; nil
    /// when the database cannot be read.
    func version() -> Int64? {
        connection.withLock { connection in
            do {
                let queue = try connection ?? opened()
                connection = queue
                return try queue.inDatabase { database in
                    try Int64.fetchOne(database.cachedStatement(sql: "PRAGMA data_version"))
                }
            } catch {
                return nil
            }
        }
    }

    private func opened() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.readonly = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
