extension ErrorGuide {
    /// Errors of scripts, walkthroughs and notebooks.
    static let scripts: [ErrorEntry] = [
        .init(
            "no-commands",
            "a Markdown file has no block of commands",
            .situation("'run' is given a file without lines that begin with ```fettle"),
            "put the commands between lines with ```fettle and ```"
        ),
        .init(
            "not-run",
            "a dry run could not look at a command",
            .situation("something besides the command itself fails while it is looked at"),
            "run the script without --dry-run"
        ),
        .init(
            "no-terminal",
            "what was asked for needs a terminal, and there is none",
            .commands("run sessions/01-first-fine-tune.fettle --step"),
            "run it at a terminal, or do without: the error names what to use instead"
        ),
        .init(
            "too-long",
            "the text is longer than what a terminal takes for its clipboard",
            .situation("'copy' is given thousands of rows"),
            "copy fewer rows, such as 'rows 20 | copy', or write a file: last > FILE"
        ),
        .init(
            "unknown-mark",
            "no point of the session is marked with the name",
            .commands("session save walk.fettle from=nowhere"),
            "'mark NAME' names a point; 'history --grep=mark' lists the names"
        ),
        .init(
            "bad-settings",
            "the file of the settings that a workspace keeps cannot be used, or not all of it",
            .situation("'.fettle/settings.json' was edited and has a setting that there is not"),
            "mend the file or remove it; 'set NAME VALUE --save' writes it anew"
        ),
        .init(
            "not-here",
            "'run --step' stands within a script or a pipe, where nobody can be asked",
            .situation("a script has a line such as 'run other.fettle --step'"),
            "type 'run FILE --step' at the prompt, or 'fettle run --step FILE' in the system's shell"
        ),
        .init(
            "unknown-place",
            "'from=' or 'to=' names no line and no '##' heading of the script",
            .commands("run sessions/01-first-fine-tune.fettle from='No such heading'"),
            "'run FILE --help' lists the headings"
        ),
        .init(
            "script-changed",
            "what a script had run before it failed is no longer what stands in it",
            .situation("a command before the one that failed is edited, and --resume given"),
            "run the script without --resume, or with --from LINE"
        ),
        .init(
            "nothing-to-resume",
            "there is no run of the script to go on with",
            .situation("--resume is given for a script that was not run, or ran to its end"),
            "run it without --resume"
        ),
        .init(
            "nothing-to-export",
            "no command is left for a notebook",
            .commands("export notebook walk.html"),
            "commands that failed, were undone or only list things are left out; run others first"
        ),
        .init(
            "unknown-session",
            "no session of the workspace, or more than one, has an id that begins like this",
            .situation("'export notebook' names a session that is not recorded"),
            "the error lists the sessions; 'session=last' means the one before"
        ),
        .init(
            "nothing-to-repeat",
            "no command has shown anything yet",
            .commands("last"),
            "run a command first; 'last' then shows its output whole"
        ),
        .init(
            "not-a-table",
            "the output is a text and has no form of rows",
            .commands("help quit | as csv"),
            "texts take the forms table, wide, md and plain"
        ),
        .init(
            "not-a-picture",
            "a file .svg or .png is to take an output that has no picture",
            .commands("load samples/reviews-small.json\nrows | as table > rows.svg"),
            "'plot', 'curve' and 'stats' draw some"
        ),
        .init(
            "no-program",
            "a program that makes one form of file of another is not there",
            .situation("'curve > curve.png' is given where there is no rsvg-convert"),
            "install the package that the hint names, or write a form that needs none, such as .svg"
        ),
        .init(
            "program-failed",
            "a program that makes one form of file of another has failed or takes too long",
            .situation("rsvg-convert is killed, or is not that of librsvg"),
            "write .svg, which needs no program, and make the other form by hand to see what is wrong"
        ),
        .init(
            "nothing-to-draw",
            "what is to be drawn has no figures",
            .commands("load samples/reviews.jsonl\nplot lengths column=stars"),
            "name a column that has what the picture shows"
        ),
    ]
}
