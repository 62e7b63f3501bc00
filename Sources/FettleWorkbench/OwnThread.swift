import Dispatch
import Foundation
import Synchronization

/// A thread for what must be done though the task that asks for it was cancelled, such as ending a job elsewhere.
enum OwnThread {
    /// Runs `work` where the cancelling of this task does not reach it, and waits for it.
    static func run(_ work: @escaping @Sendable () throws -> Void) throws {
        let result = Mutex<Result<Void, any Error>>(.success(()))
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            let outcome = Result { try work() }
            result.withLock { $0 = outcome }
            done.signal()
        }
        done.wait()
        try result.withLock { $0 }.get()
    }
}
