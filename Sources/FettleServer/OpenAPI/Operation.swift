import FettleCore

/// What a route is for, for the document of the API.
struct Operation: Sendable {
    /// A value in the query.
    struct Parameter: Sendable {
        let name: String
        let schema: Schema
    }

    /// What a request brings.
    enum Body: Sendable {
        /// JSON of a named schema.
        case json(String)
        /// A form with a file.
        case form(String)
    }

    /// What is answered when all is well: media types, and the named schema of JSON.
    enum Answer: Sendable {
        case json(String)
        /// JSON, or a stream of events where the request asks for it.
        case jsonOrEvents(String)
        case bytes
        case plain
        case page
        case document
    }

    let summary: String
    var query: [Parameter] = []
    var body: Body?
    let answer: Answer

    init(
        _ summary: String,
        query: [Parameter] = [],
        body: Body? = nil,
        answer: Answer
    ) {
        self.summary = summary
        self.query = query
        self.body = body
        self.answer = answer
    }
}

/// What each route is for, by its method and pattern; a test asks for one of every route.
enum Operations {
    private static func page(atMost most: Int) -> [Operation.Parameter] {
        [
            .init(name: "limit", schema: .integer(1...most)),
            .init(name: "after", schema: .string),
        ]
    }

    static let all: [String: Operation] = [
        "GET /": .init(
            "The status page.",
            query: [.init(name: "model", schema: .string), .init(name: "prompt", schema: .string)],
            answer: .page
        ),
        "GET /openapi.json": .init("This document.", answer: .document),
        "GET /health": .init("Whether the server takes requests.", answer: .json("Health")),
        "GET /metrics": .init("Figures for Prometheus.", answer: .plain),
        "POST /v1/files": .init(
            "Uploads a file; one for fine-tune is checked by line.",
            body: .form("FileForm"),
            answer: .json("File")
        ),
        "GET /v1/files": .init(
            "Lists the files.",
            query: page(atMost: 10_000) + [
                .init(name: "order", schema: .one(of: "asc", "desc")),
                .init(name: "purpose", schema: .string),
            ],
            answer: .json("FileList")
        ),
        "GET /v1/files/{id}": .init("Returns a file's facts.", answer: .json("File")),
        "GET /v1/files/{id}/content": .init(
            "Returns a file's bytes; a signed link takes the place of a key.",
            query: [
                .init(name: "expires", schema: .integer), .init(name: "signature", schema: .string),
            ],
            answer: .bytes
        ),
        "DELETE /v1/files/{id}": .init("Deletes a file.", answer: .json("Deletion")),
        "GET /v1/models": .init(
            "Lists aliases, base models and tuned models.",
            answer: .json("ModelList")
        ),
        "GET /v1/models/{model}": .init("Returns a model's facts.", answer: .json("Model")),
        "DELETE /v1/models/{model}": .init("Deletes a tuned model.", answer: .json("Deletion")),
        "POST /v1/fine-tunes": .init(
            "Starts a job of the API of 2023.",
            body: .json("FineTuneRequest"),
            answer: .json("FineTune")
        ),
        "GET /v1/fine-tunes": .init("Lists those jobs.", answer: .json("FineTuneList")),
        "GET /v1/fine-tunes/{id}": .init("Returns such a job.", answer: .json("FineTune")),
        "POST /v1/fine-tunes/{id}/cancel": .init(
            "Cancels such a job.",
            answer: .json("FineTune")
        ),
        "GET /v1/fine-tunes/{id}/events": .init(
            "Lists such a job's events, or follows them with stream=true.",
            query: [.init(name: "stream", schema: .string)],
            answer: .jsonOrEvents("FineTuneEventList")
        ),
        "DELETE /v1/fine-tunes/{id}": .init("Hides such a job.", answer: .json("Deletion")),
        "POST /v1/fine_tuning/jobs": .init(
            "Starts a job.",
            body: .json("FineTuningJobRequest"),
            answer: .json("FineTuningJob")
        ),
        "GET /v1/fine_tuning/jobs": .init(
            "Lists the jobs, newest first.",
            query: page(atMost: 1000),
            answer: .json("FineTuningJobList")
        ),
        "GET /v1/fine_tuning/jobs/{id}": .init("Returns a job.", answer: .json("FineTuningJob")),
        "POST /v1/fine_tuning/jobs/{id}/cancel": .init(
            "Cancels a job.",
            answer: .json("FineTuningJob")
        ),
        "POST /v1/fine_tuning/jobs/{id}/pause": .init(
            "Stops a job at its checkpoint.",
            answer: .json("FineTuningJob")
        ),
        "POST /v1/fine_tuning/jobs/{id}/resume": .init(
            "Lets a stopped job go on.",
            answer: .json("FineTuningJob")
        ),
        "GET /v1/fine_tuning/jobs/{id}/events": .init(
            "Lists a job's events, newest first.",
            query: page(atMost: 1000),
            answer: .json("FineTuningJobEventList")
        ),
        "GET /v1/fine_tuning/jobs/{id}/checkpoints": .init(
            "Lists the models that a job kept.",
            query: page(atMost: 1000),
            answer: .json("FineTuningJobCheckpointList")
        ),
        "POST /v1/completions": .init(
            "Goes on from prompts.",
            body: .json("CompletionRequest"),
            answer: .jsonOrEvents("Completion")
        ),
        "POST /v1/engines/{id}/completions": .init(
            "Goes on from prompts, the model in the path.",
            body: .json("EngineCompletionRequest"),
            answer: .jsonOrEvents("Completion")
        ),
        "POST /v1/chat/completions": .init(
            "Answers a conversation.",
            body: .json("ChatCompletionRequest"),
            answer: .jsonOrEvents("ChatCompletion")
        ),
        "POST /v1/fettle/feedback": .init(
            "Says what would have been right for an answer that 'serve --record' kept.",
            body: .json("FeedbackRequest"),
            answer: .json("Feedback")
        ),
        "GET /v1/fettle/status": .init("The parts of the status page that change.", answer: .page),
        "POST /v1/fettle/playground": .init(
            "A model's choice after a prompt, as a part of the status page.",
            body: .json("PlaygroundRequest"),
            answer: .page
        ),
    ]
}
