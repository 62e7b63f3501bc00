import Synchronization

/// What Ctrl-C does: cancels the command that runs, and nothing when none does.
public final class Interrupts: Sendable {
    private let cancel = Mutex<(@Sendable () -> Void)?>(nil)

    /// Makes one with nothing to cancel.
    public init() {}

    /// Cancels the running command; returns whether there was one.
    ///
    /// Called from any thread.
    @discardableResult
    public func interrupt() -> Bool {
        let action = cancel.withLock { $0 }
        action?()
        return action != nil
    }

    /// Runs `work` as a task that ``interrupt()`` cancels.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        // Made under the lock, so that no signal falls between the start and the way to stop it.
        let task = cancel.withLock { slot in
            let task = Task { try await work() }
            slot = { task.cancel() }
            return task
        }
        defer { cancel.withLock { $0 = nil } }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
