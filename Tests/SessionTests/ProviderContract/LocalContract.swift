import FettleTestSupport
import Foundation
import Testing

/// Training in the program's own process.
final class LocalContract: ContractProvider {
    static let name = "local"
    let model = "ngram"
    let epochsOfHeld = 100
    let epochsOfCancelled = 1000
    private let here: ContractWorkspace

    init(_ here: ContractWorkspace) async throws { self.here = here }

    func hold() {}
    func release() {}

    func isUnderway() -> Bool { here.hasJobFile("checkpoint") }

    func states() -> [ContractState]? { nil }

    func weights() async throws -> Data { try here.weights(ofJob: here.job().id) }

    func farewell(_ signal: Int32) -> String {
        signal == SIGINT
            ? "interrupted: \(cancellation)"
            : "job 1 was interrupted; 'resume 1' goes on from its checkpoint"
    }

    let cancellation = "job 1 cancelled; 'resume 1' goes on from its checkpoint"

    let endAfterCancellation: ContractError? = nil

    func fail() async throws -> ContractError {
        let lines = (0..<100).map { "good \($0),1\n" }.joined()
        try here.folder.write("text,label\n" + lines, to: "learn.csv")
        return ContractError(
            code: "one-class",
            message:
                "all 100 examples have the same completion ' 1', and a model needs at least two to choose from",
            hints: ["check the completion template, and the filters of the dataset"]
        )
    }

    func lose() async throws -> ContractLoss? { nil }
}
