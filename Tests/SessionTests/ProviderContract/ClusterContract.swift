import FettleTestSupport
import Foundation

/// A kind of cluster, whose jobs are the worker's runs.
protocol ClusterContract: ContractProvider {
    /// What the workspace calls it.
    static var cluster: String { get }
    var environment: [String: String] { get set }
    var here: ContractWorkspace { get }
    var worker: GatedWorker { get }
}

extension ClusterContract {
    var model: String { "ngram" }
    var settings: String { " cluster=\(Self.cluster)" }
    var epochsOfHeld: Int { 2 }

    func hold() { environment["FETTLE_WORKER"] = worker.path }
    func release() throws { try worker.open() }

    func isUnderway() throws -> Bool {
        guard let id = try here.jobs().first?.id, worker.hasBegun else { return false }
        return try here.events().last?.message == "'\(Self.cluster)' calls it \(id)"
    }

    func weights() async throws -> Data { try here.weights(ofJob: here.job().id) }

    func farewell(_ signal: Int32) -> String {
        let line = "job 1 goes on at '\(Self.cluster)', where 'resume 1' follows it again"
        return signal == SIGINT ? "interrupted: \(line)" : line
    }

    var cancellation: String { "job 1 cancelled" }

    var endAfterCancellation: ContractError? {
        ContractError(
            code: "cluster-job-ended",
            message: "the job was stopped on '\(Self.cluster)'",
            hints: ["start it anew"]
        )
    }

    func fail() async throws -> ContractError {
        environment["FETTLE_WORKER"] = try GatedWorker.broken(in: here.folder)
        let reason = "it ended with exit code 3: no room here"
        return ContractError(
            code: "cluster-job-failed",
            message: "'\(Self.cluster)' could not do it in 3 attempts: \(reason)",
            hints: [
                "'resume' asks it again; 'cluster check \(Self.cluster)' says how it is",
                "'resume 1' then goes on from its checkpoint",
            ],
            warnings: (1...2).map { "job 1: attempt \($0) failed: \(reason)" }
        )
    }
}
