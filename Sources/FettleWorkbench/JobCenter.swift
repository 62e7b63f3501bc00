public import FettleCore
public import FettleStore
import Dispatch
import Synchronization

/// The jobs that train in this process, beside the commands.
///
/// Each has a thread of its own, so that neither the prompt nor another job waits for it.
public final class JobCenter: Sendable {
    private struct Running {
        var task: Task<JobRunner.Result, any Error>
        var latest: TrainingMetrics?
        /// Ended when the job has.
        var waiting: [AsyncStream<Never>.Continuation] = []
    }

    private let workspace: Workspace
    private let runner: JobRunner
    private let running = Mutex<[String: Running]>([:])
    private let failures = Mutex(0)
    private let onEnd: @Sendable (StoredJob) -> Void

    /// Makes a centre; `onEnd` is told of each job that ends, from the job's thread.
    public init(
        _ workspace: Workspace,
        clock: WorkClock,
        onEnd: @escaping @Sendable (StoredJob) -> Void
    ) {
        self.workspace = workspace
        runner = JobRunner(workspace, clock: clock)
        self.onEnd = onEnd
    }

    /// Starts a prepared job in the background.
    public func start(_ job: JobRunner.Prepared) {
        let id = job.record.id
        let runner = runner
        // The lock is held until the job is among those that run, which its end waits for.
        running.withLock { running in
            let task = Task(executorPreference: ThreadExecutor(label: id)) { [weak self] in
                defer { self?.ended(id) }
                return try runner.execute(job) { metrics in
                    self?.running.withLock { $0[id]?.latest = metrics }
                }
            }
            running[id] = Running(task: task)
        }
    }

    /// The jobs that train now, with their latest metrics.
    public var active: [(id: String, latest: TrainingMetrics?)] {
        running.withLock { $0.map { ($0.key, $0.value.latest) }.sorted { $0.0 < $1.0 } }
    }

    /// The latest metrics of a job that trains in this process; nil when it does not.
    public func latest(of id: String) -> TrainingMetrics?? {
        running.withLock { $0[id].map { .some($0.latest) } ?? nil }
    }

    /// How many of this process's background jobs have failed.
    public var failureCount: Int { failures.withLock { $0 } }

    /// Stops all jobs that train, their checkpoints kept, and waits for their ends.
    public func stopAll() async {
        for job in active {
            _ = cancel(job.id)
            try? await wait(for: job.id)
        }
    }

    /// Asks a job of this process to stop; returns whether it trains here.
    public func cancel(_ id: String) -> Bool {
        let task = running.withLock { $0[id]?.task }
        task?.cancel()
        return task != nil
    }

    /// Waits until a job of this process has ended and that was told; returns at once when it does not
    /// train here.
    ///
    /// - Throws: `CancellationError` when the waiting task is cancelled; the job goes on.
    public func wait(for id: String) async throws {
        let (end, continuation) = AsyncStream.makeStream(of: Never.self)
        let isRunning = running.withLock { $0[id]?.waiting.append(continuation) != nil }
        guard isRunning else { return }
        for await _ in end {}
        try Task.checkCancellation()
    }

    private func ended(_ id: String) {
        let ended = running.withLock { $0.removeValue(forKey: id) }
        if let job = try? workspace.store().jobs().first(where: { $0.record.id == id }) {
            if job.record.status == .failed { failures.withLock { $0 += 1 } }
            onEnd(job)
        }
        for continuation in ended?.waiting ?? [] { continuation.finish() }
    }
}

/// Runs a task on a thread outside the cooperative pool, which two trainings would fill.
private final class ThreadExecutor: TaskExecutor {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
