import GRDB

extension Samples {
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
