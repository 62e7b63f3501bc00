public import FettleCore
import Foundation

/// Runs jobs through the Jobs API of a Ray cluster.
public struct RayEngine: ClusterEngine {
    private let client: RayClient
    private let files: @Sendable () throws(Diagnostic) -> RayFiles?

    /// Makes an engine that asks by `client`.
    ///
    /// - Parameters:
    ///   - client: what asks the cluster.
    ///   - files: asked for each job that is sent where its large files go; nil where all go into the package.
    public init(
        _ client: RayClient,
        files: @escaping @Sendable () throws(Diagnostic) -> RayFiles? = { () throws(Diagnostic) in
            nil
        }
    ) {
        (self.client, self.files) = (client, files)
    }

    /// Has a job run; the same one asked for again runs once.
    ///
    /// - Throws: as the protocol says.
    public func submit(
        _ job: ClusterJob,
        packedIn folder: String,
        progress: @escaping (_ sent: Int64, _ total: Int64) -> Void
    ) throws {
        try requireRoom(for: job)
        let job = try files()?.placing(job, by: folder, progress: progress) ?? job
        let path = "\(folder)/\(job.id).zip"
        defer { try? FileManager.default.removeItem(atPath: path) }
        // A machine that lost an unpacked package holds on to its name, so that a later attempt gives another.
        let salt = job.attempt == 1 ? "" : "\(job.attempt)"
        let package = try RayPackage(job.files, at: path, salt: salt)
        try client.upload(package, progress: progress)
        try client.submit(
            RayJobRequest(
                id: job.id,
                entrypoint: job.entrypoint,
                package: package.name,
                cpus: Double(job.cpus),
                gpus: Double(job.gpus)
            )
        )
    }

    private func requireRoom(for job: ClusterJob) throws {
        let nodes = try client.nodes()
        // A head that has just started lists none for some seconds.
        guard !nodes.isEmpty else { return }
        func whole(_ node: RayNode, _ resource: String) -> Int {
            Int(min(1e9, max(0, node.total[resource] ?? 0)))
        }
        let machines = nodes.map { node in
            ClusterRoom.Machine(cpus: whole(node, "CPU"), gpus: whole(node, "GPU"))
        }
        if let workers = job.workers {
            try ClusterRoom.require(workers, on: machines)
        } else {
            try ClusterRoom(count: nodes.count, Set(machines)).require(for: job)
        }
    }

    /// Returns how far a job is.
    ///
    /// - Throws: as the protocol says.
    public func state(of id: String) throws -> ClusterJobState {
        let job = try client.job(id)
        return switch job.status {
        case .pending: .queued
        case .running: .running
        case .succeeded: .succeeded
        case .failed: .failed(client.masked(job.reason ?? "no reason is given"))
        case .stopped: .stopped
        }
    }

    /// Returns all that a job has written so far.
    ///
    /// - Throws: as the protocol says.
    public func log(of id: String) throws -> String { try client.log(of: id) }

    /// Asks that a job ends, if it has not.
    ///
    /// - Throws: as the protocol says.
    public func stop(_ id: String) throws { try client.stop(id) }
}
