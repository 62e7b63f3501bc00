import GRDB

extension Samples {
    /// Runs statements on a workspace's database, which a job may be writing to.
    static func execute(_ sql: String, in folder: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(30)
        try DatabaseQueue(path: folder + "/fettle.sqlite", configuration: configuration)
            .write { try $0.execute(sql: sql) }
    }

    /// Returns the rows of a query on a workspace's database, as texts.
    static func rows(_ sql: String, in folder: String) throws -> [[String]] {
        try DatabaseQueue(path: folder + "/fettle.sqlite").read { database in
            try Row.fetchAll(database, sql: sql).map { row in
                row.map { value in
                    value.1.isNull ? "null" : String.fromDatabaseValue(value.1) ?? "\(value.1)"
                }
            }
        }
    }
}
