extension ErrorGuide {
    /// Errors of clusters and of what is asked of them.
    static let clusters: [ErrorEntry] = [
        .init(
            "unknown-cluster",
            "no cluster has this name",
            .commands("cluster check nothing"),
            "'cluster list' lists them; 'cluster add NAME URL' adds one"
        ),
        .init(
            "insecure-cluster",
            "what goes to the cluster's address could be read on the way, its token among it",
            .commands("cluster add lab http://lab.example.com:8265"),
            "go by a tunnel, such as ssh -L 8265:127.0.0.1:8265 HOST, or by a proxy with https://"
        ),
        .init(
            "no-folder",
            "there is no such folder on this machine",
            .commands("cluster add lab http://127.0.0.1:8265 shared=/no/such/folder"),
            "name a folder that this machine and all of the cluster see under the same path, or none"
        ),
        .init(
            "no-file-links",
            "the server that is to keep a cluster's large files does not give them to those who have a link",
            .situation("files= of 'cluster add' names a provider that is no server of Fettle's"),
            "name one that is: 'fettle serve' with an API key file, on a machine that the cluster reaches"
        ),
        .init(
            "web-folder",
            "a folder of the web that is to keep a cluster's large files does not take them, or cannot be reached",
            .situation("files= of 'cluster add' names an address that takes no PUT"),
            "name one that takes files by PUT and gives them by GET and HEAD, or a server of Fettle's"
        ),
        .init(
            "bad-cluster-token",
            "the token of a cluster cannot be read, or has characters that no token has",
            .situation("RAY_AUTH_TOKEN_PATH names a file that is not there"),
            "mend the variable or the file, or give the cluster a secret: token=secret:NAME"
        ),
        .init(
            "cluster-token",
            "a cluster asks for a token, or does not take the one that it is shown",
            .situation(
                "its head was started with RAY_AUTH_MODE=token, and another token or none is known here"
            ),
            "set the secret that 'cluster list' names to what ~/.ray/auth_token of the head's machine has"
        ),
        .init(
            "cluster-unreachable",
            "a cluster cannot be reached, breaks off, or is not well",
            .situation("its head does not run, or the tunnel to it has ended"),
            "start the head or the tunnel; requests are repeated by themselves for a while"
        ),
        .init(
            "cluster-answer",
            "what answers for a cluster is not what Fettle knows: no Ray, or another Slurm",
            .situation("the address is that of another server, or of another port of Ray's"),
            "give the address of its dashboard, whose port is 8265 unless it was chosen otherwise"
        ),
        .init(
            "cluster-refused",
            "a cluster does not take a request",
            .situation("Ray has an error of its own, or a job that runs is to be deleted"),
            "the message has Ray's own words"
        ),
        .init(
            "cluster-base",
            "a cluster does not train this model, or does not answer by it",
            .situation("cluster= with a provider's model, or 'predict' with a language model"),
            "leave out cluster="
        ),
        .init(
            "cluster-job-failed",
            "a cluster could not do a job, however often it was asked",
            .situation("its machines lack memory, a library, or each other"),
            "the message has the last reason; 'resume' asks for the job again"
        ),
        .init(
            "cluster-job-ended",
            "somebody ended a job on its cluster",
            .situation("it was stopped in Ray's dashboard"),
            "start it anew"
        ),
        .init(
            "no-worker",
            "the program that a cluster runs, 'fettle-worker', is not on this machine",
            .situation("fettle was built without it"),
            "'make worker' builds it, and 'make install' puts it where it is found"
        ),
        .init(
            "cluster-log-too-large",
            "a job has written more than Fettle reads, 64 MiB",
            .situation("a model of that size comes back by the log of its job"),
            "give a Ray cluster a folder that this machine sees, too, or tune on this machine"
        ),
        .init(
            "cluster-in-use",
            "a cluster is to be forgotten, or to have another address, while jobs of it have not ended",
            .situation(
                "'cluster remove lab' while a job on it is followed, or waits to be resumed"
            ),
            "wait for the jobs, or end them with 'cancel'"
        ),
        .init(
            "package-too-large",
            "the files for a job are more than a cluster takes at once, 100 MiB",
            .situation("a job takes a large dataset or model along"),
            "let its machines fetch large files, with files= of 'cluster add', or share a folder with them"
        ),
        .init(
            "unknown-cluster-job",
            "a cluster has no such job",
            .situation(
                "it was deleted there, or the head was started anew, which forgets all jobs"
            ),
            "ask for the job again"
        ),
        .init(
            "cluster-job-exists",
            "a cluster has another job of this id",
            .situation("two workspaces ask for jobs of one id"),
            "delete the one that is there, or ask for another id"
        ),
    ]
}
