import CTerminal
import Glibc
import Synchronization

/// One thread that runs an actor's jobs in order, so that they may block.
final class EditorThread: SerialExecutor {
    private struct Queue {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    private let queue = Mutex(Queue())
    private let event = fettle_event_create()

    init() {
        startThread { [self] in run() }
    }

    deinit {
        Glibc.close(event)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        queue.withLock { $0.jobs.append(unowned) }
        fettle_event_post(event)
    }

    /// Lets the thread end once the jobs before this call are done.
    func stop() {
        queue.withLock { $0.isStopped = true }
        fettle_event_post(event)
    }

    private func run() {
        while true {
            _ = fettle_wait_readable(event, -1, -1)
            fettle_event_drain(event)
            let (jobs, isStopped) = queue.withLock { queue in
                defer { queue.jobs = [] }
                return (queue.jobs, queue.isStopped)
            }
            for job in jobs {
                job.runSynchronously(on: asUnownedSerialExecutor())
            }
            if isStopped { return }
        }
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}

/// Runs a closure on a new thread, which nothing waits for.
func startThread(_ body: @escaping @Sendable () -> Void) {
    let context = Unmanaged.passRetained(ThreadBody(body))
    var thread = pthread_t()
    let error = pthread_create(
        &thread,
        nil,
        { context in
            guard let context else { return nil }
            Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
            return nil
        },
        context.toOpaque()
    )
    precondition(error == 0, "no thread for the line editor: error \(error)")
    pthread_detach(thread)
}
