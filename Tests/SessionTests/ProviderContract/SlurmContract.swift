import FettleTestSupport
import Foundation
import Testing

/// A real Slurm of this machine, which all tests share.
final class SlurmContract: ClusterContract {
    @TaskLocal private static var shared: SlurmCluster?

    static let name = "slurm"
    static let cluster = "hpc"
    static var lack: String? { SlurmCluster.lack }

    @concurrent static func during(
        _ body: @Sendable @concurrent () async throws -> Void
    )
        async throws
    {
        let cluster = try SlurmCluster()
        defer { cluster.end() }
        try await $shared.withValue(cluster) { try await body() }
    }

    var environment: [String: String]
    let here: ContractWorkspace
    private let slurm: SlurmCluster
    let worker: GatedWorker

    init(_ here: ContractWorkspace) async throws {
        self.here = here
        slurm = try #require(Self.shared)
        environment = slurm.environment
        worker = try GatedWorker(in: here.folder)
    }

    var introduction: String? { "cluster add \(Self.cluster) slurm: shared='\(slurm.share)'" }

    func states() throws -> [ContractState]? {
        let id = try here.jobs().first?.id ?? ""
        let lines = try slurm.run("squeue", "--states=all", "--noheader", "--format=%j|%T")
        return lines.split(separator: "\n").filter { !id.isEmpty && $0.hasPrefix(id) }.map { line in
            switch line.split(separator: "|").last {
            case "RUNNING": .running
            case "COMPLETED": .succeeded
            case "CANCELLED": .cancelled
            case let word: .other(String(word ?? ""))
            }
        }
    }

    func lose() async throws -> ContractLoss? {
        try slurm.run("scancel", "--name=\(try here.job().id)")
        return endAfterCancellation.map { .failed($0) }
    }
}
