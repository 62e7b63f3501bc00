extension ErrorGuide {
    /// Errors of language models: tuning them, and their answers.
    static let languageModels: [ErrorEntry] = [
        .init(
            "library-missing",
            "language models need oneDNN for their matrix products, and it is not installed",
            .situation("a language model is used on a machine without libdnnl"),
            "install it: 'apt-get install libdnnl-dev' on Debian and Ubuntu"
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
    ]
}
