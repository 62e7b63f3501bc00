import FettleCore

/// What clients send.
enum RequestSchemas {
    static let all: KeyValuePairs<String, Schema> = [
        "CompletionRequest": completion(["model": name]),
        "EngineCompletionRequest": completion([:]),
        "ChatCompletionRequest": .request(
            ["model": name, "messages": .list(of: .named("ChatMessage"), 1...1000)],
            optional: [
                "max_completion_tokens": count, "max_tokens": count, "logprobs": .boolean,
                "top_logprobs": .integer(0...20), "stop": stop, "logit_bias": bias,
                "temperature": .number(0...2), "top_p": .number(0...1), "n": .integer(1...128),
                "presence_penalty": .number(-2...2), "frequency_penalty": .number(-2...2),
                "seed": .integer(-0x8000_0000...0x7FFF_FFFF), "user": .string, "stream": .boolean,
                "stream_options": .named("StreamOptions"),
            ]
        ),
        "ChatMessage": .request(
            ["role": .one(of: "system", "developer", "user", "assistant", "tool")],
            optional: [
                "content": .any(of: .string, .list(of: .request(["text": .string]))),
                "name": .string, "refusal": .string,
            ]
        ),
        "StreamOptions": .request([:], optional: ["include_usage": .boolean]),
        "FineTuneRequest": .request(
            ["training_file": name],
            optional: [
                "validation_file": .string, "model": .string, "n_epochs": .integer(1...50),
                "batch_size": .integer(1...256), "learning_rate_multiplier": .positive,
                "prompt_loss_weight": .number(0...1), "compute_classification_metrics": .boolean,
                "classification_n_classes": .integer(2...1_000_000),
                "classification_positive_class": .string,
                "classification_betas": .list(of: .number),
                "suffix": .string,
            ]
        ),
        "FineTuningJobRequest": .request(
            ["model": name, "training_file": name],
            optional: [
                "validation_file": .string, "suffix": .string,
                "seed": .integer(0...0x7FFF_FFFF), "method": .named("FineTuningMethodRequest"),
                "hyperparameters": .named("HyperparametersRequest"),
                "integrations": .list(of: .anyObject), "metadata": metadata,
            ]
        ),
        "FineTuningMethodRequest": .request(
            ["type": .one(of: "supervised", "dpo", "reinforcement")],
            optional: [
                "supervised": .request(
                    [:],
                    optional: ["hyperparameters": .named("HyperparametersRequest")]
                )
            ]
        ),
        "HyperparametersRequest": .request(
            [:],
            optional: [
                "n_epochs": .any(of: .one(of: "auto"), .integer(1...50)),
                "batch_size": .any(of: .one(of: "auto"), .integer(1...256)),
                "learning_rate_multiplier": .any(of: .one(of: "auto"), .positive),
            ]
        ),
        "FeedbackRequest": .request(
            ["id": .string, "label": .text(atMost: 1000)],
            optional: ["index": .integer(0...4095)]
        ),
        "PlaygroundRequest": .request(["model": name, "prompt": .string]),
        "FileForm": .request([
            "purpose": .one(
                of: "fine-tune",
                "fine-tune-results",
                "assistants",
                "batch",
                "vision",
                "user_data",
                "evals"
            ),
            "file": Schema([
                .init("type", .string("string")), .init("format", .string("binary")),
            ]),
        ]),
    ]

    private static let name = Schema.string(1...200)
    private static let count = Schema.integer(0...0x7FFF_FFFF)
    private static let stop = Schema.any(of: .string, .list(of: .string, 0...4))
    private static let bias = Schema.map(.number(-100...100), names: "^[0-9]{1,6}$")
    private static let metadata = Schema.map(.string(0...512), names: "^.{0,64}$", atMost: 16)

    private static func completion(_ required: KeyValuePairs<String, Schema>) -> Schema {
        .request(
            required,
            optional: [
                "prompt": .any(
                    of: .string,
                    .list(of: .string, 1...2048),
                    .list(of: .integer(0...1_000_000), 1...2048),
                    .list(of: .list(of: .integer(0...1_000_000)), 1...2048)
                ),
                "suffix": .string, "echo": .boolean, "best_of": .integer(0...20),
                "logprobs": .integer(0...5), "stop": stop, "logit_bias": bias, "max_tokens": count,
                "temperature": .number(0...2), "top_p": .number(0...1), "n": .integer(1...128),
                "presence_penalty": .number(-2...2), "frequency_penalty": .number(-2...2),
                "seed": .integer(-0x8000_0000...0x7FFF_FFFF), "user": .string, "stream": .boolean,
                "stream_options": .named("StreamOptions"),
            ]
        )
    }
}
