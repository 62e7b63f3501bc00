public import FettleCore
import GRDB

/// A server elsewhere whose models are used.
public struct ProviderRecord: Hashable, Sendable {
    /// What its models' names begin with.
    public var name: String
    /// The address of its API.
    public var url: String
    /// The name of the secret that is its key; nil for a server that needs none.
    public var secret: String?
    /// What it asks for a million tokens of tuning, in dollars; nil where that is not known.
    public var trainingPrice: Double?
    /// When it was added, in milliseconds since 1970.
    public var createdAt: Int64

    /// Makes a record.
    public init(
        name: String,
        url: String,
        secret: String?,
        trainingPrice: Double? = nil,
        createdAt: Int64
    ) {
        self.name = name
        self.url = url
        self.secret = secret
        self.trainingPrice = trainingPrice
        self.createdAt = createdAt
    }
}

extension Store {
    /// Adds a provider, or gives one of this name another address, key and price.
    public func keep(_ provider: ProviderRecord) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO provider (name, url, secret, trainingPrice, createdAt)
                    VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET url = excluded.url, secret = excluded.secret,
                        trainingPrice = excluded.trainingPrice
                    """,
                arguments: [
                    provider.name, provider.url, provider.secret, provider.trainingPrice,
                    provider.createdAt,
                ]
            )
        }
    }

    /// Returns the providers by name.
    public func providers() throws(Diagnostic) -> [ProviderRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM provider ORDER BY name").map { row in
                ProviderRecord(
                    name: row["name"],
                    url: row["url"],
                    secret: row["secret"],
                    trainingPrice: row["trainingPrice"],
                    createdAt: row["createdAt"]
                )
            }
        }
    }

    /// Forgets a provider; returns whether there was one.
    public func deleteProvider(_ name: String) throws(Diagnostic) -> Bool {
        try write { database in
            try database.execute(sql: "DELETE FROM provider WHERE name = ?", arguments: [name])
            return database.changesCount > 0
        }
    }
}
