extension ErrorGuide {
    /// Errors of clusters whose jobs Slurm runs, and of room on any.
    static let slurm: [ErrorEntry] = [
        .init(
            "no-slurm",
            "the machine that a Slurm cluster is asked by has not the programs of Slurm",
            .situation(
                "Slurm is not installed there, or is on the PATH of shells with a terminal alone"
            ),
            "install it, or name a login node of the cluster, where 'ssh HOST command -v sbatch' finds it"
        ),
        .init(
            "bad-cluster-folder",
            "the folder for a cluster's jobs is not given from the root on",
            .situation("it is given relative to another folder"),
            "name one by its whole path, which all machines of the cluster see under the same"
        ),
        .init(
            "cluster-too-small",
            "a job takes more processors or GPUs than any machine of the cluster has",
            .situation("more is asked for than there is, so that the job would wait for ever"),
            "take fewer; the message says what the largest machine has"
        ),
    ]
}
