/// What the server sends.
enum AnswerSchemas {
    static let all: KeyValuePairs<String, Schema> = [
        "Error": .answer([
            "error": .answer([
                "message": .string, "type": .string, "param": text, "code": text,
            ])
        ]),
        "File": .answer(
            [
                "object": .one(of: "file"), "id": .string, "purpose": .string, "filename": .string,
                "bytes": .integer, "created_at": .integer, "status": .string,
                "status_details": text,
            ],
            sometimes: ["expires_at": .integer]
        ),
        "FileList": page("File"),
        "Deletion": .answer(["id": .string, "object": .string, "deleted": .boolean]),
        "Model": .answer(
            ["object": .one(of: "model"), "id": .string, "created": .integer, "owned_by": .string],
            sometimes: ["root": .string, "parent": .string]
        ),
        "ModelList": list("Model"),
        "FineTune": .answer(
            [
                "object": .one(of: "fine-tune"), "id": .string, "hyperparams": .anyObject,
                "organization_id": .string, "model": .string,
                "training_files": .list(of: .named("File")),
                "validation_files": .list(of: .named("File")),
                "result_files": .list(of: .named("File")), "created_at": .integer,
                "updated_at": .integer,
                "status": .one(of: "pending", "running", "succeeded", "failed", "cancelled"),
                "fine_tuned_model": text,
            ],
            sometimes: ["events": .list(of: .named("FineTuneEvent"))]
        ),
        "FineTuneList": list("FineTune"),
        "FineTuneEvent": .answer([
            "object": .one(of: "fine-tune-event"), "level": .one(of: "info", "warn", "error"),
            "message": .string, "created_at": .integer,
        ]),
        "FineTuneEventList": list("FineTuneEvent"),
        "FineTuningJob": .answer([
            "object": .one(of: "fine_tuning.job"), "id": .string, "model": .string,
            "created_at": .integer, "finished_at": Schema.integer.orNull, "fine_tuned_model": text,
            "organization_id": .string, "result_files": .list(of: .string),
            "status": .one(
                of: "validating_files",
                "queued",
                "running",
                "succeeded",
                "failed",
                "cancelled",
                "paused"
            ),
            "validation_file": text, "training_file": .string, "hyperparameters": .anyObject,
            "trained_tokens": Schema.integer.orNull,
            "error": Schema.answer(["code": .string, "message": .string, "param": text]).orNull,
            "user_provided_suffix": text, "seed": .integer,
            "estimated_finish": Schema.integer.orNull, "integrations": .list(of: .anyObject),
            "metadata": Schema.map(.string).orNull, "method": Schema.anyObject.orNull,
        ]),
        "FineTuningJobList": page("FineTuningJob"),
        "FineTuningJobEvent": .answer([
            "object": .one(of: "fine_tuning.job.event"), "id": .string, "created_at": .integer,
            "level": .one(of: "info", "warn", "error"), "message": .string,
            "type": .one(of: "message", "metrics"), "data": Schema.anyObject.orNull,
        ]),
        "FineTuningJobEventList": page("FineTuningJobEvent"),
        "FineTuningJobCheckpoint": .answer([
            "object": .one(of: "fine_tuning.job.checkpoint"), "id": .string, "created_at": .integer,
            "fine_tuned_model_checkpoint": .string, "fine_tuning_job_id": .string,
            "step_number": .integer, "metrics": .anyObject,
        ]),
        "FineTuningJobCheckpointList": page("FineTuningJobCheckpoint"),
        "Usage": .answer([
            "prompt_tokens": .integer, "completion_tokens": .integer, "total_tokens": .integer,
        ]),
        "Completion": .answer([
            "object": .one(of: "text_completion"), "id": .string, "created": .integer,
            "model": .string,
            "choices": .list(
                of: .answer([
                    "text": .string, "index": .integer,
                    "logprobs": Schema.named("CompletionLogprobs").orNull, "finish_reason": text,
                ])
            ),
            "usage": .named("Usage"),
        ]),
        "CompletionLogprobs": .answer([
            "tokens": .list(of: .string), "token_logprobs": .list(of: Schema.number.orNull),
            "top_logprobs": Schema.list(of: Schema.map(.number).orNull).orNull,
            "text_offset": .list(of: .integer),
        ]),
        "ChatCompletion": .answer([
            "object": .one(of: "chat.completion"), "id": .string, "created": .integer,
            "model": .string,
            "choices": .list(
                of: .answer([
                    "index": .integer,
                    "message": .answer(["role": .string, "content": text, "refusal": text]),
                    "logprobs": Schema.anyObject.orNull, "finish_reason": text,
                ])
            ),
            "usage": .named("Usage"),
        ]),
        "Feedback": .answer([
            "object": .one(of: "fettle.feedback"), "id": .string, "index": .integer,
            "model": .string, "prediction": .string, "label": .string, "correct": .boolean,
            "created_at": .integer,
        ]),
        "Health": .answer(["status": .one(of: "ok", "stopping")]),
    ]

    private static let text = Schema.string.orNull

    private static func list(_ item: String) -> Schema {
        .answer(["object": .one(of: "list"), "data": .list(of: .named(item))])
    }

    private static func page(_ item: String) -> Schema {
        .answer([
            "object": .one(of: "list"), "data": .list(of: .named(item)), "first_id": text,
            "last_id": text, "has_more": .boolean,
        ])
    }
}
