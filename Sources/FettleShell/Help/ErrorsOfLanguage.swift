extension ErrorGuide {
    /// Errors of the language: how commands are written.
    static let language: [ErrorEntry] = [
        .init(
            "unknown-command",
            "the first word of a command is no verb of the shell",
            .commands("laod samples/tickets.tsv"),
            "'help' lists the verbs, 'apropos WORD' finds one by what it does, '!ls' runs the system's ls"
        ),
        .init(
            "bad-command",
            "a command begins with something in quotes or brackets, where its verb is expected",
            .commands("'load' samples/tickets.tsv"),
            "write the verb as a bare word"
        ),
        .init(
            "syntax",
            "a sign such as | or > stands where it means nothing",
            .commands("| rows 3"),
            "look at the marked place; put signs that are part of a text in quotes"
        ),
        .init(
            "unfinished",
            "the text ends inside a quote, a bracket, a heredoc or after a trailing | or \\",
            .situation("a script or -c ends there; the prompt asks for the rest instead"),
            "close what the marked place opens"
        ),
        .init(
            "bad-character",
            "a NUL character stands in a script, which is text",
            .situation("a binary file is run, or text in UTF-16"),
            "check that the file is a script, and convert it: iconv -f utf-16 -t utf-8"
        ),
        .init(
            "bad-encoding",
            "a script or standard input is not UTF-8 text",
            .situation("it was saved in another encoding"),
            "convert it: iconv -f latin1 -t utf-8"
        ),
        .init(
            "bad-heredoc",
            "<< is not followed by a tag, or a command goes on after the lines of a heredoc",
            .commands("format prompt=<< completion=x"),
            "write <<END at the end of the line, then the lines, and END on a line of its own"
        ),
        .init(
            "unknown-escape",
            "a backslash in \"…\" stands before a letter that is no escape",
            .commands(#"let pattern = "\q""#),
            "escapes are \\n \\t \\r \\\" \\\\ \\$ and \\u{1F600}; in '…' a backslash stands for itself"
        ),
        .init(
            "bad-variable",
            "a $ is followed by something that names no variable",
            .commands(#"let a = "${}""#),
            "write $name or ${name}; for a dollar sign write \\$ or use '…'"
        ),
        .init(
            "unknown-variable",
            "a variable is used before it is set",
            .commands("load samples/reviews-small.json\nshuffle seed=$sed"),
            "set it with 'let', or give a default: ${name:-7}; 'vars' lists what is set"
        ),
        .init(
            "unknown-field",
            "a result has no field of this name",
            .situation("${_.acuracy} is read after 'evaluate', whose field is 'accuracy'"),
            "the hint names the fields; '… > result.json' writes the whole result"
        ),
        .init(
            "missing-argument",
            "a command lacks a word that it cannot do without",
            .commands("load"),
            "'VERB ?' shows what it takes, with examples"
        ),
        .init(
            "unexpected-word",
            "a command has more words than it takes, or one in a place where none is expected",
            .commands("load samples/tickets.tsv\nuse tickets again"),
            "'VERB ?' shows its words; put a text with blanks in quotes"
        ),
        .init(
            "unknown-option",
            "a command has no setting or flag of this name",
            .commands("load samples/reviews-small.json\nshuffle sed=3"),
            "'VERB ?' lists its settings and flags; Tab completes them"
        ),
        .init(
            "repeated-option",
            "the same setting is given twice",
            .commands("load samples/reviews-small.json\nshuffle seed=1 seed=2"),
            "leave one of them out"
        ),
        .init(
            "bad-value",
            "a value is of the wrong kind or out of its range",
            .commands("load samples/reviews-small.json\nshuffle seed=soon"),
            "the message says what is expected"
        ),
        .init(
            "bad-name",
            "a dataset, variable, column or model cannot have this name",
            .commands("load samples/tickets.tsv as 3rd"),
            "begin with a letter and use letters, digits, '_' and '-'"
        ),
        .init(
            "not-rows",
            "a pipe goes from a command that gives no rows, or to one that takes none",
            .commands("load samples/reviews-small.json\ncolumns | rows"),
            "the hint lists the commands that rows come from or go to"
        ),
        .init(
            "no-background",
            "& stands after a command other than 'tune', 'resume' and 'serve'",
            .commands("load samples/tickets.tsv\nstats by=queue &"),
            "leave the & out"
        ),
        .init(
            "no-file",
            "a script cannot be read",
            .commands("run no-such-script.fettle"),
            "check the path; a script that another one runs is looked up beside it"
        ),
        .init(
            "script-cycle",
            "a script runs itself, or scripts run each other more than 16 deep",
            .situation("'run a.fettle' stands in a.fettle"),
            "run the scripts one after the other from a third"
        ),
        .init(
            "unknown-parameter",
            "--set names what no 'param' of the script declares",
            .situation(
                "'fettle run --set epoch=5 FILE' is given for a script with 'param epochs = 2'"
            ),
            "correct the name, or declare it in the script: param epoch = 1"
        ),
        .init(
            "unknown-error",
            "'help error' is asked for a code that no error has",
            .commands("help error unknown-colum"),
            "take the word in brackets from the error, such as unknown-column"
        ),
    ]

    /// Errors of the workspace and the session.
    static let session: [ErrorEntry] = [
        .init(
            "shell-failed",
            "a line of the system's shell ended with a status other than 0",
            .situation("'!exit 3' or 'rows | !grep nothing' is run"),
            "'!line || true' goes on all the same"
        ),
        .init(
            "nothing-to-undo",
            "no dataset, format, variable or setting has changed since the session began",
            .commands("undo"),
            "files, models and jobs are not undone: 'model delete' and 'jobs' are for those"
        ),
        .init(
            "nothing-to-redo",
            "nothing was undone, or something else has changed since",
            .commands("redo"),
            "'redo' follows 'undo' at once; 'history' has the commands to run again"
        ),
        .init(
            "not-repeatable",
            "a saved session does not run again from the start, so its output cannot be written",
            .situation("a file that it loaded has gone or changed by the time of --with-output"),
            "save it without --with-output, mend the script, and write the output with 'fettle run --update'"
        ),
        .init(
            "unknown-snippet",
            "no snippet has this name",
            .commands("snippet show nothing"),
            "'snippet list' has the names; 'snippet save NAME 12..15' keeps commands of the history"
        ),
        .init(
            "no-such-command",
            "the history has no command of this number",
            .commands("snippet save late 900000"),
            "'history' lists the commands with their numbers"
        ),
        .init(
            "no-prompt",
            "a command that puts a text at the prompt was given in a script, with -c or on standard input",
            .situation("'edit' stands in a script"),
            "type it at the prompt of 'fettle'"
        ),
        .init(
            "unknown-secret",
            "no secret has this name",
            .commands("let key = secret:nowhere"),
            "'secret set NAME' asks for it; FETTLE_SECRET_NAME in the environment goes before"
        ),
        .init(
            "misplaced-secret",
            "a secret stands in a command whose words are stored, such as a step of a dataset's recipe",
            .commands("load samples/reviews-small.json\nwhere review_body == \"${secret:name}\""),
            "use secrets where something is asked of a model; for programs set them in the environment"
        ),
        .init(
            "bad-secrets",
            "the file of the secrets cannot be read or is no such file",
            .situation("it was edited by hand, or its rights were changed"),
            "mend it or move it away, and set the secrets again"
        ),
        .init(
            "no-input",
            "standard input cannot be read, or is where the commands come from",
            .situation("'load -' stands in a script that itself comes on standard input"),
            "give the commands with -c or in a file, and the data on standard input"
        ),
        .init(
            "bad-workspace",
            "the workspace's database cannot be opened or is none",
            .situation(".fettle/fettle.sqlite is damaged, or its folder cannot be written"),
            "move the file away to start afresh, or name another place with --workspace"
        ),
        .init(
            "newer-workspace",
            "the workspace was made by a newer Fettle",
            .situation("an older program is started in the same folder"),
            "use the newer one, or name another workspace with --workspace"
        ),
        .init(
            "workspace-read",
            "the workspace could not be read",
            .situation("its database is locked, damaged, or was changed by hand"),
            "end other programs that use it; 'fuser .fettle/fettle.sqlite' tells which"
        ),
        .init(
            "workspace-write",
            "the workspace could not be written",
            .situation("the disk is full, or the folder .fettle is read-only"),
            "free some space, or keep nothing with --ephemeral"
        ),
    ]
}
