import FettleCore
import FettleStore
import FettleWorkbench
import HTTPTypes
import HummingbirdCore
import OpenAIWire

/// Jobs of the present API.
enum FineTuningJobsRoutes {
    static let all: [Route] = [
        .post("/v1/fine_tuning/jobs", create),
        .get("/v1/fine_tuning/jobs", list),
        .get("/v1/fine_tuning/jobs/{id}", retrieve),
        .post("/v1/fine_tuning/jobs/{id}/cancel", cancel),
        .post("/v1/fine_tuning/jobs/{id}/pause", pause),
        .post("/v1/fine_tuning/jobs/{id}/resume", resume),
        .get("/v1/fine_tuning/jobs/{id}/events", events),
        .get("/v1/fine_tuning/jobs/{id}/checkpoints", checkpoints),
    ]

    private static func create(_ exchange: Exchange) async throws -> Response {
        let request = try await exchange.body(FineTuningJobRequest.self)
        try check(request)
        let hyperparameters = request.method?.hyperparameters ?? request.hyperparameters
        var options = ServedOptions()
        options.epochs = hyperparameters?.nEpochs?.value
        options.batchSize = hyperparameters?.batchSize?.value
        options.learningRateMultiplier = hyperparameters?.learningRateMultiplier?.value
        options.suffix = request.suffix
        options.seed = request.seed.map(UInt64.init)
        options.metadata = request.metadata
        let submission = ServedJobs.Submission(
            .modern,
            model: request.model,
            trainingFile: request.trainingFile,
            validationFile: request.validationFile,
            options: options,
            idempotencyKey: exchange.idempotencyKey
        )
        return exchange.answer(object(try await exchange.submit(submission)))
    }

    private static func check(_ request: FineTuningJobRequest) throws(OpenAIErrorResponse) {
        if let method = request.method, method.type != "supervised" {
            throw OpenAIErrorResponse(
                .badRequest,
                "The method '\(method.type)' is not done here; 'supervised' is.",
                param: "method.type"
            )
        }
        guard request.integrations?.isEmpty != false else {
            throw OpenAIErrorResponse(
                .badRequest,
                "This server reports to no other service; leave 'integrations' out.",
                param: "integrations"
            )
        }
        let metadata = request.metadata ?? [:]
        let isLong = metadata.contains { $0.key.count > 64 || $0.value.count > 512 }
        guard metadata.count <= 16, !isLong else {
            throw OpenAIErrorResponse(
                .badRequest,
                "'metadata' must be at most 16 names of at most 64 characters, with values of at most 512.",
                param: "metadata"
            )
        }
    }

    private static func list(_ exchange: Exchange) async throws -> Response {
        let query = exchange.query
        let limit = try query.integer("limit", in: 1...1000, default: 20)
        var jobs = Array(try exchange.services.served.jobs(.modern).reversed())
        if query["metadata"] == "null" {
            jobs.removeAll { $0.options.metadata?.isEmpty == false }
        }
        for (name, value) in query.members(of: "metadata") {
            jobs.removeAll { $0.options.metadata?[name] != value }
        }
        let page = try Page(jobs, after: query["after"], limit: limit) { $0.id }
        return exchange.answer(
            WireList(page: page.items.map(object), hasMore: page.hasMore) { $0.id }
        )
    }

    private static func retrieve(_ exchange: Exchange) async throws -> Response {
        exchange.answer(object(try job(exchange)))
    }

    private static func cancel(_ exchange: Exchange) async throws -> Response {
        exchange.answer(object(try await exchange.services.served.cancel(try job(exchange).id)))
    }

    private static func pause(_ exchange: Exchange) async throws -> Response {
        exchange.answer(object(try await exchange.services.served.pause(try job(exchange).id)))
    }

    private static func resume(_ exchange: Exchange) async throws -> Response {
        exchange.answer(object(try exchange.services.served.resume(try job(exchange).id)))
    }

    private static func events(_ exchange: Exchange) async throws -> Response {
        let limit = try exchange.query.integer("limit", in: 1...1000, default: 20)
        let events = Array(
            try exchange.services.served.events(of: try job(exchange).id).reversed()
        )
        let page = try Page(events, after: exchange.query["after"], limit: limit) { $0.id }
        return exchange.answer(
            WireList(page: page.items.map(object), hasMore: page.hasMore) { $0.id }
        )
    }

