extension ErrorGuide {
    /// Errors of files and their rows.
    static let files: [ErrorEntry] = [
        .init(
            "no-such-file",
            "there is no file of this name",
            .commands("load samples/review.jsonl"),
            "check the path: it starts at the folder in which fettle was started; Tab completes it"
        ),
        .init(
            "is-a-folder",
            "a folder stands where a file is expected",
            .commands("load samples"),
            "name a file in it: Tab lists them"
        ),
        .init(
            "cannot-read",
            "the file cannot be read",
            .commands("load /dev/zero"),
            "check its rights; pipe devices and sockets in and load from '-'"
        ),
        .init(
            "cannot-write",
            "the file cannot be written",
            .commands("load samples/reviews-small.json\nrows > no/such/folder/rows.csv"),
            "make the folder, check its rights and the free space; nothing half-written is left"
        ),
        .init(
            "cannot-append",
            "'>>' is given for a form of file that has an end, such as a JSON array",
            .situation("'rows >> FILE.json' is run twice"),
            "append to .jsonl or .csv, or write the whole with '>'"
        ),
        .init(
            "closed-pipe",
            "the program that reads the rows has ended before the last of them",
            .situation("'rows | !head' ends after ten lines of many"),
            "nothing is lost: the rows are still in the dataset"
        ),
        .init(
            "empty-source",
            "the file has no rows",
            .situation("an empty file is loaded"),
            "check how the file was made"
        ),
        .init(
            "file-too-big",
            "the file is larger than 512 GiB",
            .situation("such a file is loaded"),
            "split it and load the parts; 'concat' joins what is left of them"
        ),
        .init(
            "out-of-memory",
            "there is no memory for the rows",
            .situation("standard input is larger than the memory that is free"),
            "write it to a file and load that, which is read in place"
        ),
        .init(
            "too-many-rows",
            "a dataset would have more than 4,294,967,295 rows",
            .situation("very large files are loaded or joined"),
            "work on a sample, or on parts"
        ),
        .init(
            "source-changed",
            "another program has changed a file after it was loaded",
            .situation("the file is edited while its rows, which are read from it, are in use"),
            "load it again"
        ),
        .init(
            "unknown-format",
            "no form of file has this name",
            .commands("load samples/reviews.csv format=xls"),
            "csv, tsv, json and jsonl are read; write other forms out as one of these"
        ),
        .init(
            "unknown-form",
            "the ending of a file after '>' names no form to write",
            .commands("load samples/tickets.tsv\nrows > tickets.xlsx"),
            "the hint lists the endings, such as .csv, .jsonl and .md"
        ),
        .init(
            "unknown-encoding",
            "only UTF-8 is read",
            .commands("load samples/reviews.csv encoding=latin1"),
            "convert the file: iconv -f latin1 -t utf-8"
        ),
        .init(
            "not-utf8",
            "the file is compressed, binary, or text in another encoding than UTF-8",
            .situation("a .gz or .xlsx file is loaded, or text in Latin-1"),
            "the hint says how to unpack or convert it"
        ),
        .init(
            "invalid-utf8",
            "a row has bytes that are no UTF-8 text",
            .situation("a file of UTF-8 has lines in another encoding in it"),
            "mend the marked line, or set such rows aside with --quarantine"
        ),
        .init(
            "bad-delimiter",
            "the cells of the file cannot be told apart by this delimiter",
            .situation("delimiter= is a quote, a line end, or more than one character"),
            "give one character, or tab: delimiter=;"
        ),
        .init(
            "bad-csv",
            "a row of a CSV file is broken",
            .situation("a quoted cell is not closed, or a row has more cells than the header"),
            "mend the marked line, or set such rows aside with --quarantine"
        ),
        .init(
            "bad-json",
            "a row is no JSON object",
            .commands("load samples/bad-rows.jsonl"),
            "mend the marked line, or set such rows aside with --quarantine"
        ),
        .init(
            "wrong-kind",
            "a cell is not of the kind that its column was said to have",
            .commands("load samples/reviews.csv types=language:integer"),
            "correct types=, or set such rows aside with --quarantine"
        ),
        .init(
            "cell-too-long",
            "a cell is longer than the limit that the message gives",
            .situation(
                "a text of gigabytes stands in one cell, mostly for want of a closing quote"
            ),
            "look at the marked line for an open quote"
        ),
        .init(
            "duplicate-key",
            "a JSON object has the same key twice",
            .situation("a line is {\"a\": 1, \"a\": 2}"),
            "mend the line, or set it aside with --quarantine"
        ),
        .init(
            "duplicate-column",
            "the header names a column twice",
            .situation("a CSV file begins with 'text,text'"),
            "rename one in the file; header=false takes the line as a row"
        ),
        .init(
            "too-many-columns",
            "the file has more columns than a dataset may have",
            .situation("the delimiter is wrong, or keys of JSON are data, such as ids"),
            "check delimiter=, or turn the keys into values of one column"
        ),
    ]

