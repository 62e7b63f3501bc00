import FettleProviders

/// What a cluster said of itself when it was checked.
public struct ClusterReport: Hashable, Sendable {
    /// How much of a resource a machine has.
    public struct Amount: Hashable, Sendable {
        /// All of it.
        public var total: Double
        /// What nobody has taken; nil where the cluster does not tell.
        public var free: Double?
    }

    /// A machine of the cluster.
    public struct Node: Hashable, Sendable {
        /// Its address within the cluster.
        public var address: String
        /// Whether it is the one that takes requests.
        public var isHead: Bool
        /// Processors.
        public var cpus: Amount
        /// Graphics processors.
        public var gpus: Amount
        /// Memory in bytes.
        public var memory: Amount

        init(_ node: RayNode) {
            func amount(_ resource: String) -> Amount {
                Amount(total: node.total[resource] ?? 0, free: node.free(resource))
            }
            (address, isHead) = (node.address, node.isHead)
            (cpus, gpus, memory) = (amount("CPU"), amount("GPU"), amount("memory"))
        }
    }

    /// What the Python of jobs has of what tuning takes.
    public struct Python: Hashable, Sendable {
        /// A package and, where it is missing, why.
        public struct Package: Hashable, Sendable {
            /// Its name, as it is imported.
            public var name: String
            /// Its version; empty where it tells none, nil where it cannot be imported.
            public var version: String?
            /// Why it cannot be imported.
            public var problem: String?
        }

        /// The version of Python.
        public var version: String
        /// The packages in the order in which tuning needs them.
        public var packages: [Package]
        /// The graphics processors that PyTorch sees in such a job.
        public var gpus: Int

        /// The packages that are missing.
        public var missing: [Package] { packages.filter { $0.version == nil } }
    }

    /// The version of Ray.
    public var ray: String
    /// The version of its jobs API.
    public var api: String
    /// Whether this is the version that Fettle was written to.
    public var isKnownAPI: Bool
    /// Whether it takes requests that show no token.
    public var takesEverybody: Bool
    /// Where the token comes from, in words; nil where none is known.
    public var tokenSource: String?
    /// Whether what goes there can be read on the way.
    public var isReadable: Bool
    /// Its machines, the head first.
    public var nodes: [Node]
    /// What the Python of jobs has; nil where that could not be found out.
    public var python: Python?
    /// Why that could not be found out.
    public var problem: String?
    /// The provider, or the address of a folder of the web, that keeps large files for its jobs; nil where there is none.
    public var fileServer: String?
    /// Why files cannot go there, or why a job cannot fetch them from there; nil where both go well.
    public var fileProblem: String?
    /// The job that looked, where it could not be taken away again.
    public var leftJob: String?
}
