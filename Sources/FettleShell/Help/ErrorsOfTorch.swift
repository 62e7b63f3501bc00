extension ErrorGuide {
    /// Errors of the program that tunes language models on clusters.
    static let torch: [ErrorEntry] = [
        .init(
            "missing-package",
            "a cluster's machine lacks a Python package that tuning a language model takes",
            .situation("Ray was installed there without torch, transformers or peft"),
            "install it on every machine of the cluster; 'cluster check' names what is missing"
        ),
        .init(
            "missing-file",
            "a cluster's machine has no file that the job names",
            .situation("cluster_model= names a folder that only some of the machines have"),
            "put the model where every machine sees it, or leave cluster_model= out: small ones are sent"
        ),
        .init(
            "no-permission",
            "a cluster's machine may not read or write a file of a job",
            .situation("the folder of shared= belongs to another user there"),
            "give its user the right, or name another folder"
        ),
        .init(
            "bad-model",
            "a cluster's machine cannot load the language model",
            .situation("cluster_model= names a folder without config.json"),
            "give the folder that 'save_pretrained' wrote, or a name that the machines can reach"
        ),
        .init(
            "other-model",
            "the language model on the cluster is not the one that is tuned here",
            .situation("cluster_model= names a model of other sizes than the one of 'model add'"),
            "name the same model on both sides"
        ),
        .init(
            "bad-adapter",
            "the adapter that a job was to go on from is not of the job's shape",
            .situation("a file of the job was changed on the way"),
            "start it anew"
        ),
        .init(
            "no-gpu",
            "a job was given GPUs, and PyTorch finds none on its machine",
            .situation("the machine has PyTorch's build for CPUs, or a driver that is too old"),
            "install PyTorch with CUDA there, or leave gpus= out"
        ),
        .init(
            "four-bit-fsdp",
            "a model of 4 bits cannot be divided among workers",
            .situation("load=4bit and parallel=fsdp together"),
            "take one of them: load=4bit with ddp, or parallel=fsdp with load=full"
        ),
        .init(
            "training-program",
            "the program that tunes on a cluster met what it does not know",
            .situation("the cluster has another version of PyTorch, transformers or PEFT"),
            "install the versions of the guide, docs/guides/scaling.md"
        ),
    ]
}
