/// What a cluster is asked to run.
public struct ClusterJob: Sendable {
    /// Processes that the line starts on machines of the cluster.
    public struct Workers: Hashable, Sendable {
        /// How many there are.
        public var count: Int
        /// Processors of each.
        public var cpus: Int
        /// Accelerators of each.
        public var gpus: Int

        /// Makes the choice.
        public init(count: Int, cpus: Int = 1, gpus: Int = 0) {
            (self.count, self.cpus, self.gpus) = (count, cpus, gpus)
        }
    }

    /// The job's id, which is never given twice to different work.
    public var id: String
    /// A line of the system's shell, run in a folder with ``files``.
    public var entrypoint: String
    /// What lies in that folder.
    public var files: [PackagedFile]
    /// Processors that are set aside for the line itself.
    public var cpus: Int
    /// Accelerators that are set aside for the line itself.
    public var gpus: Int
    /// What is set aside for processes that the line starts; nil for a line that does its work itself.
    public var workers: Workers?
    /// Which attempt at the same work it is, from 1.
    public var attempt: Int

    /// Makes a job.
    public init(
        id: String,
        entrypoint: String,
        files: [PackagedFile],
        cpus: Int = 1,
        gpus: Int = 0,
        attempt: Int = 1
    ) {
        (self.id, self.entrypoint, self.files) = (id, entrypoint, files)
        (self.cpus, self.gpus, self.attempt) = (cpus, gpus, attempt)
    }

    /// Makes a job whose line takes no processor of its own, and has workers do the work.
    public init(
        id: String,
        entrypoint: String,
        files: [PackagedFile],
        workers: Workers,
        attempt: Int = 1
    ) {
        self.init(id: id, entrypoint: entrypoint, files: files, cpus: 0, attempt: attempt)
        self.workers = workers
    }
}

/// How far a job of a cluster is.
public enum ClusterJobState: Hashable, Sendable {
    case queued
    case running
    /// Its line ended with status 0.
    case succeeded
    /// It ended otherwise; why, in words without a full stop.
    case failed(String)
    /// Somebody ended it.
    case stopped

    /// Whether nothing more happens.
    public var isEnd: Bool {
        switch self {
        case .queued, .running: false
        case .succeeded, .failed, .stopped: true
        }
    }
}

/// An engine that runs programs on the machines of a cluster.
///
/// To add one, write a type in a file of its own and name it where clusters are opened; the contract that all keep is
/// in the tests.
public protocol ClusterEngine: Sendable {
    /// Has a job run; the same one asked for again, as after a lost answer, runs once.
    ///
    /// - Parameters:
    ///   - job: what to run.
    ///   - folder: a folder of this machine for what is packed on the way.
    ///   - progress: called with the bytes that are sent, and how many they are.
    /// - Throws: `cluster-too-small` for more than any of its machines has; `package-too-large`; `cluster-unreachable`
    ///   and its like.
    func submit(
        _ job: ClusterJob,
        packedIn folder: String,
        progress: @escaping (_ sent: Int64, _ total: Int64) -> Void
    ) throws

    /// Returns how far a job is.
    ///
    /// - Throws: `unknown-cluster-job`; `cluster-unreachable` and its like.
    func state(of id: String) throws -> ClusterJobState

    /// Returns all that a job has written so far.
    ///
    /// - Throws: as ``state(of:)``.
    func log(of id: String) throws -> String

    /// Asks that a job ends, if it has not.
    ///
    /// - Throws: as ``state(of:)``.
    func stop(_ id: String) throws
}
