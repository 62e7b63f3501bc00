public import FettleCore
public import FettleStore
import Dispatch
import Synchronization

/// The jobs that train in this process, each on a thread of its own, so that neither the prompt nor another
/// job waits for it.
///
/// A job that another process asks to stop is stopped as if it were asked here.
public final class JobCenter: Sendable {
    /// What a job of this process has to say beside its records.
    public struct Listener: Sendable {
        /// Takes each background job that ended, from its thread, and whether somebody waits for it who
        /// tells how; called again without, where that one gave up before he could.
        public var onEnd: @Sendable (_ job: StoredJob, _ isAwaited: Bool) -> Void
        /// Takes what the user should know of while a job goes on, from its thread.
        public var onWarning: @Sendable (String) -> Void

        /// Makes a listener.
        public init(
            onEnd: @escaping @Sendable (_ job: StoredJob, _ isAwaited: Bool) -> Void = { _, _ in },
            onWarning: @escaping @Sendable (String) -> Void = { _ in }
        ) {
            self.onEnd = onEnd
            self.onWarning = onWarning
        }
    }

    private struct Running {
        var job: JobRunner.Prepared
        var isForeground: Bool
        var task: Task<JobRunner.Result, any Error>
        var watch: Task<Void, Never>
        var latest: TrainingMetrics?
        var reason = JobRunner.StopReason.cancelled
        /// Ended when the job has.
        var waiting: [AsyncStream<Never>.Continuation] = []
    }

    private struct State {
        var running: [String: Running] = [:]
        /// Background jobs whose end nobody has asked for, in the order of their starts.
        var unclaimed: [String] = []
        var failures = 0
        /// How many follow a job to tell how it ends.
        var followers: [String: Int] = [:]
        /// Background jobs that ended while they were followed.
        var untold: Set<String> = []
    }

    /// How often a job looks for a wish that it stop.
    private static let interval = Duration.milliseconds(40)

    private let workspace: Workspace
    private let runner: JobRunner
    private let state = Mutex(State())
    /// Entered once for each job that trains.
    private let trainings = DispatchGroup()
    private let listener: Listener

    /// Makes a centre.
    public init(_ workspace: Workspace, clock: WorkClock, listener: Listener = Listener()) {
        self.workspace = workspace
        runner = JobRunner(workspace, clock: clock)
        self.listener = listener
    }

    // MARK: - Starting

    /// Starts a prepared job in the background.
    public func start(_ job: JobRunner.Prepared) {
        // The prompt must not wait for it.
        _ = launch(job, isForeground: false, givesWay: true, JobRunner.noProgress, { _ in })
    }

