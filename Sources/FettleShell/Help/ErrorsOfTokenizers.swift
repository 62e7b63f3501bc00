extension ErrorGuide {
    /// Errors of models' tokenizers and chat templates.
    static let tokenizers: [ErrorEntry] = [
        .init(
            "bad-tokenizer",
            "the tokenizer of a model is not what such a file or such metadata has to be",
            .commands(
                """
                load samples/reviews-small.json
                format prompt="{{review_body}}" completion=" {{stars}}"
                tokens tokenizer=samples/reviews-small.json
                """
            ),
            "the message names the field; fetch the model's file anew"
        ),
        .init(
            "unsupported-tokenizer",
            "the model's tokenizer works in a way that is not known",
            .situation(
                "a tokenizer.json has another model than BPE, or other rules of cutting words"
            ),
            "take a model of the families GPT-2, SmolLM, Llama, Qwen2 or Mistral"
        ),
        .init(
            "too-large",
            "a file is longer than what is read of its kind",
            .situation("a tokenizer.json or another JSON file of a model has more than 64 MiB"),
            "see whether it is the file that was meant"
        ),
        .init(
            "bad-chat-template",
            "a model's chat template is no Jinja",
            .situation("a tag is not closed, or an expression ends too early"),
            "mend the marked place, or fetch the model's file anew"
        ),
        .init(
            "unsupported-chat-template",
            "a model's chat template uses a part of Jinja that is not interpreted",
            .situation("it has a statement, filter, test or method that the message names"),
            "write the template without it, or take a model of a known family"
        ),
        .init(
            "chat-template-failed",
            "running a model's chat template fails, or takes too long",
            .situation("it asks for a part of a message that is not there, or runs without an end"),
            "look at the marked place, and whether each message has role and content"
        ),
        .init(
            "chat-template-refused",
            "a model's chat template does not take this conversation",
            .situation("it wants user and assistant to take turns, or knows no system message"),
            "the message says what it wants; change the order or the roles"
        ),
    ]
}
