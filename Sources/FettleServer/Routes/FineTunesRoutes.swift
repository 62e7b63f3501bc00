import FettleCore
import FettleStore
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

    /// What that API tuned unless a request said otherwise.
    private static let usualModel = "curie"

    private static func create(_ exchange: Exchange) async throws -> Response {
        let request = try await exchange.body(FineTuneRequest.self)
        var options = ServedOptions()
        options.epochs = request.nEpochs
        options.batchSize = request.batchSize
        options.learningRateMultiplier = request.learningRateMultiplier
        options.promptLossWeight = request.promptLossWeight
        options.suffix = request.suffix
        options.classification = ClassificationOptions(
            classCount: request.classificationNClasses,
            positiveClass: request.classificationPositiveClass,
            betas: request.classificationBetas ?? []
        )
        let submission = ServedJobs.Submission(
            .legacy,
            model: request.model ?? usualModel,
            trainingFile: request.trainingFile,
            validationFile: request.validationFile,
            options: options,
            measuresClasses: request.computeClassificationMetrics == true,
            idempotencyKey: exchange.idempotencyKey
        )
        return exchange.answer(try object(try await exchange.submit(submission), exchange))
    }

    private static func list(_ exchange: Exchange) async throws -> Response {
        let jobs = try exchange.services.served.jobs(.legacy)
        return exchange.answer(
            WireList(try jobs.map { try object($0, exchange, withEvents: false) })
        )
    }

    private static func retrieve(_ exchange: Exchange) async throws -> Response {
        exchange.answer(try object(try job(exchange), exchange))
    }

    private static func cancel(_ exchange: Exchange) async throws -> Response {
        let job = try await exchange.services.served.cancel(try job(exchange).id)
        return exchange.answer(try object(job, exchange))
    }

    private static func delete(_ exchange: Exchange) async throws -> Response {
        let id = try job(exchange).id
        try exchange.services.served.delete(id)
        return exchange.answer(Deletion(id: id, kind: "fine-tune"))
    }

    private static func events(_ exchange: Exchange) async throws -> Response {
        let id = try job(exchange).id
        let served = exchange.services.served
        guard exchange.query["stream"]?.lowercased() == "true" else {
            return exchange.answer(WireList(try served.messages(of: id).map(object)))
        }
        let events = EventPings.adding(to: try served.eventStream(of: id))
        return exchange.stream { sender in
            for await event in events {
                if let event {
                    try await sender.send(ServerSentEvent(object(event)))
                } else {
                    try await sender.ping()
                }
            }
            // A server that stops ends the stream too, and the client should ask again.
            guard try served.job(id).status.isFinal else { return }
            try await sender.send(.done)
        }
    }

    // MARK: - Forms

    private static func job(_ exchange: Exchange) throws -> ServedJob {
        let job = try exchange.services.served.job(exchange["id"])
        guard job.served?.generation == ServedGeneration.legacy.rawValue else {
            throw Diagnostic("unknown-job", "No fine-tune job: \(exchange["id"])")
        }
        return job
    }

    private static func object(_ event: ServedEvent) -> FineTuneEvent {
        FineTuneEvent(level: event.level, message: event.message, createdAt: event.at.inSeconds)
    }

    private static func object(
        _ job: ServedJob,
        _ exchange: Exchange,
        withEvents: Bool = true
    ) throws -> FineTune {
        let events = try exchange.services.served.messages(of: job.id)
        func files(_ id: String?) -> [FileObject] {
            // Its user may have deleted it meanwhile.
            guard let id, let file = try? exchange.services.files.file(id) else { return [] }
            return [FileRoutes.object(file)]
        }
        let classification = job.options.classification
        return FineTune(
            id: job.id,
            hyperparameters: FineTuneHyperparameters(
                nEpochs: job.options.epochs ?? job.chosenInteger("n_epochs"),
                batchSize: job.options.batchSize ?? job.chosenInteger("batch_size"),
                learningRateMultiplier: job.options.learningRateMultiplier
                    ?? job.chosenNumber("learning_rate_multiplier"),
                promptLossWeight: job.options.promptLossWeight,
                computeClassificationMetrics: classification == nil ? nil : true,
                classificationNClasses: classification?.classCount,
                classificationPositiveClass: classification?.positiveClass,
                classificationBetas: classification.flatMap { $0.betas.isEmpty ? nil : $0.betas }
            ),
            organizationID: Organisation.id,
            model: job.model,
            trainingFiles: files(job.served?.trainingFile),
            validationFiles: files(job.served?.validationFile),
            resultFiles: files(job.served?.resultFile),
            createdAt: job.stored.record.createdAt.inSeconds,
            updatedAt: (events.last?.at ?? job.stored.record.createdAt).inSeconds,
            status: status(job.status),
            fineTunedModel: job.stored.model,
            events: withEvents ? events.map(object) : nil
        )
    }

    private static func status(_ status: JobStatus) -> String {
        switch status {
        case .queued, .paused, .interrupted: "pending"
        case .running, .succeeded, .failed, .cancelled: status.rawValue
        }
    }
}

/// Whose everything is.
enum Organisation {
    static let id = "org-personal"
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

extension ServedJob {
    /// Returns a setting that the model was made with.
    func chosenInteger(_ name: String) -> Int? {
        chosen.first { $0.name == name }.flatMap { Int($0.value) }
    }

    /// Returns a setting that the model was made with.
    func chosenNumber(_ name: String) -> Double? {
        chosen.first { $0.name == name }.flatMap { Double($0.value) }
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
