extension ErrorGuide {
    /// Errors of language models at work.
    static let transformers: [ErrorEntry] = [
        .init(
            "model-changed",
            "the files of a base model are not those that were added",
            .situation("a file was put in the place of one that 'model add' was given"),
            "put the old file back, or add the new one under another name"
        ),
        .init(
            "no-labels",
            "a model has no closed set of completions to choose among",
            .commands(
                """
                load samples/tickets.tsv
                format prompt="{{subject}}" completion=" {{body}}"
                model add samples/tiny-llama as tiny
                evaluate tiny on tickets
                """
            ),
            "use a column with few values as the completion, or ask the model itself"
        ),
        .init(
            "only-labels",
            "a model that chooses among labels is to write a text",
            .commands(
                """
                load samples/tickets.tsv
                format prompt="{{subject}}" completion=" {{queue}}"
                tune ngram on tickets n_epochs=1 as queues
                ask queues "Where is my order?" temperature=1
                """
            ),
            "leave the option out, or have a language model write with --write"
        ),
        .init(
            "no-chat-template",
            "a model does not say how it reads a conversation",
            .situation(
                "'chat' or a chat format meets one that was made to go on from texts, and not to talk"
            ),
            "ask it to go on from a text instead, give the rows a prompt and a completion, or take a model "
                + "that has a chat template"
        ),
        .init(
            "library-missing",
            "the library that multiplies matrices is not installed",
            .situation("a language model is used on a machine without oneDNN"),
            "install it: 'apt-get install libdnnl-dev' on Debian and Ubuntu"
        ),
        .init(
            "bad-example",
            "a language model cannot learn from an example",
            .situation("it has no completion, or more tokens than the model takes"),
            "leave the row out, or shorten its text"
        ),
        .init(
            "bad-token",
            "a model is given a token that it does not have",
            .situation("the tokens were made by the tokenizer of another model"),
            "use the tokenizer that came with the model"
        ),
        .init(
            "prompt-too-long",
            "a text has more tokens than the model takes",
            .situation("the text of a row or a question is longer than the model's context"),
            "shorten the text"
        ),
        .init(
            "bad-sampling",
            "an option for choosing tokens is out of its range",
            .situation("temperature, top_p or another option has a value that means nothing"),
            "take a value in the range that the message names"
        ),
        .init(
            "training-diverged",
            "the loss of a tuning is no number any more",
            .situation("the learning rate is too large for the model"),
            "tune again with a smaller learning rate"
        ),
        .init(
            "checkpoint-unreadable",
            "a checkpoint cannot be read",
            .situation("its file is gone, or the permissions do not allow it"),
            "put the file back or mend its permissions, or start a new run"
        ),
    ]
}
