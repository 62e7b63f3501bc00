import Synchronization

/// What Ctrl-C does: cancels the command that runs; pressed again, leaves a command alone that does not
/// stop.
public final class Interrupts: Sendable {
    /// Ends the wait for a command that goes on by itself.
    struct Abandonment: Error {}

    /// Whether the wait for a command has ended before the command, so that it must show nothing more and
    /// leave the terminal alone.
    final class Wait: Sendable {
        private let isOver = Mutex(false)

        /// The wait for the command that runs.
        @TaskLocal static var current: Wait?

        var hasBeenAbandoned: Bool { isOver.withLock { $0 } }

        fileprivate func abandon() {
            isOver.withLock { $0 = true }
        }
    }

    private struct Running {
        var cancel: @Sendable () -> Void
        var abandon: @Sendable () -> Void
        var cancelledAt: ContinuousClock.Instant?
    }

    private struct State {
        var running: Running?
        /// Whether the next command is to be cancelled before it starts.
        var isKept = false
    }

    /// For how long after the first Ctrl-C a second one abandons.
    private static let patience = Duration.seconds(3)

    private let state = Mutex(State())
    private let now: @Sendable () -> ContinuousClock.Instant

    /// Makes one with nothing to cancel.
    public convenience init() {
        self.init { ContinuousClock.now }
    }

    /// Makes one that reads the time from `now`.
    init(now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.now = now
    }

    /// Cancels the running command, or abandons one that was cancelled less than 3 s ago; returns whether
    /// there was one.
    ///
    /// Called from any thread.
    @discardableResult
    public func interrupt() -> Bool {
        let now = now()
        let action = state.withLock { state -> (@Sendable () -> Void)? in
            guard let running = state.running else { return nil }
            if let first = running.cancelledAt, now - first < Self.patience {
                return running.abandon
            }
            state.running?.cancelledAt = now
            return running.cancel
        }
        action?()
        return action != nil
    }

    /// Does the same, and without a running command cancels the next one before it starts.
    ///
    /// For a prompt: a line has been submitted, but its command has not started yet.
    public func interruptOrKeep() {
        guard !interrupt() else { return }
        state.withLock { $0.isKept = true }
    }

    /// Forgets what was kept: the line that follows was not there yet.
    public func forget() {
        state.withLock { $0.isKept = false }
    }

    /// Returns a closure that tells whether the command that calls this is no longer waited for, so that
    /// it must leave the terminal alone.
    public static func abandonmentOfCommand() -> @Sendable () -> Bool {
        let wait = Wait.current
        return { wait?.hasBeenAbandoned == true }
    }

    /// Runs `work` as a task that ``interrupt()`` cancels and, the second time, no longer waits for.
    ///
    /// With `evenIfKept` it runs although the next command is to be cancelled, as the end of the one
    /// before.
    ///
    /// - Throws: what `work` throws, or ``Abandonment``; the work then goes on, and what it gives is
    ///   dropped.
    func run<Value: Sendable>(
        evenIfKept: Bool = false,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let (results, continuation) = AsyncStream<Result<Value, any Error>>.makeStream()
        let wait = Wait()
        // Made under the lock, so that no signal falls between the start and the way to stop it.
        let task = try state.withLock { state in
            if state.isKept, !evenIfKept {
                state.isKept = false
                throw CancellationError()
            }
            let task = Task {
                let result: Result<Value, any Error>
                do {
                    result = .success(try await Wait.$current.withValue(wait, operation: work))
                } catch {
                    result = .failure(error)
                }
                continuation.yield(result)
                continuation.finish()
            }
            state.running = Running(
                cancel: { task.cancel() },
                abandon: {
                    wait.abandon()
                    continuation.yield(.failure(Abandonment()))
                    continuation.finish()
                }
            )
            return task
        }
        var hasSucceeded = false
        defer {
            state.withLock { state in
                // What was done before it could be cancelled is not all that the user wants stopped: the
                // rest of the line or script is.
                if hasSucceeded, state.running?.cancelledAt != nil { state.isKept = true }
                state.running = nil
            }
        }
        return try await withTaskCancellationHandler {
            for await result in results {
                let value = try result.get()
                hasSucceeded = true
                return value
            }
            // Only where this task was cancelled does the stream end without a result.
            throw CancellationError()
        } onCancel: {
            task.cancel()
        }
    }
}
