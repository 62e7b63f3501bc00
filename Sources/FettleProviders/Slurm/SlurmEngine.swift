public import FettleCore

/// Runs jobs by Slurm's own programs, on this machine or by ssh.
///
///     let engine = try SlurmEngine(
///         name: "lab",
///         address: SlurmAddress("slurm://login.example.com"),
///         folder: "/scratch/me/fettle"
///     )
///
/// A job has a folder of its own below the one that all machines of the cluster share. Its calls block the
/// thread; cancelling the task ends them within a second.
public struct SlurmEngine: ClusterEngine {
    /// Which of a cluster's machines jobs go to, and for how long; nil for what the cluster itself says.
    public struct Choices: Hashable, Sendable {
        /// The partition.
        public var partition: String?
        /// The account that pays.
        public var account: String?
        /// The most minutes that a job runs.
        public var minutes: Int?

        /// Makes choices.
        public init(partition: String? = nil, account: String? = nil, minutes: Int? = nil) {
            (self.partition, self.account, self.minutes) = (partition, account, minutes)
        }

        var words: [String] {
            (partition.map { ["--partition=\($0)"] } ?? [])
                + (account.map { ["--account=\($0)"] } ?? [])
                + (minutes.map { ["--time=\($0)"] } ?? [])
        }
    }

    let host: SlurmHost
    /// The folder that all machines of the cluster share.
    let shared: String
    let choices: Choices

    /// The longest log that is read.
    private static let logLimit = 64 << 20

    /// Makes an engine.
    ///
    /// - Parameters:
    ///   - name: what errors call the cluster.
    ///   - address: where its programs are.
    ///   - folder: a folder that the machine with the programs and those that run jobs see under the same path; it
    ///     is made where it is missing.
    ///   - choices: which machines jobs go to, and for how long.
    ///   - environment: variables for the programs that are started on this machine, such as `SLURM_CONF`.
    ///   - sshOptions: further words for ssh, such as `-F` and a file.
    /// - Throws: `bad-cluster-folder` for a folder that does not begin with `/`.
    public init(
        name: String,
        address: SlurmAddress,
        folder: String,
        choices: Choices = Choices(),
        environment: [String: String] = [:],
        sshOptions: [String] = []
    ) throws(Diagnostic) {
        host = SlurmHost(
            name: name,
            address: address,
            environment: environment,
            sshOptions: sshOptions
        )
        var folder = folder
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        guard folder.hasPrefix("/"), folder != "/",
            folder.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            throw Diagnostic(
                "bad-cluster-folder",
                "'\(folder)' is no folder for the jobs of the cluster '\(name)': its path begins with '/'",
                hint: "name one that all machines of the cluster see under the same path"
            )
        }
        shared = folder
        self.choices = choices
    }

    // MARK: - Following

    /// Returns how far a job is.
    ///
    /// - Throws: as the protocol says.
    public func state(of id: String) throws -> ClusterJobState {
        let (notes, number) = try known(id)
        if let record = try record(number), record.name == id {
            guard let state = record.jobState else {
                throw host.foreign(
                    "a job's state is '\(record.state)', which no job is known to have"
                )
            }
            return state
        }
        // Slurm forgets a job some minutes after its end where it keeps no accounts.
        if notes.exit == 0 { return .succeeded }
        if notes.wasStopped { return .stopped }
        return .failed(
            notes.exit.map { SlurmJobRecord.reason($0) }
                ?? "Slurm no longer has it, and it left no exit code"
        )
    }

    /// Returns all that a job has written so far.
    ///
    /// - Throws: as the protocol says.
    public func log(of id: String) throws -> String {
        let folder = try folder(of: id)
        let answer = try host.run(["cat", "--", folder.log], limit: Self.logLimit)
        guard answer.status != 0 else { return answer.output }
        // A job that waits has written nothing.
        _ = try known(id)
        return ""
    }

    /// Asks that a job ends, if it has not.
    ///
    /// - Throws: as the protocol says.
    public func stop(_ id: String) throws {
        let (_, number) = try known(id)
        guard try !state(of: id).isEnd else { return }
        _ = try host.run(try folder(of: id).notingStop)
        // It sends SIGTERM, and SIGKILL after the cluster's own time of grace.
        try host.output(["scancel", "\(number)"])
    }

    /// Returns what Slurm says of a job; nil once it has forgotten it.
    private func record(_ number: Int) throws -> SlurmJobRecord? {
        let shown = try host.run(["scontrol", "--oneliner", "show", "job", "\(number)"])
        if shown.status == 0, let record = SlurmJobRecord(scontrol: shown.output) { return record }
        let words = [
            "sacct", "--jobs=\(number)", "--allocations", "--noheader", "--parsable2",
            "--format=\(SlurmJobRecord.format)",
        ]
        do {
            let kept = try host.run(words)
            guard kept.status == 0 else { return nil }
            return kept.output.split(separator: "\n").last.flatMap { SlurmJobRecord(sacct: $0) }
        } catch let problem as Diagnostic where problem.code == "no-slurm" {
            // A cluster without accounts may be without the program for them.
            return nil
        }
    }

    // MARK: - Finding

    /// Returns a job's folder.
    ///
    /// - Throws: `unknown-cluster-job` for an id that no folder has.
    func folder(of id: String) throws(Diagnostic) -> SlurmFolder {
        guard SlurmAddress.isName(id), id.first != ".", id.utf8.count <= 200 else {
            throw unknown(id)
        }
        return SlurmFolder(id, in: shared)
    }

    func unknown(_ id: String) -> Diagnostic {
        Diagnostic(
            "unknown-cluster-job",
            "the cluster '\(host.name)' has no job '\(id)' in '\(shared)'"
        )
    }

    /// Returns what is noted of a job, and Slurm's number for it.
    ///
    /// - Throws: `unknown-cluster-job`.
    private func known(_ id: String) throws -> (SlurmFolder.Notes, number: Int) {
        let folder = try folder(of: id)
        let notes = try notes(in: folder)
        guard let number = try notes.number ?? number(named: id, in: folder) else {
            throw unknown(id)
        }
        return (notes, number)
    }

    func notes(in folder: SlurmFolder) throws -> SlurmFolder.Notes {
        SlurmFolder.Notes(try host.run(folder.readingNotes).output)
    }

    /// Returns the number of a job that Slurm has for a folder, though none is noted there: it was asked for, and
    /// the answer was lost.
    func number(named id: String, in folder: SlurmFolder) throws -> Int? {
        let lines = try host.output([
            "squeue", "--me", "--states=all", "--noheader", "--name=\(id)", "--format=%i|%Z",
        ])
        return lines.split(separator: "\n").lazy.compactMap { line -> Int? in
            let parts = line.split(separator: "|", maxSplits: 1)
            guard parts.count == 2, parts[1] == folder.path else { return nil }
            return Int(parts[0].trimmingPrefix { $0 == " " })
        }.first
    }
}
