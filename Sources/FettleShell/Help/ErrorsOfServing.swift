extension ErrorGuide {
    /// Errors of serving the models and of the files and names that programs use.
    static let serving: [ErrorEntry] = [
        .init(
            "server-runs",
            "this shell has a server already",
            .situation("'serve &' is given twice"),
            "end the first with 'serve stop'"
        ),
        .init(
            "server-address",
            "the server cannot listen at the host and port",
            .situation("another program has the port, or the host is no name of this machine"),
            "choose another port; port=0 takes any that is free"
        ),
        .init(
            "server-key",
            "a server that other machines can reach needs a key",
            .situation(
                "'serve' is given another host than this machine's own, and no file with keys"
            ),
            "name a file with a long random key: api_key_file=FILE, or serve on 127.0.0.1"
        ),
        .init(
            "bad-key-file",
            "the file with the keys cannot be used",
            .situation("it cannot be read, is empty, or has a line that is no key"),
            "put one key on each line, without blanks"
        ),
        .init(
            "no-server",
            "this session can start no server",
            .situation("'serve' stands in a script that 'run --check' compares"),
            "run the script itself, or start 'fettle serve'"
        ),
        .init(
            "unknown-file",
            "no uploaded file has this id",
            .situation("a program names a file that was deleted, or that is in another workspace"),
            "upload it, and use the id that the answer gives"
        ),
        .init(
            "bad-lines",
            "an uploaded file for fine-tuning has a line that is no JSON object",
            .situation("a CSV file, indented JSON or a damaged line is uploaded as training data"),
            "write one whole JSON object on each line; 'load' and 'export' convert other files"
        ),
        .init(
            "unknown-alias",
            "no alias has this name",
            .commands("alias prod --back"),
            "'alias' lists them; 'alias NAME MODEL' makes one"
        ),
        .init(
            "no-earlier-alias",
            "an alias has stood for nothing else before",
            .commands("alias ada --back"),
            "give it a model: 'alias NAME MODEL'"
        ),
        .init(
            "unknown-completion",
            "no kept prediction has this id",
            .situation("a program judges an answer that was given without 'serve --record'"),
            "judge answers of a server that keeps them, soon after they were given"
        ),
        .init(
            "no-predictions",
            "no served answers of the model are kept",
            .commands("feedback"),
            "serve it with 'serve --record'"
        ),
        .init(
            "no-feedback",
            "none of the kept answers was judged",
            .situation("'feedback as NAME' is given before a program has said what is right"),
            "judge answers with POST /v1/fettle/feedback"
        ),
    ]
}
