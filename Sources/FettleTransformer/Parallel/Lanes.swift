import FettleCore
import Synchronization

/// Whether the task that began some parallel work was cancelled, seen from each of its threads.
struct Cancellation: Sendable {
    // A task's handle may be asked whether it is cancelled from anywhere while the task waits.
    private nonisolated(unsafe) let task: UnsafeCurrentTask?

    fileprivate init(_ task: UnsafeCurrentTask?) { self.task = task }

    /// Throws `CancellationError` when it was.
    func check() throws {
        if task?.isCancelled == true { throw CancellationError() }
    }
}

/// Runs `body` for each lane at once, the calling thread being one of them, and waits for all.
///
/// - Throws: the first error of the lanes, by their number.
func inLanes(
    _ count: Int,
    _ body: @Sendable (_ lane: Int, _ cancellation: Cancellation) throws -> Void
) throws {
    let errors = Mutex<[Int: any Error]>([:])
    withUnsafeCurrentTask { task in
        let cancellation = Cancellation(task)
        sideBySide(count) { lane in
            do {
                try body(lane, cancellation)
            } catch {
                errors.withLock { $0[lane] = error }
            }
        }
    }
    let found = errors.withLock { $0 }
    if let first = found.min(by: { $0.key < $1.key }) { throw first.value }
}