    /// Errors of expressions, formats and what makes new versions.
    static let steps: [ErrorEntry] = [
        .init(
            "no-dataset",
            "a command needs rows, and no dataset is loaded",
            .commands("rows"),
            "load one: load samples/reviews.jsonl"
        ),
        .init(
            "unknown-dataset",
            "no dataset has this name",
            .commands("load samples/reviews-small.json\nuse reviews"),
            "'datasets' lists them; 'load' names a dataset after its file, or 'as NAME'"
        ),
        .init(
            "unknown-column",
            "a name stands where a column's is expected, and the dataset has no such column",
            .commands("load samples/reviews-small.json\nwhere star <= 3"),
            "'columns' lists them; a text in an expression stands in quotes, and a column whose name has "
                + "blanks in `backquotes`"
        ),
        .init(
            "unknown-value",
            "a value that is to be replaced is not in the column",
            .commands("load samples/reviews-small.json\nrelabel stars 1=bad 6=best"),
            "'stats by=COLUMN' lists the values"
        ),
        .init(
            "bad-expression",
            "an expression is not complete or not in order",
            .commands("load samples/reviews-small.json\nwhere language = \"en\""),
            "'==' compares, 'and' joins; 'help where' lists operators and functions"
        ),
        .init(
            "unclosed-quote",
            "a quote in an expression is not closed",
            .situation("an expression from a variable or program ends inside a text"),
            "close it; a quote inside is written \\\""
        ),
        .init(
            "bad-escape",
            "a backslash in an expression's text stands before a letter that is no escape",
            .commands("load samples/reviews-small.json\nwhere review_body ~ \"\\d\""),
            "write patterns in '…', where a backslash stands for itself"
        ),
        .init(
            "type-mismatch",
            "an operator or function meets a value of another kind than it takes",
            .commands("load samples/reviews-small.json\nwhere stars == \"3\""),
            "'columns' shows the kinds; numbers stand without quotes"
        ),
        .init(
            "unknown-function",
            "no function has this name",
            .commands("load samples/reviews-small.json\nwhere lenght(review_body) > 40"),
            "'help where' lists the functions"
        ),
        .init(
            "wrong-arguments",
            "a function is given too many or too few values",
            .commands("load samples/reviews-small.json\nwhere len() > 40"),
            "'help where' shows what each takes"
        ),
        .init(
            "bad-pattern",
            "a regular expression is none",
            .commands("load samples/reviews-small.json\nwhere review_body ~ '(good'"),
            "a sign that stands for itself wants a backslash: '\\('"
        ),
        .init(
            "pattern-limit",
            "a regular expression takes too long on one text",
            .commands(
                "load samples/reviews-small.json\nwhere review_body ~ '^(\\w+\\s?)*$'"
            ),
            "a repetition inside a repetition tries every way: write a+ for (a+)+"
        ),
        .init(
            "pattern-failed",
            "a regular expression could not be run",
            .situation("it needs more memory than it is given"),
            "make it simpler, or use contains() and starts_with()"
        ),
        .init(
            "bad-replacement",
            "the replacement of a pattern names no group of it",
            .commands(
                "load samples/reviews-small.json\n"
                    + "derive a = replace(review_body, 'e', '${')"
            ),
            "$1 is the first group in brackets; a dollar sign is written $$"
        ),
        .init(
            "bad-template",
            "a hole {{…}} is not closed or names no column",
            .commands(
                "load samples/reviews-small.json\n"
                    + "format prompt=\"{{review_title}\" completion=\" {{stars}}\""
            ),
            "write {{column}}; sections and partials of Mustache are not supported"
        ),
        .init(
            "no-format",
            "the dataset has no format, which says how a row becomes a prompt and a completion",
            .commands("load samples/reviews-small.json\npreview"),
            "give it one: format prompt=\"{{review_body}}\" completion=\" {{stars}}\""
        ),
        .init(
            "no-row",
            "there is no row of this number",
            .commands("load samples/reviews-small.json\nrow 51"),
            "rows count from 1; 'rows' shows the first ones"
        ),
        .init(
            "bad-count",
            "more rows are asked for than there are, or none",
            .commands("load samples/reviews-small.json\nsample 51"),
            "ask for fewer, or give a share: sample 10%"
        ),
        .init(
            "bad-split",
            "the shares do not add up, or leave a part without rows",
            .commands("load samples/reviews-small.json\nsplit 80/30"),
            "give shares that sum to 100 or 1: split 80/10/10"
        ),
        .init(
            "no-label",
            "rows have no value in the column that balances",
            .commands(
                "load samples/reviews-small.json\n"
                    + "derive mark = if(stars > 3, \"good\", null)\nbalance by=mark"
            ),
            "leave them out first: where mark is not null"
        ),
        .init(
            "no-column-left",
            "all columns would be dropped",
            .commands("load samples/reviews-small.json\nselect stars\ndrop stars"),
            "keep one, or drop the dataset: drop --dataset NAME"
        ),
        .init(
            "repeated-column",
            "a column is named twice",
            .commands("load samples/reviews-small.json\nselect stars,stars"),
            "leave one out; 'derive copy = stars' makes a second"
        ),
        .init(
            "repeated-value",
            "a value is given two new names",
            .commands("load samples/reviews-small.json\nrelabel stars 1=bad 1=worse"),
            "leave one out"
        ),
    ]
}
