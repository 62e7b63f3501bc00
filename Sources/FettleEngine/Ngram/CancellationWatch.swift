/// Looks whether the task was cancelled, once in so much work that the look costs nothing.
struct CancellationWatch {
    private let interval: Int
    private var done = 0

    /// Makes a watch that looks after every `interval` units of work.
    init(every interval: Int) {
        self.interval = interval
    }

    /// Counts units of work that were done.
    ///
    /// - Throws: `CancellationError` when it looked and the task was cancelled.
    @inline(__always)
    mutating func count(_ units: Int = 1) throws(CancellationError) {
        done &+= units
        if done >= interval { try look() }
    }

    @inline(never)
    private mutating func look() throws(CancellationError) {
        done = 0
        if Task.isCancelled { throw CancellationError() }
    }
}
