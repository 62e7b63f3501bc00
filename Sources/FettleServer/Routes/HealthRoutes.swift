import FettleStore
import FettleWorkbench
import HTTPTypes
import FettleCore
import HummingbirdCore
import NIOCore

/// Whether the server is well, and its figures.
enum HealthRoutes {
    static let all: [Route] = [
        Route(method: .get, pattern: "/health", isOpen: true, answer: health),
        .get("/metrics", metrics),
    ]

    /// Says that the server takes requests, or that it is about to stop.
    private static func health(_ exchange: Exchange) async throws -> Response {
        let isStopping = exchange.services.isStopping
        return Response(
            json: .object([.init("status", .string(isStopping ? "stopping" : "ok"))]),
            status: isStopping ? .serviceUnavailable : .ok
        )
    }

    private static func metrics(_ exchange: Exchange) async throws -> Response {
        let jobs = try exchange.services.workspace.jobs()
        let counts = Dictionary(jobs.map { ($0.record.status, 1) }, uniquingKeysWith: +)
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(
                byteBuffer: ByteBuffer(string: exchange.services.metrics.text(jobs: counts))
            )
        )
    }
}
