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
            "unknown-provider",
            "no provider has this name",
            .commands("provider check nothing"),
            "'provider list' lists them; 'provider add NAME url=…' adds one"
        ),
        .init(
            "bad-address",
            "the address of a provider or a cluster is none, or has a key in it",
            .commands("provider add here url=127.0.0.1:8080"),
            "give scheme, host and path, such as https://api.openai.com/v1, and the key as key=secret:NAME, the token as "
                + "token=secret:NAME"
        ),
        .init(
            "bad-key",
            "the key of a provider has characters that no key has",
            .situation("the secret was set with a blank or a line end in it"),
            "set the secret anew: secret set NAME"
        ),
        .init(
            "provider-unreachable",
            "a provider cannot be reached, breaks off, has an error of its own, or sends to another server",
            .situation("its server is down, or the network is"),
            "requests are repeated by themselves for a while; give the command again later"
        ),
        .init(
            "provider-refused",
            "a provider does not take the request",
            .situation(
                "the key is wrong, a model takes no such request, or the account has no money left"
            ),
            "the message has the provider's own words"
        ),
        .init(
            "provider-forbids",
            "a provider does not let this account do that",
            .situation("an account is closed for new fine-tuning jobs"),
            "tune a model of this machine instead: tune ngram on DATASET"
        ),
        .init(
            "provider-lacks",
            "a provider has no such model, or no such call",
            .situation("the name of a model is misspelt, or the address lacks its '/v1'"),
            "'provider check NAME' lists its models"
        ),
        .init(
            "provider-answer",
            "a provider answers what is no answer of OpenAI's API",
            .situation("the address is that of another kind of server"),
            "check the address: it usually ends with /v1"
        ),
        .init(
            "no-logprobs",
            "a provider's model tells no probabilities, which choosing among labels needs",
            .situation("'evaluate' is asked of a server that knows no 'logprobs'"),
            "have it write with 'ask', or evaluate a model that tells them"
        ),
        .init(
            "provider-only",
            "a provider's model cannot do that from here",
            .situation("the weights of a provider's model are to be written to a file"),
            "export a model of this machine"
        ),
        .init(
            "needs-confirmation",
            "tuning at a provider may cost money, and nobody allowed it",
            .commands(
                "provider add far url=https://example.com/v1; load samples/reviews.jsonl as reviews; "
                    + "format prompt={{review_body}} completion=' {{stars}}'; tune far/some-model --no-check"
            ),
            "add --yes where it may be spent; at a terminal 'tune' asks"
        ),
        .init(
            "provider-job-failed",
            "a job that was made at a provider failed there",
            .situation("the provider found something wrong with the examples"),
            "the message has the provider's own words; mend what it names and tune again"
        ),
        .init(
            "provider-job-ended",
            "a job at a provider was cancelled or paused there",
            .situation("somebody cancelled it with the provider's own tools"),
            "tune again; one that is paused can be followed again, once it goes on there, with 'resume'"
        ),
        .init(
            "no-tokenizer",
            "the tokens of a provider's model are known to the provider alone",
            .situation("'tokens' is asked of a provider's model"),
            "logprobs= shows those of an answer"
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