    private static func checkpoints(_ exchange: Exchange) async throws -> Response {
        let limit = try exchange.query.integer("limit", in: 1...1000, default: 10)
        let id = try job(exchange).id
        let all = try exchange.services.served.checkpoints(of: id)
        let page = try Page(all, after: exchange.query["after"], limit: limit) { $0.id }
        let items = page.items.map { checkpoint in
            FineTuningJobCheckpoint(
                id: checkpoint.id,
                createdAt: checkpoint.at.inSeconds,
                fineTunedModelCheckpoint: checkpoint.model,
                fineTuningJobID: id,
                stepNumber: checkpoint.metrics.step,
                metrics: FineTuningMetrics(
                    step: Double(checkpoint.metrics.step),
                    trainLoss: checkpoint.metrics.trainingLoss,
                    trainMeanTokenAccuracy: checkpoint.metrics.trainingAccuracy,
                    validLoss: checkpoint.metrics.validationLoss,
                    validMeanTokenAccuracy: checkpoint.metrics.validationAccuracy
                )
            )
        }
        return exchange.answer(WireList(page: items, hasMore: page.hasMore) { $0.id })
    }

    // MARK: - Forms

    private static func job(_ exchange: Exchange) throws -> ServedJob {
        let id = exchange["id"]
        let absent = Diagnostic("unknown-job", "Could not find fine tune: \(id)")
        do {
            let job = try exchange.services.served.job(id)
            guard job.served?.generation != ServedGeneration.legacy.rawValue else { throw absent }
            return job
        } catch let diagnostic as Diagnostic where diagnostic.code == "unknown-job" {
            throw absent
        }
    }

    private static func object(_ event: ServedEvent) -> FineTuningJobEvent {
        FineTuningJobEvent(
            id: event.id,
            createdAt: event.at.inSeconds,
            level: event.level,
            message: event.message,
            type: event.metrics == nil ? "message" : "metrics",
            data: event.metrics.map(data) ?? .object([])
        )
    }

    private static func data(_ metrics: TrainingMetrics) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("step", .integer(Int64(metrics.step))),
            .init("total_steps", .integer(Int64(metrics.totalSteps))),
            .init("train_loss", .number(metrics.trainingLoss)),
            .init("train_mean_token_accuracy", .number(metrics.trainingAccuracy)),
        ]
        if let loss = metrics.validationLoss { members.append(.init("valid_loss", .number(loss))) }
        if let accuracy = metrics.validationAccuracy {
            members.append(.init("valid_mean_token_accuracy", .number(accuracy)))
        }
        return .object(members)
    }

    private static func object(_ job: ServedJob) -> FineTuningJob {
        let options = job.options
        func value<Value>(_ asked: Value?, _ chosen: Value?) -> AutomaticOr<Value> {
            (asked ?? chosen).map { .value($0) } ?? .automatic
        }
        let hyperparameters = FineTuningHyperparameters(
            nEpochs: value(options.epochs, job.chosenInteger("n_epochs")),
            batchSize: value(options.batchSize, job.chosenInteger("batch_size")),
            learningRateMultiplier: value(
                options.learningRateMultiplier,
                job.chosenNumber("learning_rate_multiplier")
            )
        )
        return FineTuningJob(
            id: job.id,
            model: job.model,
            createdAt: job.stored.record.createdAt.inSeconds,
            finishedAt: job.stored.finishedAt?.inSeconds,
            fineTunedModel: job.stored.model,
            organizationID: Organisation.id,
            resultFiles: job.served?.resultFile.map { [$0] } ?? [],
            status: job.status == .interrupted ? "queued" : job.status.rawValue,
            validationFile: job.served?.validationFile ?? job.stored.record.validation,
            trainingFile: job.served?.trainingFile ?? job.stored.record.dataset,
            hyperparameters: hyperparameters,
            trainedTokens: job.trainedTokens,
            error: job.failure.map {
                FineTuningJobError(code: $0.code, message: $0.message, param: $0.field)
            },
            userProvidedSuffix: options.suffix,
            seed: options.seed.flatMap { Int(exactly: $0) } ?? 0,
            estimatedFinish: job.estimatedFinish?.inSeconds,
            metadata: options.metadata,
            method: FineTuningMethod(type: "supervised", hyperparameters: hyperparameters)
        )
    }
}
