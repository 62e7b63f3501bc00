import FettleTestSupport
import Foundation

/// Ray, of which a stand-in of its head that runs the jobs takes the place.
final class RayContract: ContractProvider {
    static let name = "ray"
    let model = "ngram"
    let settings = " cluster=lab"
    let epochsOfHeld = 2
    private(set) var environment: [String: String] = [:]
    private let here: ContractWorkspace
    private let ray: RayStandIn
    private let worker: GatedWorker

    init(_ here: ContractWorkspace) async throws {
        self.here = here
        ray = try RayStandIn()
        worker = try GatedWorker(in: here.folder)
    }

    var introduction: String? { "cluster add lab \(ray.address)" }

    func hold() { environment["FETTLE_WORKER"] = worker.path }
    func release() throws { try worker.open() }

    func isUnderway() throws -> Bool {
        guard let id = try here.jobs().first?.id, worker.hasBegun else { return false }
        return try here.events().last?.message == "'lab' calls it \(id)"
    }

    func states() -> [ContractState]? {
        ray.jobs.map { id in
            switch ray.status(of: id) {
            case "RUNNING": .running
            case "SUCCEEDED": .succeeded
            case "STOPPED": .cancelled
            case let word: .other(word ?? "unknown")
            }
        }
    }

    func weights() async throws -> Data { try here.weights(ofJob: here.job().id) }

    func farewell(_ signal: Int32) -> String {
        let line = "job 1 goes on at 'lab', where 'resume 1' follows it again"
        return signal == SIGINT ? "interrupted: \(line)" : line
    }

    let cancellation = "job 1 cancelled"

    let endAfterCancellation: ContractError? = ContractError(
        code: "cluster-job-ended",
        message: "the job was stopped on 'lab'",
        hints: ["start it anew"]
    )

    func fail() async throws -> ContractError {
        environment["FETTLE_WORKER"] = try GatedWorker.broken(in: here.folder)
        return ContractError(
            code: "cluster-job-failed",
            message:
                "'lab' could not do it in 3 attempts: it ended with exit code 3: no room here",
            hints: [
                "'resume' asks it again; 'cluster check lab' says how it is",
                "'resume 1' then goes on from its checkpoint",
            ]
        )
    }

    func lose() async throws -> ContractLoss? {
        ray.forget(try here.job().id)
        return .askedAgain(warning: "attempt 1 failed: the cluster knows it no more")
    }
}
