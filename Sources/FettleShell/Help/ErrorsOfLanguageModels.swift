extension ErrorGuide {
    /// Errors of language models: their tokenizers, chat templates, tuning and answers.
    static let languageModels: [ErrorEntry] = [
        .init(
            "library-missing",
            "language models need oneDNN for their matrix products, and it is not installed",
            .situation("a language model is used on a machine without libdnnl"),
            "install it: 'apt-get install libdnnl-dev' on Debian and Ubuntu"
        ),
        .init(
            "bad-tokenizer",
            "a model's tokenizer contradicts itself or breaks off",
            .situation("its file was changed or cut short"),
            "fetch the model again; the message names the part that is wrong"
        ),
        .init(
            "unsupported-tokenizer",
            "a model cuts texts into tokens in a way that is not built in",
            .situation("its family is none of GPT-2, SmolLM, Llama, Qwen2 and Mistral"),
            "take another model, or the same in a form whose tokenizer is read"
        ),
        .init(
            "unsupported-template",
            "a model's chat template uses a construct that is not interpreted",
            .situation("its template defines filters, or reads files"),
            "use a format with prompt= and completion=, which needs no template"
        ),
        .init(
            "template-failed",
            "a chat template cannot be written out for a conversation",
            .situation("it asks for a part of a message that the conversation does not have"),
            "look at the place that the message names; a prompt= format needs no template"
        ),
        .init(
            "template-refused",
            "a chat template says itself that it does not take the conversation",
            .situation("two messages of the user follow each other, and the model wants turns"),
            "give the messages as the text of the message asks"
        ),
        .init(
            "bad-example",
            "an example cannot be learnt from",
            .situation("it has no token that is trained, or more tokens than the model takes"),
            "take the row out with 'where', or shorten its text"
        ),
        .init(
            "bad-token",
            "a token is not one of the model's",
            .situation("token ids of another model's tokenizer are given"),
            "encode the text with the tokenizer of this model"
        ),
        .init(
            "bad-sampling",
            "a setting of how tokens are drawn is out of its range",
            .situation("temperature is negative, or top_p above 1"),
            "give a value of the range that the message names"
        ),
        .init(
            "prompt-too-long",
            "a text has more tokens than the model takes",
            .situation("a prompt of thousands of words is asked of a small model"),
            "shorten the text; 'model show' says how many tokens the model takes"
        ),
        .init(
            "training-diverged",
            "the loss of a training is no number any more",
            .situation("the learning rate is far too large"),
            "tune again with a smaller learning_rate_multiplier"
        ),
        .init(
            "checkpoint-unreadable",
            "a checkpoint cannot be read",
            .situation("its file is gone, or may not be read"),
            "tune again from the start; the message has the system's reason"
        ),
        .init(
            "too-large",
            "a JSON text is larger than what is read into memory at once",
            .situation("a configuration of hundreds of megabytes is given"),
            "check that the file is what its name says"
        ),
    ]
}
