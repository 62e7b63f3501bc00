import FettleTestSupport
import Foundation
import Testing

/// OpenAI's API, of which another Fettle that serves a workspace of its own takes the place.
final class OpenAIContract: ContractProvider {
    static let name = "openai"
    let model = "far/ngram"
    let epochsOfHeld = 40
    /// As many as the API takes.
    let epochsOfCancelled = 50
    private let here: ContractWorkspace
    private var there: ContractWorkspace
    private var server: ServedProgram

    init(_ here: ContractWorkspace) async throws {
        self.here = here
        there = try ContractWorkspace()
        server = try await ServedProgram(there.folder)
    }

    var introduction: String? { "provider add far url=\(server.baseURL)" }

    func hold() {}
    func release() {}

    func isUnderway() throws -> Bool {
        try here.events().contains { $0.message == "Fine-tuning job started" }
    }

    func states() throws -> [ContractState]? {
        try there.jobs().map { job in
            switch job.status {
            case "running": .running
            case "succeeded": .succeeded
            case "cancelled": .cancelled
            case let word: .other(word)
            }
        }
    }

    func weights() async throws -> Data { try there.weights(ofJob: there.job().id) }

    func farewell(_ signal: Int32) -> String {
        let line = "job 1 goes on at 'far', where 'resume 1' follows it again"
        return signal == SIGINT ? "interrupted: \(line)" : line
    }

    let cancellation = "job 1 cancelled"

    let endAfterCancellation: ContractError? = ContractError(
        code: "provider-job-ended",
        message: "the job was cancelled at 'far', and is not taken up again there",
        hints: ["start it anew"]
    )

    /// Puts another server in the place of the one that is there.
    private func serveAnew(_ arguments: [String] = []) async throws {
        let port = try #require(server.baseURL.firstMatch(of: #/:([0-9]+)\/v1$/#)?.1)
        try await server.kill()
        there = try ContractWorkspace()
        server = try await ServedProgram(
            there.folder,
            port: String(port),
            arguments: arguments
        )
    }

    func fail() async throws -> ContractError {
        try await serveAnew(["max_upload=1KB"])
        return ContractError(
            code: "provider-refused",
            message:
                "'far' refuses: The request is longer than this server takes: at most 1000 bytes ('serve max_upload=…' "
                + "sets the longest upload)."
        )
    }

    func lose() async throws -> ContractLoss? {
        let id = try there.job().id
        try await serveAnew()
        return .failed(
            ContractError(
                code: "provider-lacks",
                message: "'far' refuses: Could not find fine tune: \(id)",
                hints: ["'resume 1' then goes on from its checkpoint"]
            )
        )
    }
}
