extension ErrorGuide {
    /// What a cluster's node is given, and what it tells.
    static let workers: [ErrorEntry] = [
        .init(
            "bad-order",
            "the description of the work for another machine has a field that is wrong or missing",
            .situation(
                "the program there is of another version, or the description was written by hand"
            ),
            "use 'fettle' and 'fettle-worker' of one version; the message names the field"
        ),
        .init(
            "file-differs",
            "a file of the work is not the one that its description was written for",
            .situation("another file of that name is in its place, or it arrived in part"),
            "start the job again, which sends the files again"
        ),
        .init(
            "bad-event",
            "a line of a job's log begins as an event does, and is none",
            .situation("another program writes such lines, or the line was cut on its way"),
            "the line is left out; start the job again where a result is missing"
        ),
        .init(
            "result-damaged",
            "a result of the work does not have the bytes that were written there",
            .situation("the cluster's log was cut, or the file was changed meanwhile"),
            "start the job again, or give it a folder that both machines share for its results"
        ),
    ]
}
