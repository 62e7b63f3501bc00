import FettleTestSupport
import Foundation

/// Ray, of which a stand-in of its head that runs the jobs takes the place.
final class RayContract: ClusterContract {
    static let name = "ray"
    static let cluster = "lab"
    var environment: [String: String] = [:]
    let here: ContractWorkspace
    private let ray: RayStandIn
    let worker: GatedWorker

    init(_ here: ContractWorkspace) async throws {
        self.here = here
        ray = try RayStandIn()
        worker = try GatedWorker(in: here.folder)
    }

    var introduction: String? { "cluster add \(Self.cluster) \(ray.address)" }

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

    func lose() async throws -> ContractLoss? {
        ray.forget(try here.job().id)
        return .askedAgain(warning: "attempt 1 failed: the cluster knows it no more")
    }
}