    /// Trains a prepared job to its end; a cancelled task cancels the job, but for one that trains elsewhere,
    /// which goes on there.
    ///
    /// One that `givesWay` trains on what the machine's other work leaves, such as the answers of a server.
    ///
    /// - Throws: what ended the job.
    public func run(
        _ job: JobRunner.Prepared,
        givesWay: Bool = false,
        onProgress: @escaping JobRunner.OnProgress = JobRunner.noProgress,
        onMetrics: @escaping @Sendable (TrainingMetrics) -> Void
    ) async throws -> JobRunner.Result {
        let task = launch(job, isForeground: true, givesWay: givesWay, onProgress, onMetrics)
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            if job.provider != nil { _ = interrupt(job.record.id) }
            task.cancel()
        }
    }

    private func launch(
        _ job: JobRunner.Prepared,
        isForeground: Bool,
        givesWay: Bool,
        _ onProgress: @escaping JobRunner.OnProgress,
        _ onMetrics: @escaping @Sendable (TrainingMetrics) -> Void
    ) -> Task<JobRunner.Result, any Error> {
        let id = job.record.id
        let runner = runner
        let listener = listener
        trainings.enter()
        // The lock is held until the job is among those that run, which its end waits for.
        return state.withLock { state in
            let thread = ThreadExecutor(label: id, givesWay: givesWay)
            let task = Task(executorPreference: thread) { [self] in
                do {
                    let result = try runner.execute(
                        job,
                        stoppedFor: { self.reason(of: id) },
                        onWarning: listener.onWarning,
                        onProgress: onProgress
                    ) { metrics in
                        self.state.withLock { $0.running[id]?.latest = metrics }
                        onMetrics(metrics)
                    }
                    ended(job, nil)
                    return result
                } catch {
                    ended(job, error)
                    throw error
                }
            }
            let watch = Task(executorPreference: ThreadExecutor(label: id + ".watch")) { [self] in
                await stopWhenAsked(id)
            }
            state.running[id] = Running(
                job: job,
                isForeground: isForeground,
                task: task,
                watch: watch
            )
            if !isForeground { state.unclaimed.append(id) }
            return task
        }
    }

    private func stopWhenAsked(_ id: String) async {
        while (try? await Task.sleep(for: Self.interval)) != nil {
            guard (try? workspace.store().isStopRequested(ofJob: id)) == true else { continue }
            _ = cancel(id)
            return
        }
    }

    // MARK: - Asking

    /// The jobs that train now, with their latest metrics.
    public var active: [(id: String, latest: TrainingMetrics?)] {
        state.withLock { $0.running.map { ($0.key, $0.value.latest) }.sorted { $0.0 < $1.0 } }
    }

    /// The latest metrics of a job that trains in this process; nil when it does not.
    public func latest(of id: String) -> TrainingMetrics?? {
        state.withLock { $0.running[id].map { .some($0.latest) } ?? nil }
    }

    /// How many of this process's background jobs have failed.
    public var failureCount: Int { state.withLock { $0.failures } }

    /// The background jobs of this process whose end nobody has asked for, ended or not, in the order of
    /// their starts.
    public var unclaimed: [String] { state.withLock { $0.unclaimed } }

    /// Notes that the user asked how a job ended.
    public func claim(_ id: String) {
        state.withLock { $0.unclaimed.removeAll { $0 == id } }
    }

    /// Waits until a job of this process has ended and that was told; returns at once when it does not
    /// train here.
    ///
    /// - Throws: `CancellationError` when the waiting task is cancelled; the job goes on.
    public func wait(for id: String) async throws {
        let (end, continuation) = AsyncStream.makeStream(of: Never.self)
        let isRunning = state.withLock { $0.running[id]?.waiting.append(continuation) != nil }
        guard isRunning else { return }
        for await _ in end {}
        try Task.checkCancellation()
    }

    /// Runs `work`, which waits for these jobs to tell how each ended; where it throws, the ends that it
    /// did not live to tell go to the listener.
    public func following<Value>(
        _ ids: [String],
        _ work: () async throws -> Value
    ) async throws -> Value {
        state.withLock { state in
            for id in ids { state.followers[id, default: 0] += 1 }
        }
        do {
            let value = try await work()
            _ = unfollow(ids)
            return value
        } catch {
            let untold = unfollow(ids)
            guard !untold.isEmpty else { throw error }
            for job in (try? workspace.jobs()) ?? [] where untold.contains(job.record.id) {
                listener.onEnd(job, false)
            }
            throw error
        }
    }

    /// Returns those of the jobs that have ended and that nobody follows any more.
    private func unfollow(_ ids: [String]) -> [String] {
        state.withLock { state in
            ids.compactMap { id in
                state.followers[id, default: 1] -= 1
                guard state.followers[id, default: 0] <= 0 else { return nil }
                state.followers[id] = nil
                return state.untold.remove(id)
            }
        }
    }

    // MARK: - Stopping

    /// Asks a job of this process to stop; returns whether it trains here.
    public func cancel(_ id: String) -> Bool {
        stop(id, for: .cancelled)
    }

    /// Ends a job, in whichever process it trains or waits, and returns it as it is then: still running when its
    /// process did not answer within ten seconds.
    public func end(_ job: StoredJob) async throws -> StoredJob {
        let id = job.record.id
        let isOurs = try await following([id]) {
            guard cancel(id) else { return false }
            try await wait(for: id)
            return true
        }
        let now = runner.clock.now()
        if isOurs {
            return try workspace.job(id) ?? job
        } else if !job.record.status.isActive {
            try await endElsewhere(job)
            try workspace.store().setStatus(
                .cancelled,
                of: job.record,
                process: nil,
                message: job.record.wording.cancelled,
                at: now
            )
        } else if try workspace.store().requestStop(of: job.record, at: now) {
            let deadline = ContinuousClock.now + .seconds(10)
            while try workspace.job(id)?.record.status.isActive == true,
                ContinuousClock.now < deadline
            {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        return try workspace.job(id) ?? job
    }

    /// Ends a job that nobody follows where it trains.
    private func endElsewhere(_ job: StoredJob) async throws {
        let folder = try runner.jobFolder(job.record.id)
        guard folder.hasCheckpoint,
            let elsewhere = try ModelLibrary(workspace).elsewhere(of: job.record)
        else { return }
        try await Task(executorPreference: ThreadExecutor(label: job.record.id + ".end")) {
            try elsewhere.end(folder.checkpoint)
        }.value
    }

    /// Asks a job of this process to stop for a while, its checkpoint kept; returns whether it trains here.
    public func pause(_ id: String) -> Bool {
        stop(id, for: .paused)
    }

    /// Asks a job of this process to stop since its process ends, its checkpoint kept; returns whether it trains
    /// here.
    public func interrupt(_ id: String) -> Bool {
        stop(id, for: .processEnds)
    }

    /// Stops all jobs that train since the process ends, their checkpoints kept, and waits for their ends;
    /// returns their ids.
    public func stopAll() async -> [String] {
        let ids = active.map(\.id)
        for id in ids { _ = stop(id, for: .processEnds) }
        for id in ids { try? await wait(for: id) }
        return ids
    }

    /// Does the same without giving the thread up, for at most so many seconds.
    public func stopAll(within seconds: Double) -> [String] {
        let ids = active.map(\.id)
        for id in ids { _ = stop(id, for: .processEnds) }
        _ = trainings.wait(timeout: .now() + seconds)
        return ids
    }

    private func stop(_ id: String, for reason: JobRunner.StopReason) -> Bool {
        let task = state.withLock { state in
            state.running[id]?.reason = reason
            return state.running[id]?.task
        }
        task?.cancel()
        return task != nil
    }

    private func reason(of id: String) -> JobRunner.StopReason {
        state.withLock { $0.running[id]?.reason ?? .cancelled }
    }

    private func ended(_ job: JobRunner.Prepared, _ error: (any Error)?) {
        let id = job.record.id
        let (ended, isFollowed) = state.withLock { state in
            let ended = state.running.removeValue(forKey: id)
            if let ended, !ended.isForeground, error != nil, !(error is CancellationError) {
                state.failures += 1
            }
            let isFollowed = state.followers[id] != nil
            if isFollowed, ended?.isForeground == false { state.untold.insert(id) }
            return (ended, isFollowed)
        }
        ended?.watch.cancel()
        if let ended, !ended.isForeground {
            // Who ends the process says what becomes of its jobs.
            let isEnding = ended.reason == .processEnds
            listener.onEnd(stored(job, error), isFollowed || isEnding || !ended.waiting.isEmpty)
        }
        for continuation in ended?.waiting ?? [] { continuation.finish() }
        trainings.leave()
    }

    /// Returns a job that ended as it is stored, or as it must be when that cannot be read.
    private func stored(_ job: JobRunner.Prepared, _ error: (any Error)?) -> StoredJob {
        if let stored = try? workspace.jobs().first(where: { $0.record.id == job.record.id }) {
            return stored
        }
        let bare = StoredJob(number: job.number, record: job.record)
        let end: JobEnd
        switch error {
        case nil: end = JobEnd(.succeeded)
        case is CancellationError: end = JobEnd(.cancelled)
        case let error?:
            end = JobEnd(failedBy: error)
        }
        return bare.ended(end, at: job.record.createdAt)
    }
}
