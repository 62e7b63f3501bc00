import FettleCore

extension SlurmEngine {
    /// Has a job run; the same one asked for again runs once.
    ///
    /// - Throws: as the protocol says.
    public func submit(
        _ job: ClusterJob,
        packedIn _: String,
        progress: @escaping (_ sent: Int64, _ total: Int64) -> Void
    ) throws {
        let workers = job.workers
        let job = Self.onOneMachine(job)
        let folder = try folder(of: job.id)
        guard try notes(in: folder).number == nil else { return }
        if let number = try number(named: job.id, in: folder) {
            return try note(number, in: folder)
        }
        try room().require(for: job, ofWorkers: workers)
        if try host.run(["test", "-f", folder.script]).status != 0 {
            try send(SlurmFolder.files(of: job), to: folder.path, progress: progress)
        }
        try note(try submit(job, in: folder), in: folder)
    }

    /// Takes a job's workers as processes of its one machine.
    private static func onOneMachine(_ job: ClusterJob) -> ClusterJob {
        guard let workers = job.workers else { return job }
        var job = job
        job.cpus = max(1, workers.count * workers.cpus)
        job.gpus = workers.count * workers.gpus
        return job
    }

    private func submit(_ job: ClusterJob, in folder: SlurmFolder) throws -> Int {
        // Variables of this machine may be secrets, and stay here.
        let words =
            [
                "sbatch", "--parsable", "--job-name=\(job.id)", "--chdir=\(folder.path)",
                "--output=log", "--open-mode=append", "--no-requeue", "--export=PATH,HOME,LANG",
                "--nodes=1", "--ntasks=1", "--cpus-per-task=\(job.cpus)",
            ] + (job.gpus > 0 ? ["--gres=gpu:\(job.gpus)"] : []) + choices.words
        let answer = try host.output(words + [folder.script])
        // On some clusters its name stands after the number: '12;lab'.
        let line = answer.split(separator: "\n").last ?? ""
        guard let number = Int(line.prefix { $0 != ";" }) else {
            throw host.foreign(
                "'sbatch' answers '\(line.prefix(100))' where a job's number belongs"
            )
        }
        return number
    }

    /// Notes a job's number; where another was noted meanwhile, this one is not to run.
    private func note(_ number: Int, in folder: SlurmFolder) throws {
        guard try host.run(folder.noting(number: number)).status != 0 else { return }
        guard let other = try notes(in: folder).number else {
            throw Diagnostic(
                "cluster-refused",
                "the cluster '\(host.name)' refuses: nothing can be written in '\(folder.path)'",
                hint: "see its free space and its rights; the job may run all the same: squeue"
            )
        }
        if other != number { try host.output(["scancel", "\(number)"]) }
    }

    // MARK: - Room

    /// Returns what the machines that a job may go to have.
    ///
    /// - Throws: `cluster-refused` for a partition that there is not.
    private func room() throws -> ClusterRoom {
        let all = try nodes()
        let named = choices.partition.map { $0.split(separator: ",").map(String.init) }
        for name in named ?? [] where !all.contains(where: { $0.partition == name }) {
            let names = Set(all.map(\.partition)).sorted().map { "'\($0)'" }
            throw Diagnostic(
                "cluster-refused",
                "the cluster '\(host.name)' has no partition '\(name)': it has \(names.joined(separator: ", "))"
            )
        }
        let open = all.filter { nodes in
            named?.contains(nodes.partition) ?? nodes.isDefault
        }
        // Where no partition is the default, and none is named, Slurm itself says so.
        let nodes = open.isEmpty ? all : open
        return ClusterRoom(
            count: nodes.reduce(0) { $0 + $1.count },
            Set(nodes.map { .init(cpus: $0.cpus, gpus: $0.gpus) })
        )
    }

    /// Returns the machines by partition.
    func nodes() throws -> [SlurmNodes] {
        let words = ["sinfo", "--exact", "--noheader", "--format=\(SlurmNodes.format)"]
        return try host.output(words).split(separator: "\n").map { line in
            guard let nodes = SlurmNodes(line: line) else {
                throw host.foreign("'sinfo' says '\(line.prefix(100))'")
            }
            return nodes
        }
    }

    // MARK: - Sending

    /// Puts files into a folder that is there as a whole or not at all.
    func send(
        _ files: [PackagedFile],
        to path: String,
        progress: @escaping (_ sent: Int64, _ total: Int64) -> Void
    ) throws {
        var archive = try TarStream(files)
        let total = archive.total
        let part = "\(path).part-" + String(UInt32.random(in: .min ... .max), radix: 16)
        do {
            // Nobody else on the cluster reads the data.
            try host.output(["mkdir", "-p", "-m", "700", "--", part])
            var sent: Int64 = 0
            // Times are those of the sending: clusters remove what looks old. The owner is who sends.
            try host.output(
                ["tar", "-x", "-m", "-o", "-f", "-", "-C", part],
                input: {
                    progress(min(sent, total), total)
                    let piece = try archive.piece()
                    sent += Int64(piece?.count ?? 0)
                    return piece
                }
            )
            let moved = try host.run(["mv", "-T", "--", part, path])
            guard moved.status != 0 else { return }
            guard try host.run(["test", "-d", path]).status == 0 else {
                throw host.refusal(moved, "mv")
            }
            // The same was sent from elsewhere meanwhile.
            remove(part)
        } catch {
            remove(part)
            throw error
        }
    }

    /// Removes a folder of the cluster, as far as that goes.
    func remove(_ path: String) {
        var host = host
        host.isCancellable = false
        _ = try? host.run(["rm", "-rf", "--", path], seconds: 20)
    }
}
