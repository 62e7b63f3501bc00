import FettleCore

/// A job's folder on the cluster: `run.sh`, which Slurm starts, `files`, which it runs among, and `log`.
///
/// What is noted there are symbolic links whose targets say it, as a link is made whole and only once, also on a
/// shared disk: `number` with Slurm's number for the job, `exit` with its exit code, and `stopped`.
struct SlurmFolder: Hashable {
    /// Its path.
    let path: String

    /// The folder of a job within the cluster's shared folder.
    init(_ id: String, in shared: String) {
        path = "\(shared)/\(id)"
    }

    /// The script.
    var script: String { "\(path)/run.sh" }
    /// What the job has written.
    var log: String { "\(path)/log" }

    // MARK: - What is noted

    /// What is noted of a job.
    struct Notes: Hashable {
        /// Slurm's number for it.
        var number: Int?
        /// The exit code of its line.
        var exit: Int?
        /// Whether Fettle was asked to end it.
        var wasStopped = false

        /// Reads the targets of links.
        init(_ text: String) {
            for line in text.split(separator: "\n") {
                let parts = line.split(separator: "-")
                guard parts.count == 2, let value = Int(parts[1]) else { continue }
                switch parts[0] {
                case "slurm": number = value
                case "exit": exit = value
                case "stopped": wasStopped = true
                default: break
                }
            }
        }
    }

    /// The words that print what is noted.
    var readingNotes: [String] {
        ["readlink", "--"] + ["number", "exit", "stopped"].map { "\(path)/\($0)" }
    }

    /// The words that note Slurm's number.
    func noting(number: Int) -> [String] {
        ["ln", "-s", "--", "slurm-\(number)", "\(path)/number"]
    }

    /// The words that note that the job is ended by Fettle.
    var notingStop: [String] { ["ln", "-s", "--", "stopped-1", "\(path)/stopped"] }

    // MARK: - What is run

    /// Returns the script that Slurm starts.
    ///
    /// The job whose number is in the folder runs; another that was asked for there, as when an answer was lost,
    /// ends at once. Slurm sends SIGTERM to every process of a job some time before SIGKILL, and kills what is left
    /// when the script ends: so both shells wait for the program that the signal is meant for.
    static func script(for job: ClusterJob) -> String {
        """
        #!/bin/sh
        ln -s "slurm-$SLURM_JOB_ID" number 2>/dev/null
        if [ "$(readlink number)" != "slurm-$SLURM_JOB_ID" ]; then
          echo "the job runs under another number: $(readlink number)" >&2
          exit 0
        fi
        trap : TERM
        mkdir -p files && cd files || exit 1
        sh -c \(ShellWord.quoted("trap 'exit 143' TERM\n" + job.entrypoint)) &
        child=$!
        wait "$child" 2>/dev/null
        status=$?
        while kill -0 "$child" 2>/dev/null; do
          wait "$child" 2>/dev/null
          status=$?
        done
        ln -s "exit-$status" ../exit
        exit "$status"

        """
    }

    /// Returns all files of a job's folder.
    static func files(of job: ClusterJob) -> [PackagedFile] {
        [PackagedFile("run.sh", .bytes(Array(script(for: job).utf8)), isExecutable: true)]
            + job.files.map {
                PackagedFile("files/\($0.name)", $0.source, isExecutable: $0.isExecutable)
            }
    }
}
