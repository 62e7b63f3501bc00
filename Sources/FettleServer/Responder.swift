import Logging
import FettleWorkbench
import HTTPTypes
import HummingbirdCore
import NIOCore
import OpenAIWire

/// What every request goes through: the guards, its route, the form of errors, the headers of all answers, the
/// log and the figures.
struct Responder: Sendable {
    private let services: ServerServices
    private let routes: RouteTable
    private let hosts: HostGuard
    private let keys: KeyCheck

    init(_ services: ServerServices) {
        self.services = services
        routes = RouteTable(RouteCatalogue.all)
        hosts = HostGuard(services.settings.host)
        keys = KeyCheck(services.settings.keys, services.clock)
    }

    /// Answers a request.
    @concurrent
    func respond(
        _ request: Request,
        _ writer: consuming ResponseWriter,
        from client: Departures.Client?
    ) async throws {
        let start = ContinuousClock.now
        let id = RequestID.new()
        let path = RequestPath(request.head.path ?? "")
        let found = Result { () throws(OpenAIErrorResponse) in
            try hosts.check(request)
            let match = try routes.match(request.method, path)
            if !match.route.isOpen { try keys.check(request, match, path.query) }
            try Limits.check(request, services.settings, match.route)
            return match
        }
        var response: Response
        do throws(any Error) {
            let match = try found.get()
            if request.headers[.expect]?.lowercased() == "100-continue" {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            let exchange = Exchange(
                id: id,
                request: request,
                query: path.query,
                parameters: match.parameters,
                services: services,
                client: client,
                deadline: start + match.route.bodyTime
            )
            response = try await match.route.answer(exchange)
        } catch {
            response = answer(to: error, id)
        }
        let route = (try? found.get())?.route.pattern ?? "other"
        response.headers[.requestID] = id
        response.headers[.processingTime] = String((ContinuousClock.now - start).milliseconds)
        response.headers[.contentTypeOptions] = "nosniff"
        if request.method == .head { response = response.createHeadResponse() }
        let status = response.status.code
        defer {
            let duration = ContinuousClock.now - start
            services.metrics.count(route: route, method: request.method, status, duration)
            RequestLog.write(services.log, id, request, path, status, duration)
        }
        try await writer.write(response: response.head, body: response.body)
    }

    private func answer(to error: any Error, _ id: String) -> Response {
        let answer = OpenAIErrorResponse(error)
        if answer.status.code >= 500 {
            services.log.error(
                "request failed",
                metadata: ["id": "\(id)", "error": "\(LineLogger.oneLine("\(error)"))"]
            )
        }
        return answer.response
    }
}

extension HTTPField.Name {
    static let requestID = known("x-request-id")
    static let processingTime = known("openai-processing-ms")
    /// The library takes the first Host header away.
    static let hostAgain = known("host")
    static let contentTypeOptions = known("x-content-type-options")

    /// Returns the name of a header that this file writes.
    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("'\(name)' is no header") }
        return name
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// Seconds and their parts.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// Names of requests, which answers carry and the log has.
enum RequestID {
    /// Returns a new one.
    static func new() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = (0..<2).map { _ in
            let text = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return "req_" + digits.joined()
    }
}
