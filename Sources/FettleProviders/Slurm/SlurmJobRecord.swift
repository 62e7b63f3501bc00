import FettleCore

/// What Slurm says of a job.
struct SlurmJobRecord: Hashable {
    /// The job's name.
    var name: String
    /// Slurm's word for how far it is, such as `COMPLETED`.
    var state: String
    /// The exit code of its script.
    var code = 0
    /// The signal that ended its script; 0 for none.
    var signal = 0
    /// The machines that it ran on, such as `n[1-2]`.
    var nodes: String
    /// How long it was allowed to run, such as `01:00:00`.
    var limit: String

    /// Reads a line of `scontrol --oneliner show job`; nil for another text.
    init?(scontrol text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        func value(_ name: String) -> String? {
            words.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
        }
        guard let name = value("JobName"), let state = value("JobState") else { return nil }
        self.init(
            [
                name, state, value("ExitCode") ?? "", value("NodeList") ?? "",
                value("TimeLimit") ?? "",
            ]
        )
    }

    /// What `sacct` is asked for.
    static let format = "JobName,State,ExitCode,NodeList,Timelimit"

    /// Reads a line of `sacct --parsable2`; nil for another text.
    init?(sacct line: Substring) {
        let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5 else { return nil }
        self.init(parts)
    }

    private init(_ parts: [String]) {
        name = parts[0]
        // It may go on: 'CANCELLED by 1000'.
        state = String(parts[1].prefix { $0 != " " && $0 != "+" })
        let numbers = parts[2].split(separator: ":").map { Int($0) ?? 0 }
        if numbers.count == 2 { (code, signal) = (numbers[0], numbers[1]) }
        (nodes, limit) = (parts[3], parts[4])
    }

    /// How far the job is; nil for a word that Slurm is not known to have.
    var jobState: ClusterJobState? {
        switch state {
        case "PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED",
            "RESV_DEL_HOLD", "SPECIAL_EXIT":
            .queued
        case "RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "RESIZING", "SIGNALING",
            "STAGE_OUT", "EXPEDITING", "POWER_UP_NODE":
            .running
        case "COMPLETED": .succeeded
        case "CANCELLED", "REVOKED": .stopped
        case "FAILED": .failed(Self.reason(code, signal: signal))
        case "TIMEOUT":
            .failed("it reached its time limit\(known(limit).map { " of \($0)" } ?? "")")
        case "DEADLINE": .failed("its deadline came before it had ended")
        case "OUT_OF_MEMORY": .failed("it took more memory than was set aside for it")
        case "NODE_FAIL": .failed("its machine\(known(nodes).map { " '\($0)'" } ?? "") failed")
        case "BOOT_FAIL":
            .failed("its machine\(known(nodes).map { " '\($0)'" } ?? "") did not start")
        case "LAUNCH_FAILED", "RECONFIG_FAIL":
            .failed("Slurm could not start it (\(state))")
        case "PREEMPTED": .failed("another job took its place")
        default: nil
        }
    }

    private func known(_ text: String) -> String? {
        ["", "(null)", "None assigned", "N/A", "UNLIMITED"].contains(text) ? nil : text
    }

    /// Says how a program ended; a shell has 128 and the signal's number for one that a signal ended.
    static func reason(_ code: Int, signal: Int = 0) -> String {
        let signal = signal == 0 && (129...192).contains(code) ? code - 128 : signal
        return signal == 0
            ? "it ended with exit code \(code)" : "it was ended by signal \(signal)"
    }
}
