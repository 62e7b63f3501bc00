import FettleTestSupport
import Foundation
import Testing

/// A real Slurm of this machine, which all tests share.
final class SlurmContract: ContractProvider {
    @TaskLocal private static var cluster: SlurmCluster?

    static let name = "slurm"
    static var lack: String? { SlurmCluster.lack }

    @concurrent static func during(
        _ body: @Sendable @concurrent () async throws -> Void
    )
        async throws
    {
        let cluster = try SlurmCluster()
        defer { cluster.end() }
        try await $cluster.withValue(cluster) { try await body() }
    }

    let model = "ngram"
    let settings = " cluster=hpc"
    let epochsOfHeld = 2
    private(set) var environment: [String: String]
    private let here: ContractWorkspace
    private let slurm: SlurmCluster
    private let worker: GatedWorker

    init(_ here: ContractWorkspace) async throws {
        self.here = here
        slurm = try #require(Self.cluster)
        environment = slurm.environment
        worker = try GatedWorker(in: here.folder)
    }

    var introduction: String? { "cluster add hpc slurm: shared='\(slurm.share)'" }

    func hold() { environment["FETTLE_WORKER"] = worker.path }
    func release() throws { try worker.open() }

    func isUnderway() throws -> Bool {
        guard let id = try here.jobs().first?.id, worker.hasBegun else { return false }
        return try here.events().last?.message == "'hpc' calls it \(id)"
    }

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

    func weights() async throws -> Data { try here.weights(ofJob: here.job().id) }

    func farewell(_ signal: Int32) -> String {
        let line = "job 1 goes on at 'hpc', where 'resume 1' follows it again"
        return signal == SIGINT ? "interrupted: \(line)" : line
    }

    let cancellation = "job 1 cancelled"

    let endAfterCancellation: ContractError? = ContractError(
        code: "cluster-job-ended",
        message: "the job was stopped on 'hpc'",
        hints: ["start it anew"]
    )

    func fail() async throws -> ContractError {
        environment["FETTLE_WORKER"] = try GatedWorker.broken(in: here.folder)
        return ContractError(
            code: "cluster-job-failed",
            message:
                "'hpc' could not do it in 3 attempts: it ended with exit code 3: no room here",
            hints: [
                "'resume' asks it again; 'cluster check hpc' says how it is",
                "'resume 1' then goes on from its checkpoint",
            ]
        )
    }

    func lose() async throws -> ContractLoss? {
        try slurm.run("scancel", "--name=\(try here.job().id)")
        return endAfterCancellation.map { .failed($0) }
    }
}
