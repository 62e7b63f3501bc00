import Dispatch

/// Runs a task on a thread outside the cooperative pool, which two trainings or answers would fill.
final class ThreadExecutor: TaskExecutor {
    private let queue: DispatchQueue

    /// Makes an executor; one that `givesWay` runs on what the machine's other work leaves.
    init(label: String, givesWay: Bool = false) {
        queue = DispatchQueue(label: label, qos: givesWay ? .background : .unspecified)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
