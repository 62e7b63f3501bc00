public import FettleCore
import GRDB

/// A cluster whose machines run jobs.
public struct ClusterRecord: Hashable, Sendable {
    /// What takes the jobs.
    public enum Kind: String, Sendable {
        /// The head of a Ray cluster.
        case ray
        /// The programs of a Slurm cluster.
        case slurm
    }

    /// Which of a Slurm cluster's machines jobs go to, and for how long; nil for what the cluster itself says.
    public struct Batch: Hashable, Sendable {
        /// The partition.
        public var partition: String?
        /// The account that pays.
        public var account: String?
        /// The most minutes that a job runs.
        public var minutes: Int?

        /// Makes choices.
        public init(partition: String? = nil, account: String? = nil, minutes: Int? = nil) {
            (self.partition, self.account, self.minutes) = (partition, account, minutes)
        }
    }

    /// What commands call it.
    public var name: String
    /// What takes the jobs.
    public var kind: Kind
    /// The address of its head, or of the machine with its programs.
    public var url: String
    /// The name of the secret that is its token; nil for one whose token is where Ray's own programs look, or that
    /// needs none.
    public var secret: String?
    /// The folder that this machine and all of the cluster see under the same path; nil where there is none.
    public var sharedFolder: String?
    /// The provider, or the address of a folder of the web, that keeps the large files of its jobs; nil where all are in
    /// the package or the shared folder.
    public var fileServer: String?
    /// Where and for how long Slurm runs its jobs.
    public var batch: Batch
    /// Whether the user allowed that what goes there can be read on the way.
    public var isInsecure: Bool
    /// When it was added, in milliseconds since 1970.
    public var createdAt: Int64

    /// Makes a record.
    public init(
        name: String,
        kind: Kind = .ray,
        url: String,
        secret: String? = nil,
        sharedFolder: String? = nil,
        fileServer: String? = nil,
        batch: Batch = Batch(),
        isInsecure: Bool = false,
        createdAt: Int64
    ) {
        self.name = name
        self.kind = kind
        self.url = url
        self.secret = secret
        self.sharedFolder = sharedFolder
        self.fileServer = fileServer
        self.batch = batch
        self.isInsecure = isInsecure
        self.createdAt = createdAt
    }
}

extension Store {
    /// Adds a cluster, or gives one of this name another address and the rest.
    public func keep(_ cluster: ClusterRecord) throws(Diagnostic) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO cluster (name, kind, url, secret, sharedFolder, fileServer, partition,
                        account, minutes, isInsecure, createdAt)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, url = excluded.url,
                        secret = excluded.secret, sharedFolder = excluded.sharedFolder,
                        fileServer = excluded.fileServer, partition = excluded.partition, account = excluded.account,
                        minutes = excluded.minutes, isInsecure = excluded.isInsecure
                    """,
                arguments: [
                    cluster.name, cluster.kind.rawValue, cluster.url, cluster.secret,
                    cluster.sharedFolder, cluster.fileServer, cluster.batch.partition,
                    cluster.batch.account,
                    cluster.batch.minutes, cluster.isInsecure, cluster.createdAt,
                ]
            )
        }
    }

    /// Returns the clusters by name; those of a kind that only a newer Fettle knows are not among them.
    public func clusters() throws(Diagnostic) -> [ClusterRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM cluster ORDER BY name").compactMap {
                row in
                ClusterRecord.Kind(rawValue: row["kind"]).map { kind in
                    ClusterRecord(
                        name: row["name"],
                        kind: kind,
                        url: row["url"],
                        secret: row["secret"],
                        sharedFolder: row["sharedFolder"],
                        fileServer: row["fileServer"],
                        batch: .init(
                            partition: row["partition"],
                            account: row["account"],
                            minutes: row["minutes"]
                        ),
                        isInsecure: row["isInsecure"],
                        createdAt: row["createdAt"]
                    )
                }
            }
        }
    }

    /// Forgets a cluster; returns whether there was one.
    public func deleteCluster(_ name: String) throws(Diagnostic) -> Bool {
        try write { database in
            try database.execute(sql: "DELETE FROM cluster WHERE name = ?", arguments: [name])
            return database.changesCount > 0
        }
    }
}
