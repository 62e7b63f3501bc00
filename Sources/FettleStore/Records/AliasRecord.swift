public import FettleCore
import GRDB

/// One change of what a name stands for.
public struct AliasRecord: Hashable, Sendable {
    /// The name.
    public var name: String
    /// The model that it stands for since then, by id, or a base model by name; nil when it stands for what
    /// it does by itself.
    public var target: String?
    /// Whether the change took back the one before it.
    public var isBack: Bool
    /// When, in milliseconds since 1970.
    public var setAt: Int64
    /// Counts the changes of all names.
    public var number: Int64

    /// Makes a record; the store gives it its number.
    public init(name: String, target: String?, isBack: Bool, setAt: Int64, number: Int64 = 0) {
        self.name = name
        self.target = target
        self.isBack = isBack
        self.setAt = setAt
        self.number = number
    }
}

extension Store {
    /// Adds the change that `change` makes of the changes so far of a name, while no other process can add
    /// one; returns all of them, oldest first.
    public func changeAlias(
        _ name: String,
        _ change: ([AliasRecord]) throws -> AliasRecord
    ) throws(Diagnostic) -> [AliasRecord] {
        try write { database in
            let record = try change(try Store.aliasChanges(database, name))
            try database.execute(
                sql: "INSERT INTO alias (name, target, isBack, setAt) VALUES (?, ?, ?, ?)",
                arguments: [record.name, record.target, record.isBack, record.setAt]
            )
            return try Store.aliasChanges(database, name)
        }
    }

    /// Returns the changes of what a name stands for, or of all names, oldest first.
    public func aliasChanges(_ name: String? = nil) throws(Diagnostic) -> [AliasRecord] {
        try read { database in try Store.aliasChanges(database, name) }
    }

    private static func aliasChanges(
        _ database: Database,
        _ name: String?
    ) throws -> [AliasRecord] {
        try Row.fetchAll(
            database,
            sql: "SELECT * FROM alias WHERE ?1 IS NULL OR name = ?1 ORDER BY number",
            arguments: [name]
        ).map { row in
            AliasRecord(
                name: row["name"],
                target: row["target"],
                isBack: row["isBack"],
                setAt: row["setAt"],
                number: row["number"]
            )
        }
    }
}
