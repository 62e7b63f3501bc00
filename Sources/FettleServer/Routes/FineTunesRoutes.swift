import FettleCore
import FettleWorkbench
import HTTPTypes
import HummingbirdCore
import OpenAIWire

/// Jobs of the API that the book used.
enum FineTunesRoutes {
    static let all: [Route] = [
        .post("/v1/fine-tunes", create),
        .get("/v1/fine-tunes", list),
        .get("/v1/fine-tunes/{id}", retrieve),
        .post("/v1/fine-tunes/{id}/cancel", cancel),
        .get("/v1/fine-tunes/{id}/events", events),
        .delete("/v1/fine-tunes/{id}", delete),
    ]

    private static func create(_ exchange: Exchange) async throws -> Response {
        let request = try await exchange.body(FineTuneRequest.self)
        let submission = ServedJobs.Submission(request, idempotencyKey: exchange.idempotencyKey)
        let job = try await exchange.submit(submission)
        return exchange.answer(try exchange.services.fineTunes.form(job))
    }

    private static func list(_ exchange: Exchange) async throws -> Response {
        exchange.answer(try exchange.services.fineTunes.list())
    }

    private static func retrieve(_ exchange: Exchange) async throws -> Response {
        let jobs = exchange.services.fineTunes
        return exchange.answer(try jobs.form(jobs.job(exchange["id"])))
    }

    private static func cancel(_ exchange: Exchange) async throws -> Response {
        exchange.answer(try await exchange.services.fineTunes.cancel(exchange["id"]))
    }

    private static func delete(_ exchange: Exchange) async throws -> Response {
        exchange.answer(try exchange.services.fineTunes.delete(exchange["id"]))
    }

    private static func events(_ exchange: Exchange) async throws -> Response {
        let jobs = exchange.services.fineTunes
        let id = try jobs.job(exchange["id"]).id
        let served = exchange.services.served
        guard exchange.query["stream"]?.lowercased() == "true" else {
            return exchange.answer(try jobs.events(of: id))
        }
        let events = EventPings.adding(to: try served.eventStream(of: id))
        return exchange.stream { sender in
            for await event in events {
                if let event {
                    try await sender.send(ServerSentEvent(FineTuneEvent(event)))
                } else {
                    try await sender.ping()
                }
            }
            // A server that stops ends the stream too, and the client should ask again.
            guard try served.job(id).status.isFinal else { return }
            try await sender.send(.done)
        }
    }
}

/// Notes that keep quiet streams of events open.
enum EventPings {
    /// Half of what the least patient client waits.
    private static let interval = Duration.seconds(15)

    /// Returns the stream with nil each time when a note is due.
    static func adding(to events: AsyncStream<ServedEvent>) -> AsyncStream<ServedEvent?> {
        AsyncStream { continuation in
            let pings = Task {
                while (try? await Task.sleep(for: interval)) != nil { continuation.yield(nil) }
            }
            let events = Task {
                for await event in events { continuation.yield(event) }
                pings.cancel()
                continuation.finish()
            }
            continuation.onTermination = { _ in
                pings.cancel()
                events.cancel()
            }
        }
    }
}

extension Exchange {
    /// The key under which a second request is the first one again.
    var idempotencyKey: String? {
        request.headers[.idempotencyKey].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Looks at a request for a job, which may take long, beside the other requests.
    func submit(_ submission: ServedJobs.Submission) async throws -> ServedJob {
        let served = services.served
        return try await Task.detached { try served.submit(submission) }.value
    }
}

extension HTTPField.Name {
    static let idempotencyKey = known("idempotency-key")
}
