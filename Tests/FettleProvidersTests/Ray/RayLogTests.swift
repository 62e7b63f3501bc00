import FettleCore
import FettleTestSupport
import Foundation
import Testing

@testable import FettleProviders

/// Logs of jobs where Ray refuses them, by a stand-in of its head.
struct RayLogTests {
    /// A client of a stand-in that refuses logs, with a job that has ended.
    private static func client(_ ray: RayStandIn) throws -> RayClient {
        let policy = RetryPolicy(attempts: 3, wait: { _ in }, random: { 0 })
        let client = try RayClient(
            name: "lab",
            address: ServerAddress(ray.address),
            token: nil,
            policy: policy
        )
        try client.submit(RayJobRequest(id: "first", entrypoint: "echo at last"))
        for _ in 0..<400 {
            if try client.job("first").status.isEnd { return client }
            usleep(50_000)
        }
        throw Diagnostic("test", "the job has not ended")
    }

    private static let refusal = "Traceback:\naiohttp.InvalidURL: http://127.0.0.2:-1/logs"

    /// The agent's address of a machine that has just joined has no port in Ray's memory, and its files are found.
    @Test func aLogWhoseAgentIsNotFoundIsReadAsAFile() throws {
        let ray = try RayStandIn(fault: { request, _ in
            request.path.hasSuffix("/logs") ? .answer(500, Self.refusal) : nil
        })
        let client = try Self.client(ray)
        #expect(try client.log(of: "first").hasSuffix("\nat last\n"))
        let node = String(repeating: "a1", count: 28)
        #expect(
            ray.requests.last?.path
                == "/api/v0/logs/file?lines=-1&timeout=5&node_id=\(node)&submission_id=first"
        )
    }

    /// A machine that is gone tells no file, once asked, and the refusal of the log is what is said.
    @Test(arguments: [RayStandIn.Fault.answer(503, "busy"), .drop, .answer(500, "no such node")])
    func theRefusalIsSaidWhereTheFileIsNotToldEither(_ fault: RayStandIn.Fault) throws {
        let ray = try RayStandIn(fault: { request, _ in
            if request.path.hasSuffix("/logs") { return .answer(500, Self.refusal) }
            return request.path.hasPrefix("/api/v0/logs/") ? fault : nil
        })
        let client = try Self.client(ray)
        let error = #expect(throws: Diagnostic.self) { try client.log(of: "first") }
        #expect(error?.code == "cluster-refused")
        #expect(ray.requests.count { $0.path.hasPrefix("/api/v0/logs/") } == 1)
    }
}
