public import FettleCore
import Foundation

/// Runs jobs through the Jobs API of a Ray cluster.
public struct RayEngine: ClusterEngine {
    private let client: RayClient

    /// Makes an engine that asks by `client`.
    public init(_ client: RayClient) {
        self.client = client
    }

    public func submit(
        _ job: ClusterJob,
        packedIn folder: String,
        progress: @escaping (_ sent: Int64, _ total: Int64) -> Void
    ) throws {
        try requireRoom(for: job)
        let path = "\(folder)/\(job.id).zip"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let package = try RayPackage(job.files, at: path)
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

    /// Ray lets a job that fits nowhere wait for ever, without a word.
    private func requireRoom(for job: ClusterJob) throws {
        let nodes = try client.nodes()
        func most(_ resource: String) -> Double { nodes.compactMap { $0.total[resource] }.max() ?? 0 }
        let (cpus, gpus) = (most("CPU"), most("GPU"))
        guard Double(job.cpus) > cpus || Double(job.gpus) > gpus else { return }
        func amount(_ cpus: Double, _ gpus: Double) -> String {
            NumberText.count(Int(cpus), "processor")
                + (job.gpus > 0 ? " and \(NumberText.count(Int(gpus), "GPU"))" : "")
        }
        throw Diagnostic(
            "cluster-too-small",
            "the job takes \(amount(Double(job.cpus), Double(job.gpus))), and the largest of the cluster's "
                + "\(NumberText.count(nodes.count, "machine")) has \(amount(cpus, gpus))",
            hint: "take fewer: cpus=\(max(1, Int(cpus)))"
        )
    }

    public func state(of id: String) throws -> ClusterJobState {
        let job = try client.job(id)
        return switch job.status {
        case .pending: .queued
        case .running: .running
        case .succeeded: .succeeded
        case .failed: .failed(job.reason ?? "no reason is given")
        case .stopped: .stopped
        }
    }

    public func log(of id: String) throws -> String { try client.log(of: id) }

    public func stop(_ id: String) throws { try client.stop(id) }
}
