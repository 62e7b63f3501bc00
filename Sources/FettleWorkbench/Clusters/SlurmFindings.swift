import FettleCore
import FettleProviders
import FettleStore

/// What a Slurm cluster said of itself when it was checked.
public struct SlurmFindings: Hashable, Sendable {
    /// Machines of a partition that are alike.
    public struct Machines: Hashable, Sendable {
        /// The partition's name.
        public var partition: String
        /// How many machines these are.
        public var count: Int
        /// What they do, in Slurm's word.
        public var state: String
        /// Processors of each.
        public var cpus: Int
        /// Graphics processors of each.
        public var gpus: Int
        /// Bytes of memory of each.
        public var memory: Int
    }

    /// Slurm's version.
    public var version: String
    /// Its machines by partition.
    public var machines: [Machines]
    /// Why the worker does not run on one of them; nil where it does.
    public var problem: String?

    init(_ report: SlurmReport) {
        version = report.version
        machines = report.nodes.map {
            Machines(
                partition: $0.partition,
                count: $0.count,
                state: $0.isUp ? $0.state : "\($0.state), closed",
                cpus: $0.cpus,
                gpus: $0.gpus,
                memory: $0.memory
            )
        }
        if case .fails(let words)? = report.worker { problem = words }
    }
}

extension ClusterLibrary {
    /// Looks at a Slurm cluster, and whether the worker runs on one of its machines; nil for one of another kind.
    ///
    /// - Throws: `unknown-cluster`, `no-worker`, `cluster-unreachable`, `no-slurm` and their like.
    public func checkSlurm(_ name: String) throws -> SlurmFindings? {
        let record = try cluster(name)
        guard record.kind == .slurm else { return nil }
        return SlurmFindings(try slurm(record).check(worker: WorkerProgram.path()))
    }
}
