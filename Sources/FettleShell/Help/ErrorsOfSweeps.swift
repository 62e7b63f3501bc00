extension ErrorGuide {
    private static let data =
        "load samples/tickets.tsv\nformat prompt=\"{{body}}\" completion=\" {{queue}}\"\nsplit 80/20\n"

    /// Searches over settings.
    static let sweeps: [ErrorEntry] = [
        .init(
            "nothing-to-sweep",
            "a search needs a setting with more than one value",
            .commands(data + "sweep ngram on tickets.train folds=3 n_epochs=2"),
            "give several values, n_epochs=1,2,4, or train once with 'tune'"
        ),
        .init(
            "too-many-trials",
            "every combination of the values is more than a search tries",
            .commands(
                data
                    + "sweep ngram on tickets.train folds=3 n_epochs=1..100 batch_size=1..100 points=100"
            ),
            "give fewer values, or draw some of them with search=random trials=40"
        ),
        .init(
            "metric-not-applicable",
            "the metric that ranks the trials has no figure for such labels",
            .commands(
                data
                    + "sweep ngram on tickets.train validate=tickets.test n_epochs=1,2 metric=spearman"
            ),
            "choose another one with metric=, such as macro_f1"
        ),
        .init(
            "sweep-failed",
            "no trial of a search came to a figure",
            .commands(
                data
                    + "use tickets.train\nwhere queue == \"sales\" as one\n"
                    + "sweep ngram on one validate=tickets.test n_epochs=1,2 --no-check"
            ),
            "the message has the reason of the first; 'tune' with the same settings shows more of it"
        ),
        .init(
            "sweep-running",
            "the same search is going on in another process",
            .situation("one 'sweep' command was given in two terminals"),
            "wait for the other one; 'sweeps' shows how far it is"
        ),
        .init(
            "unknown-sweep",
            "no search has this number",
            .commands("sweeps 99"),
            "'sweeps' lists them"
        ),
        .init(
            "sweep-unfinished",
            "a search that was stopped has not chosen its best model yet",
            .situation("'sweeps 1 test=DATASET' names a search that Ctrl-C has stopped"),
            "give the command that began it again: it goes on where it stopped"
        ),
        .init(
            "test-used",
            "the best model of a search is measured on test rows once",
            .commands(
                data
                    + "sweep ngram on tickets.train folds=2 n_epochs=1,2\n"
                    + "sweeps 1 test=tickets.test\nsweeps 1 test=tickets.test"
            ),
            "'sweeps NUMBER' shows the figure that there is; who looks again and again chooses by the test rows"
        ),
        .init(
            "test-not-apart",
            "the rows that are to say what the winner is worth took part in choosing it",
            .commands(
                data
                    + "sweep ngram on tickets.train validate=tickets.test n_epochs=1,2 test=tickets.test"
            ),
            "split into three parts, and choose on one and test on another"
        ),
        .init(
            "too-many-folds",
            "a dataset has fewer different prompts than folds are asked for",
            .situation("'sweep … folds=50' on twelve rows"),
            "take fewer folds; the message says how many there can be"
        ),
        .init(
            "tuned-elsewhere",
            "a search trains what this machine or a cluster can, and a provider tunes the model",
            .situation("'sweep' names the model of a provider"),
            "tune it there once for each setting, and use 'compare'"
        ),
    ]
}
