extension ErrorGuide {
    /// What `check` finds; errors among them stop `tune` and `export`, unless `--no-check` is given.
    static let findings: [ErrorEntry] = [
        .init(
            "missing-column",
            "the format names a column that the dataset no longer has",
            .commands(
                "load samples/tickets.tsv\nformat prompt=\"{{body}}\" completion=\" {{queue}}\"\n"
                    + "drop body\ncheck"
            ),
            "'undo' brings the column back, or give another format"
        ),
        .init(
            "identical-texts",
            "all prompts or all completions are the same, so there is nothing to tell apart",
            .commands(
                "load samples/tickets.tsv\nformat prompt=\"Answer: \" completion=\" {{queue}}\"\n"
                    + "check"
            ),
            "name a column in the format that differs from row to row"
        ),
        .init(
            "empty-completion",
            "rows have a completion with nothing in it",
            .commands(
                "load samples/tickets.tsv\nderive queue = replace(queue, '^sales$', '')\n"
                    + "format prompt=\"{{body}}\" completion=\"{{queue}}\"\ncheck"
            ),
            "'check --fix' leaves these rows out"
        ),
        .init(
            "empty-prompt",
            "rows have a prompt with nothing in it",
            .situation("the columns of the prompt are blank in some rows"),
            "'check --fix' leaves these rows out"
        ),
        .init(
            "absent-cells",
            "the format meets null or missing cells, which show as nothing",
            .situation("a column of the format is not filled in some rows"),
            "leave them out: where COLUMN is not null"
        ),
        .init(
            "duplicate-rows",
            "rows have the prompt and completion of an earlier row",
            .situation("the data was collected twice, or dropping columns made rows equal"),
            "'check --fix', or dedupe"
        ),
        .init(
            "contradictory-labels",
            "the same prompt stands with different completions",
            .situation("people labelled the same text differently"),
            "look at the rows that are named, then correct or leave them out; dedupe on=prompt keeps the first"
        ),
        .init(
            "leak",
            "prompts of one part stand in another part too, so that a test measures memory",
            .situation("parts were made by hand, or from data with duplicates"),
            "dedupe before 'split', which keeps equal prompts together"
        ),
        .init(
            "near-duplicates",
            "prompts are nearly those of earlier rows, so that they count more than once and leak when split",
            .commands(
                "load samples/reviews.jsonl\nwhere language == \"en\"\n"
                    + "format prompt=\"{{review_body}}\" completion=\" {{stars}}\"\ncheck near=0.7"
            ),
            "look at the rows that are named; 'dedupe near=0.8' keeps the first of each cluster"
        ),
        .init(
            "near-leak",
            "prompts of one part stand nearly the same in another part, so that a test measures memory",
            .situation("data with near-duplicates was split"),
            "drop the rows that are named, or 'dedupe near=0.8' the whole before 'split'"
        ),
        .init(
            "personal-data",
            "texts have mail addresses, phone numbers, payment cards, IBANs, IP addresses or keys in them",
            .situation("people wrote them, or the data were taken from letters and logs"),
            "'mask' puts marks such as [mail] in their place; 'undo' takes it back"
        ),
        .init(
            "length-outliers",
            "prompts are far longer or shorter than most others",
            .situation("a text was cut off, or several were pasted together"),
            "look at the rows that are named; the 'where' that is printed leaves them out"
        ),
        .init(
            "mixed-languages",
            "prompts are in other languages than most are",
            .commands(
                "load samples/reviews.jsonl\nformat prompt=\"{{review_body}}\" completion=\" {{stars}}\"\n"
                    + "check"
            ),
            "keep one language with 'where language(COLUMN) == \"en\"', or tune a model for each"
        ),
        .init(
            "few-examples",
            "there are few examples to learn from",
            .situation("the dataset, or one class, has less than a model needs to do well"),
            "collect more, or merge classes with 'relabel'"
        ),
        .init(
            "rare-classes",
            "classes have so few examples that nothing can be learnt of them",
            .situation("a label occurs in a handful of rows"),
            "merge them with 'relabel', or leave them out with 'where'"
        ),
        .init(
            "class-imbalance",
            "one class is far more frequent than another",
            .situation("'stats by=LABEL' shows bars of very different length"),
            "'balance by=LABEL' evens them out; compare macro-F1, which counts classes alike"
        ),
        .init(
            "long-examples",
            "examples are longer than a model takes",
            .situation("the check is given a limit, and texts exceed it"),
            "shorten them with 'derive', or leave them out: where len(COLUMN) < 2000"
        ),
        .init(
            "extra-columns",
            "columns are shown in no example",
            .situation("the format names only some of the columns"),
            "nothing need be done; 'select' keeps those that matter"
        ),
        .init(
            "prompt-separator",
            "prompts do not end with a separator that says where the completion begins",
            .situation("the prompt's template ends with a column"),
            "'check --fix --all' adds one, such as \\n\\n###\\n\\n"
        ),
        .init(
            "prompt-prefix",
            "all prompts begin with the same long text, which a tuned model does not need",
            .situation("an instruction stands before every example"),
            "leave it out of the format"
        ),
        .init(
            "completion-space",
            "completions do not begin with a blank, which tokenizers take into the first word",
            .situation("the completion's template begins with a column"),
            "'check --fix' adds it: completion=\" {{label}}\""
        ),
        .init(
            "completion-prefix",
            "all completions begin with the same text",
            .situation("every answer begins with words such as 'The label is'"),
            "leave it out of the completion's template"
        ),
        .init(
            "completion-ending",
            "completions have no ending that says where to stop",
            .situation("completions are texts of several words"),
            "'check --fix --all' adds one; ask with the same text as stop="
        ),
        .init(
            "label-tokens",
            "a label is several tokens of the model, so that the first token alone does not give it",
            .situation(
                "the tokenizer cuts digits or long words apart, as SmolLM2 cuts \" 4\" into \" \" and \"4\""
            ),
            "ask with max_tokens of the longest label; or leave the blank before the completion out, where each "
                + "label is one token then"
        ),
        .init(
            "upper-case-prompt",
            "more than a third of the prompts' letters are upper case",
            .situation("the source shouts"),
            "derive COLUMN = lower(COLUMN)"
        ),
        .init(
            "upper-case-completion",
            "more than a third of the completions' letters are upper case",
            .situation("labels are written in capitals"),
            "derive COLUMN = lower(COLUMN)"
        ),
        .init(
            "classification",
            "the completions are few different ones: a classification, of which a part should be kept to measure",
            .situation("the dataset has not been split"),
            "split 80/10/10 by=LABEL, and evaluate on the test part"
        ),
    ]
}
