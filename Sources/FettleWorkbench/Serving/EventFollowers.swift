import FettleCore
import FettleStore
import Synchronization

/// Those who follow the events of jobs, for all of whom one task looks at the workspace.
final class EventFollowers: Sendable {
    private struct Follower {
        var job: String
        /// The number of the last event that it was told.
        var last: Int64 = 0
        var isNew = true
        var continuation: AsyncStream<ServedEvent>.Continuation
        /// Writes what the end of the job lacks.
        var settle: @Sendable () -> Void
    }

    private struct State {
        var followers: [Int: Follower] = [:]
        var next = 0
        var task: Task<Void, Never>?
    }

    /// How often the workspace is looked at.
    private static let interval = Duration.milliseconds(100)
    /// Looks after which the jobs' states are looked at though no event came.
    private static let looks = 10

    private let workspace: Workspace
    private let state = Mutex(State())

    init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    deinit {
        stop()
    }

    /// Returns the messages of a job so far and those that come until it has ended; `settle` writes what its
    /// end lacks.
    func stream(
        of job: String,
        settle: @escaping @Sendable () -> Void
    ) -> AsyncStream<ServedEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: ServedEvent.self)
        state.withLock { state in
            let number = state.next
            state.next += 1
            state.followers[number] = Follower(
                job: job,
                continuation: continuation,
                settle: settle
            )
            continuation.onTermination = { [weak self] _ in
                // Not at once: whoever ends the stream may hold the lock.
                Task { self?.remove(number) }
            }
            if state.task == nil {
                state.task = Task { [weak self] in
                    var seen: Int64 = -1
                    var look = 0
                    while self?.look(&seen, isThorough: look % Self.looks == 0) == true {
                        look += 1
                        guard (try? await Task.sleep(for: Self.interval)) != nil else { return }
                    }
                }
            }
        }
        return stream
    }

    /// Ends all streams.
    func stop() {
        let (followers, task) = state.withLock { state in
            let all = (Array(state.followers.values), state.task)
            state.followers = [:]
            state.task = nil
            return all
        }
        task?.cancel()
        for follower in followers { follower.continuation.finish() }
    }

    private func remove(_ number: Int) {
        state.withLock { _ = $0.followers.removeValue(forKey: number) }
    }

    /// Tells followers what is new; returns false, and forgets the task, when there is nobody to tell.
    private func look(_ seen: inout Int64, isThorough: Bool) -> Bool {
        let followers = state.withLock { state in
            if state.followers.isEmpty { state.task = nil }
            return state.followers
        }
        guard !followers.isEmpty else { return false }
        guard let store = try? workspace.store(), let last = try? store.lastEvent() else {
            return true
        }
        let isChanged = last != seen
        var ended: [String: Bool] = [:]
        for (number, follower) in followers where isChanged || isThorough || follower.isNew {
            let hasEnded = ended[follower.job] ?? isOver(follower, store)
            ended[follower.job] = hasEnded
            guard let events = try? store.events(ofJob: follower.job, after: follower.last) else {
                return true
            }
            for event in events { follower.continuation.yield(ServedEvent(event)) }
            state.withLock { state in
                state.followers[number]?.isNew = false
                if let event = events.last { state.followers[number]?.last = event.id }
                if hasEnded { state.followers[number] = nil }
            }
            if hasEnded { follower.continuation.finish() }
        }
        seen = last
        return true
    }

    /// Whether a job has ended and no event comes after those that are there.
    private func isOver(_ follower: Follower, _ store: Store) -> Bool {
        guard let status = (try? workspace.job(follower.job))??.record.status, status.isFinal else {
            return false
        }
        follower.settle()
        return true
    }
}
