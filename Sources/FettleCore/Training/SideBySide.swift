import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Runs `body` for each number below `count`, on several threads of which the calling one is the first, and waits
/// for all.
///
/// The other threads have the calling one's priority: they give way where it does, such as those of a job that
/// trains behind a server's answers. Which thread runs which number is left open, as is how many run at once.
public func sideBySide(_ count: Int, _ body: @Sendable (Int) -> Void) {
    guard count > 1, givesWay else {
        return DispatchQueue.concurrentPerform(iterations: count, execute: body)
    }
    let next = Atomic(0)
    @Sendable func work() {
        while true {
            let number = next.add(1, ordering: .relaxed).oldValue
            guard number < count else { return }
            body(number)
        }
    }
    withoutActuallyEscaping(work) { work in
        let others = DispatchGroup()
        for _ in 1..<count {
            DispatchQueue.global(qos: .background).async(group: others, execute: work)
        }
        work()
        others.wait()
    }
}

/// Whether the calling thread gives way to the process's first one, as those of Linux's queues of background work do
/// (nice 10).
private var givesWay: Bool {
    let kind = __priority_which_t(PRIO_PROCESS.rawValue)
    return getpriority(kind, 0) > getpriority(kind, id_t(getpid()))
}
