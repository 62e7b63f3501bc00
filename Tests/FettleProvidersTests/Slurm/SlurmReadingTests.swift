import FettleCore
import Testing

@testable import FettleProviders

/// What Slurm's programs write, read.
struct SlurmReadingTests {
    // MARK: - Machines

    @Test func machinesAreRead() {
        #expect(
            SlurmNodes(line: "main*|up|1|idle|2|500|gpu:1")
                == SlurmNodes(
                    partition: "main",
                    isDefault: true,
                    count: 1,
                    state: "idle",
                    cpus: 2,
                    gpus: 1,
                    memory: 524_288_000
                )
        )
        #expect(
            SlurmNodes(line: "big|drain|12|down*|128+|257000+|(null)")
                == SlurmNodes(
                    partition: "big",
                    isUp: false,
                    count: 12,
                    state: "down*",
                    cpus: 128,
                    memory: 269_484_032_000
                )
        )
    }

    @Test(arguments: ["", "main|up|1|idle|2|500", "main|up|x|idle|2|500|", "main|up|1|idle|-2|5|"])
    func otherLinesAreNoMachines(line: String) {
        #expect(SlurmNodes(line: line[...]) == nil)
    }

    @Test(arguments: [
        ("(null)", 0), ("gpu", 1), ("gpu:2", 2), ("gpu:a100:4(S:0-1)", 4),
        ("gpu:tesla:2(S:0,1),gpu:kepler:3(S:2,3),nvme:8", 5), ("nvme:1", 0), ("", 0),
    ])
    func acceleratorsAreCounted(list: String, count: Int) {
        #expect(SlurmNodes.gpus(list[...]) == count)
    }

    @Test func roomIsThatOfOneMachine() throws {
        let room = ClusterRoom(
            count: 3,
            [.init(cpus: 64, gpus: 0), .init(cpus: 8, gpus: 4), .init(cpus: 16, gpus: 2)]
        )
        func job(_ cpus: Int, _ gpus: Int) -> ClusterJob {
            ClusterJob(id: "x", entrypoint: "true", files: [], cpus: cpus, gpus: gpus)
        }
        try room.require(for: job(64, 0))
        try room.require(for: job(8, 4))
        try room.require(for: job(16, 2))
        #expect(
            throws: Diagnostic(
                "cluster-too-small",
                "the job takes 32 processors and 2 GPUs, and the largest of the cluster's 3 machines has "
                    + "16 processors and 2 GPUs",
                hint: "take fewer: cpus=16"
            )
        ) { try room.require(for: job(32, 2)) }
        #expect(
            throws: Diagnostic(
                "cluster-too-small",
                "the job takes 65 processors and 5 GPUs, and the largest of the cluster's 3 machines has "
                    + "64 processors and 0 GPUs",
                hint: "take fewer: cpus=64 gpus=0"
            )
        ) { try room.require(for: job(65, 5)) }
    }

    // MARK: - Jobs

    private static func record(_ state: String, _ exit: String = "0:0") -> SlurmJobRecord? {
        SlurmJobRecord(
            scontrol:
                "JobId=7 JobName=ft-1 UserId=me(1000) JobState=\(state) Reason=None Requeue=0 ExitCode=\(exit) "
                + "RunTime=00:00:02 TimeLimit=01:00:00 ReqNodeList=(null) NodeList=n1 BatchHost=n1\n"
        )
    }

    @Test(
        arguments: [
            ("PENDING", "0:0", .queued), ("CONFIGURING", "0:0", .queued),
            ("RUNNING", "0:0", .running), ("COMPLETING", "0:0", .running),
            ("SUSPENDED", "0:0", .running), ("COMPLETED", "0:0", .succeeded),
            ("CANCELLED", "7:0", .stopped), ("FAILED", "3:0", .failed("it ended with exit code 3")),
            ("FAILED", "0:9", .failed("it was ended by signal 9")),
            ("FAILED", "137:0", .failed("it was ended by signal 9")),
            ("FAILED", "255:0", .failed("it ended with exit code 255")),
            ("TIMEOUT", "0:15", .failed("it reached its time limit of 01:00:00")),
            ("OUT_OF_MEMORY", "0:125", .failed("it took more memory than was set aside for it")),
            ("NODE_FAIL", "0:0", .failed("its machine 'n1' failed")),
            ("BOOT_FAIL", "0:0", .failed("its machine 'n1' did not start")),
            ("DEADLINE", "0:0", .failed("its deadline came before it had ended")),
            ("PREEMPTED", "0:0", .failed("another job took its place")),
        ] as [(String, String, ClusterJobState)]
    )
    func statesAreMapped(word: String, exit: String, state: ClusterJobState) {
        #expect(Self.record(word, exit)?.jobState == state)
        #expect(Self.record(word, exit)?.name == "ft-1")
        let kept = SlurmJobRecord(sacct: "ft-1|\(word)|\(exit)|n1|01:00:00")
        #expect(kept == Self.record(word, exit))
    }

    @Test func stateOfAccountsMayGoOn() {
        #expect(
            SlurmJobRecord(sacct: "ft-1|CANCELLED by 1000|0:0|None assigned|")?.jobState == .stopped
        )
        #expect(
            SlurmJobRecord(sacct: "ft-1|TIMEOUT|0:0|n1|UNLIMITED")?.jobState
                == .failed("it reached its time limit")
        )
        #expect(Self.record("DREAMING")?.jobState == nil)
        #expect(SlurmJobRecord(sacct: "ft-1|COMPLETED") == nil)
        #expect(SlurmJobRecord(scontrol: "No jobs in the system\n") == nil)
    }

    @Test func notesAreRead() {
        let notes = SlurmFolder.Notes("slurm-12\nexit-143\nstopped-1\n")
        #expect(notes.number == 12)
        #expect(notes.exit == 143)
        #expect(notes.wasStopped)
        #expect(SlurmFolder.Notes("") == SlurmFolder.Notes("x\nslurm-\nexit-a\n"))
    }

    // MARK: - Errors

    @Test(arguments: [
        (
            "sbatch",
            "sbatch: error: invalid partition specified: nix\nsbatch: error: Batch job submission failed: Invalid "
                + "partition name specified\n",
            "Batch job submission failed: Invalid partition name specified"
        ),
        (
            "tar",
            "tar: /x: Cannot open: Permission denied\ntar: Error is not recoverable: exiting now\n",
            "/x: Cannot open: Permission denied"
        ),
        (
            "ssh", "** a banner **\r\nssh: connect to host lab port 22: No route to host\r\n",
            "connect to host lab port 22: No route to host"
        ),
        ("ssh", "Host key verification failed.\r\n", "Host key verification failed"),
        (
            "scontrol", "slurm_load_jobs error: Invalid job id specified\n",
            "slurm_load_jobs error: Invalid job id specified"
        ),
        ("squeue", "\n \n", ""),
    ])
    func sentenceIsFound(program: String, text: String, sentence: String) {
        #expect(SlurmWords(text, of: program).sentence == sentence)
        #expect(!SlurmWords(text, of: program).isOfServers)
    }

    @Test func controlCharactersAreLeftOut() {
        #expect(SlurmWords("ssh: \u{1B}[31mred\u{7}\n", of: "ssh").sentence == "[31mred")
    }

    @Test(arguments: [
        (
            "./fettle-worker: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by ./fettle-worker)\n",
            "the machine's C library is older than the worker needs: it has no GLIBC_2.38"
        ),
        (
            "./fettle-worker: /usr/lib64/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by x)\n",
            "the machine's C++ library is older than the worker needs: it has no GLIBCXX_3.4.32"
        ),
        (
            "./fettle-worker: error while loading shared libraries: libgcc_s.so.1: cannot open shared object file\n",
            "the machine has no library 'libgcc_s.so.1', which the worker needs"
        ),
        (
            "slurmstepd: error: execve(): ./fettle-worker: Exec format error\nsrun: error: n1: task 0: Exited with 8\n",
            "the machine's processor is of another kind than the worker is built for"
        ),
        (
            "srun: error: Unable to allocate resources: Requested nodes are busy\n",
            "no machine was free within 60 seconds"
        ),
        ("srun: error: Invalid account\n", "Invalid account"), ("", "it ended with exit code 1"),
    ])
    func workerThatDoesNotRunHasItsReason(text: String, reason: String) {
        #expect(SlurmEngine.reason(.init(status: 1, output: "", errors: text)) == reason)
    }
}
