extension ErrorGuide {
    /// Errors of models, jobs and judging.
    static let work: [ErrorEntry] = [
        .init(
            "unknown-model",
            "no model has this name or id",
            .commands("ask nobody 'Where is my order?'"),
            "'models' lists them; 'tune … as NAME' makes one"
        ),
        .init(
            "unknown-base",
            "no base model has this name",
            .situation("a job is resumed whose base model this Fettle does not have"),
            "'models' lists the base models"
        ),
        .init(
            "base-model",
            "a base model is asked, which has learned nothing yet",
            .commands(
                "load samples/tickets.tsv\nformat prompt=\"{{body}}\" completion=\" {{queue}}\"\n"
                    + "evaluate ngram on tickets"
            ),
            "tune it first: tune ngram on DATASET as NAME, and ask NAME"
        ),
        .init(
            "name-taken",
            "another model has this name",
            .situation("'model rename' is given a name that is in use"),
            "choose another, or rename or delete that model first"
        ),
        .init(
            "model-in-use",
            "a model cannot be deleted while a job goes on from it",
            .situation("'model delete' names what a running or interrupted job started with"),
            "wait for the job, or end it: 'cancel NUMBER'"
        ),
        .init(
            "model-corrupt",
            "a model's file is damaged",
            .situation("it was cut short or changed after it was written"),
            "get or restore the file again, or tune the model again"
        ),
        .init(
            "model-foreign",
            "a file is no model of this kind",
            .situation("a path names another file, or another file was put in a model's place"),
            "name or restore the model's file, or tune the model again"
        ),
        .init(
            "model-unreadable",
            "a model's file could not be read",
            .situation("there is no such file, it may not be read, or it changed while in use"),
            "check the path and the file's permissions; the message has the system's reason"
        ),
        .init(
            "model-unsupported",
            "a model is whole, and of a kind that is not run here",
            .situation("its network, its positions or the type of its numbers is another"),
            "get the model in another form, or another model; the message names what is read"
        ),
        .init(
            "bad-model-name",
            "a model on a hub is named otherwise than ORG/NAME",
            .situation("a part is missing, or has other than letters, digits and '-._'"),
            "copy the name from the model's page"
        ),
        .init(
            "hub-unreachable",
            "a hub does not answer",
            .situation("there is no network, HF_ENDPOINT is wrong, or the connection breaks off"),
            "check the address and give the command again: it goes on where it stopped"
        ),
        .init(
            "hub-refused",
            "a hub answers that it does not give a model",
            .situation("the name is wrong, or the model wants a token or its terms accepted"),
            "check the name, set HF_TOKEN, and accept the terms on the model's page"
        ),
        .init(
            "hub-corrupt",
            "what a hub sends is not what it tells of",
            .situation("a file has another length or SHA-256 than its description"),
            "give the command again: that file is fetched anew"
        ),
        .init(
            "model-too-new",
            "a model was written by a newer Fettle",
            .situation("a workspace is used with an older program"),
            "use the newer one, or tune the model again"
        ),
        .init(
            "model-unwritable",
            "a model could not be written",
            .situation("the disk is full, a folder is read-only, or the path is taken"),
            "free some space and resume the job; export to another path or with --force"
        ),
        .init(
            "export-differs",
            "an exported model answers otherwise than the model",
            .situation("numbers of 8 bits round so much that another completion is likeliest"),
            "store more of each number: type=f16 or type=f32; --no-check keeps the file"
        ),
        .init(
            "checkpoint-corrupt",
            "a job's checkpoint is damaged",
            .situation("the file was cut short or changed"),
            "start the tuning anew: a damaged checkpoint cannot be mended"
        ),
        .init(
            "checkpoint-differs",
            "a checkpoint belongs to a run with other data or settings",
            .situation("checkpoints were moved between jobs"),
            "resume with what the run began with, or start anew"
        ),
        .init(
            "checkpoint-foreign",
            "a file is no checkpoint of this kind",
            .situation("another file was put in its place"),
            "start the tuning anew"
        ),
        .init(
            "checkpoint-version",
            "a checkpoint was written by another version of Fettle",
            .situation("a job is resumed after Fettle was replaced"),
            "resume with the Fettle that wrote it, or start anew"
        ),
        .init(
            "checkpoint-unwritable",
            "a checkpoint could not be written; the training goes on",
            .situation("the disk is full or .fettle is read-only"),
            "free some space: until then the job cannot be resumed from where it is"
        ),
        .init(
            "no-checkpoint",
            "a job was ended before it had kept anything to go on from",
            .situation("'resume' names a job that trained for a moment only"),
            "run its 'tune' command again"
        ),
        .init(
            "no-examples",
            "there is nothing to train on",
            .situation("a filter has left no row"),
            "'undo' brings the rows back"
        ),
        .init(
            "one-class",
            "all completions are the same, so there is nothing to choose",
            .commands(
                "load samples/tickets.tsv\nwhere queue == \"sales\"\n"
                    + "format prompt=\"{{body}}\" completion=\" {{queue}}\"\ntune ngram --no-check"
            ),
            "'stats by=COLUMN' shows the classes; 'undo' takes a filter back"
        ),
        .init(
            "open-ended-completions",
            "the model chooses among a closed set of completions, and these are texts of their own",
            .commands(
                "load samples/tickets.tsv\n"
                    + "format prompt=\"{{subject}}\" completion=\" {{body}}\"\ntune ngram --no-check"
            ),
            "make the completion a label, such as {{queue}}"
        ),
        .init(
            "bad-hyperparameter",
            "a setting of the training is out of its range",
            .situation("a job is started with fewer than one epoch or a batch of no rows"),
            "'tune ?' gives the ranges; 'auto' chooses by the data"
        ),
        .init(
            "format-differs",
            "a model is tuned further on a dataset with another format than its own",
            .situation("the format is changed between two tunings of one model"),
            "give the dataset the model's format; 'model show NAME' has it"
        ),
        .init(
            "no-job",
            "no job was started in this workspace",
            .commands("job"),
            "start one: tune ngram on DATASET as NAME"
        ),
        .init(
            "unknown-job",
            "no job has this number, model name or id",
            .situation("'job 9' is asked where three jobs were started"),
            "'jobs' lists them"
        ),
        .init(
            "which-job",
            "several jobs run, and the command does not say which is meant",
            .situation("a bare 'cancel' is given while two jobs run"),
            "name one: cancel 2"
        ),
        .init(
            "nothing-running",
            "no job runs that could be cancelled",
            .situation("a bare 'cancel' is given after the last job has ended"),
            "'jobs' lists how each ended"
        ),
        .init(
            "job-state",
            "a job's state does not allow what is asked",
            .situation("a job that has succeeded is to be cancelled or resumed"),
            "'jobs' shows the states; only an interrupted or cancelled job is resumed"
        ),
        .init(
            "job-failed",
            "a job that was waited for has failed",
            .situation("'wait' is given and the training stops with an error"),
            "'events NUMBER' tells what happened; mend it and tune again"
        ),
        .init(
            "job-cancelled",
            "a job was cancelled while this command waited for it",
            .situation("'cancel' is given in another shell of the same workspace"),
            "'resume NUMBER' goes on from its checkpoint"
        ),
        .init(
            "bad-condition",
            "binary= does not say which labels count as one side",
            .situation("'evaluate MODEL binary=nice' is given"),
            "begin with <, <=, >, >= or ==, such as binary=\"<=3\""
        ),
        .init(
            "not-ordinal",
            "a condition compares labels with a number, and some labels are none",
            .situation("binary=\"<=3\" is given for a model that answers with words"),
            "compare with a label: binary=\"==sales\""
        ),
        .init(
            "bad-price",
            "the table of prices lacks a column or a price, or has one that is no number",
            .situation("'cost prices=FILE' is given a file without a column 'currency'"),
            "mend the row that it names; 'cost prices > FILE.csv' writes a table with all columns"
        ),
        .init(
            "unknown-price",
            "the table of prices has no row of this name",
            .commands("cost large=gpt-9"),
            "name one of the table, or add a row to it: 'cost prices' shows it and where it is"
        ),
        .init(
            "currencies-differ",
            "the two models' prices are in different currencies",
            .situation("'cost' is to compare a row of the table in USD with one in EUR"),
            "write both in one currency"
        ),
        .init(
            "no-rows",
            "there is no row to judge on",
            .situation("a filter has left nothing of the dataset"),
            "'undo' takes the filter back, or name another dataset: on reviews.test"
        ),
        .init(
            "unknown-metric",
            "metrics= names none that there is",
            .situation("'evaluate MODEL metrics=kappa' is given, whose name is cohen_kappa"),
            "'metrics=all' shows them all; names are those of the JSON, with commas between them"
        ),
        .init(
            "not-calibrated",
            "probabilities are wanted at a temperature, and none was fitted",
            .situation("--calibrated is given for a model that 'calibrate' has not seen"),
            "fit one on rows that the model was not tuned on: calibrate MODEL on reviews.validation"
        ),
        .init(
            "nothing-to-compare",
            "a comparison needs at least two models",
            .commands("load samples/tickets.tsv\ncompare queues on tickets"),
            "name two: compare OLD NEW on DATASET"
        ),
        .init(
            "tasks-differ",
            "the models answer different questions",
            .situation("one model was tuned on {{queue}} and the other on {{received}}"),
            "compare models whose completions come from the same column"
        ),
        .init(
            "rows-differ",
            "two results, or a dataset that 'errors' or 'noise' made, are of other rows",
            .situation("a dataset changes before 'drop rows=NAME' takes the rows out of it"),
            "judge both on the same dataset, or 'use' the one that the rows are from"
        ),
        .init(
            "unusable-scores",
            "a model's scores are no probabilities of different labels",
            .situation("its file was made by another program"),
            "tune the model again"
        ),
    ]
}
