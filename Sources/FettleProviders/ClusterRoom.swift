import FettleCore

/// What the machines of a cluster have at most, each for itself.
struct ClusterRoom: Hashable {
    /// What a machine has.
    struct Machine: Hashable {
        var cpus: Int
        var gpus: Int
    }

    /// How many machines there are.
    let count: Int
    /// What they have, without regard to how many have it.
    let machines: Set<Machine>

    /// Takes what the machines have.
    init(count: Int, _ machines: Set<Machine>) {
        (self.count, self.machines) = (count, machines)
    }

    /// Sees to it that one machine has what a job takes: a cluster may let one that fits nowhere wait for ever,
    /// without a word.
    ///
    /// - Parameters:
    ///   - job: the job.
    ///   - workers: the processes on the one machine that need what the job takes; nil where it is the job's alone.
    /// - Throws: `cluster-too-small`.
    func require(
        for job: ClusterJob,
        ofWorkers workers: ClusterJob.Workers? = nil
    ) throws(Diagnostic) {
        guard !machines.contains(where: { $0.cpus >= job.cpus && $0.gpus >= job.gpus }) else {
            return
        }
        guard count > 0 else {
            throw Diagnostic(
                "cluster-too-small",
                "the cluster has no machine that takes jobs",
                hint: "'cluster check' says what it has"
            )
        }
        // Of machines with enough of one thing, those matter that have the most of the other.
        let best = machines.max {
            ($0.gpus >= job.gpus ? 1 : 0, $0.cpus, $0.gpus)
                < ($1.gpus >= job.gpus ? 1 : 0, $1.cpus, $1.gpus)
        }
        func amount(_ machine: Machine) -> String {
            NumberText.count(machine.cpus, "processor")
                + (job.gpus > 0 ? " and \(NumberText.count(machine.gpus, "GPU"))" : "")
        }
        let largest = best ?? Machine(cpus: 0, gpus: 0)
        if let workers {
            let byCPUs = workers.cpus > 0 ? largest.cpus / workers.cpus : workers.count
            let byGPUs = workers.gpus > 0 ? largest.gpus / workers.gpus : workers.count
            let count = min(byCPUs, byGPUs)
            throw Diagnostic(
                "cluster-too-small",
                "the job's workers take \(amount(Machine(cpus: job.cpus, gpus: job.gpus))) of one machine, and the "
                    + "largest of the cluster's \(NumberText.count(self.count, "machine")) has \(amount(largest))",
                hint: count > 0 ? "take fewer: workers=\(count)" : "give each less: cpus=, gpus="
            )
        }
        let fewer =
            (job.cpus > largest.cpus ? [" cpus=\(max(1, largest.cpus))"] : [])
            + (job.gpus > largest.gpus ? [" gpus=\(largest.gpus)"] : [])
        throw Diagnostic(
            "cluster-too-small",
            "the job takes \(amount(Machine(cpus: job.cpus, gpus: job.gpus))), and the largest of the cluster's "
                + "\(NumberText.count(count, "machine")) has \(amount(largest))",
            hint: "take fewer:" + fewer.joined()
        )
    }

    /// Sees to it that machines have room for all workers of a job, each of which is on one machine.
    ///
    /// - Throws: `cluster-too-small`.
    static func require(
        _ workers: ClusterJob.Workers,
        on machines: [Machine]
    ) throws(Diagnostic) {
        let room = machines.reduce(0) { sum, machine in
            let byCPUs = workers.cpus > 0 ? machine.cpus / workers.cpus : .max
            let byGPUs = workers.gpus > 0 ? machine.gpus / workers.gpus : .max
            return sum + min(byCPUs, byGPUs, workers.count)
        }
        guard room < workers.count else { return }
        let each =
            NumberText.count(workers.cpus, "processor")
            + (workers.gpus > 0 ? " and \(NumberText.count(workers.gpus, "GPU"))" : "")
        throw Diagnostic(
            "cluster-too-small",
            "the job takes \(NumberText.count(workers.count, "worker")) of \(each) each, and the cluster "
                + "has room for \(NumberText.count(room)) on its \(NumberText.count(machines.count, "machine"))",
            hint: room > 0 ? "take fewer: workers=\(room)" : "give each less: cpus=, gpus="
        )
    }
}
