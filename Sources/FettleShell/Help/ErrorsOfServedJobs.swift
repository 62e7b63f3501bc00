extension ErrorGuide {
    /// Errors of jobs that programs ask for through the fine-tuning API.
    static let servedJobs: [ErrorEntry] = [
        .init(
            "bad-training-file",
            "a file that a job was to learn from or be measured on is not what jobs read",
            .situation(
                "a line has no prompt or completion, or one that is no text, or a conversation that does not end "
                    + "with an answer"
            ),
            "the message names the line, what is there and what to write"
        ),
        .init(
            "queue-full",
            "so many jobs wait for their turn that no more are taken",
            .situation("programs ask for jobs faster than they are trained"),
            "ask again later, or cancel a job that waits"
        ),
        .init(
            "model-busy",
            "so many questions wait for a language model's answers that no more are taken",
            .situation("programs ask a served model faster than it answers"),
            "ask again in a moment: it answers one question after the other"
        ),
        .init(
            "job-exists",
            "a job was made with the same idempotency key",
            .situation("a program asks twice for one job, and the first could not be found again"),
            "look at the list of jobs, or use another key"
        ),
    ]
}
