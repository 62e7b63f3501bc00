import Logging
import FettleCore
import HTTPTypes
import HummingbirdCore
import NIOCore
import OpenAIWire

/// One request on its way to an answer: what a route is given.
struct Exchange: Sendable {
    /// The request's name in the log and in the answer's `x-request-id`.
    let id: String
    /// The request as it came.
    let request: Request
    /// What follows the `?`.
    let query: QueryItems
    /// The parts of the path that the route's pattern names, decoded.
    let parameters: [String: String]
    /// What the server works on.
    let services: ServerServices
    /// Who asks, where a connection tells when it goes away.
    let client: Departures.Client?
    /// When the body must have come.
    let deadline: ContinuousClock.Instant

    /// Returns the part of the path that the pattern calls `name`.
    subscript(name: String) -> String {
        guard let value = parameters[name] else {
            preconditionFailure("the pattern has no part '\(name)'")
        }
        return value
    }

    /// Calls `take` with each piece of the body as it comes.
    ///
    /// - Throws: 413 after `limit` bytes, 408 when the body takes too long, 400 when it breaks off, and what `take`
    ///   throws.
    func readBody(
        upTo limit: Int64,
        _ take: (ByteBuffer) throws -> Void
    ) async throws {
        var count: Int64 = 0
        var problem: (any Error)?
        do {
            for try await piece in request.body {
                do {
                    count += Int64(piece.readableBytes)
                    guard count <= limit else { throw Limits.tooLarge(limit) }
                    guard ContinuousClock.now < deadline else { throw Limits.tooSlow }
                    try take(piece)
                } catch {
                    problem = error
                    break
                }
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw Limits.brokenBody
        }
        if let problem { throw problem }
    }

    /// Reads the body as a part of the API.
    ///
    /// - Throws: what is wrong with it, by its member.
    func body<Value: WireValue>(_ type: Value.Type) async throws -> Value {
        try Value(reading: await bodyObject())
    }

    /// Reads the body as a JSON object.
    func bodyObject() async throws -> WireObject {
        var bytes: [UInt8] = []
        try await readBody(upTo: Int64(WireObject.limits.bytes)) { piece in
            bytes.append(contentsOf: piece.readableBytesView)
        }
        return try WireObject(parsing: bytes)
    }

    /// Returns an answer of a part of the API.
    func answer(_ value: some WireValue, status: HTTPResponse.Status = .ok) -> Response {
        Response(json: value.json, status: status)
    }

    /// Returns an answer of events that `write` sends one by one; a client that goes away ends it by an error
    /// that ``EventSender/send(_:)`` throws.
    ///
    /// What `write` throws after the first byte becomes an event with the error, as clients expect.
    func stream(
        _ write: @escaping @Sendable @concurrent (inout EventSender) async throws -> Void
    ) -> Response {
        let log = services.log
        let id = id
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache",
            ],
            body: ResponseBody { writer in
                // Without a length the body goes out in chunks, each as soon as it is written.
                var sender = EventSender(writer: writer)
                do {
                    try await write(&sender)
                } catch let error where !(error is CancellationError || error is ChannelError) {
                    let problem = OpenAIErrorResponse(error)
                    if problem.status.code >= 500 {
                        log.error(
                            "stream failed",
                            metadata: ["id": "\(id)", "error": "\(LineLogger.oneLine("\(error)"))"]
                        )
                    }
                    try await sender.send(ServerSentEvent(problem.error))
                }
                try await sender.writer.finish(nil)
            }
        )
    }
}

/// Sends the events of a stream, each at once.
struct EventSender {
    fileprivate var writer: any ResponseBodyWriter

    /// Sends an event.
    @concurrent
    mutating func send(_ event: ServerSentEvent) async throws {
        try await writer.write(ByteBuffer(string: event.text))
    }

    /// Sends what keeps a quiet stream open.
    @concurrent
    mutating func ping() async throws {
        try await writer.write(ByteBuffer(string: ServerSentEvent.ping))
    }
}

extension Response {
    /// An answer of JSON.
    init(json: JSONValue, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: json.text() + "\n"))
        )
    }
}
