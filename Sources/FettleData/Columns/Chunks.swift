import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Work on many rows in chunks, on as many threads as the machine has processors.
///
/// The calling thread works too, looks whether its task was cancelled and reports; its helpers stop when
/// it does.
enum Chunks {
    /// The most threads: beyond these, memory is the limit.
    private static let mostThreads = 8
    private static let threads = max(1, min(mostThreads, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    /// What the threads share.
    private final class Shared: Sendable {
        private let next = Atomic(0)
        private let failure = Mutex<(any Error)?>(nil)
        private let isStopped = Atomic(false)
        let count: Int

        init(count: Int) { self.count = count }

        /// The next chunk to do, or nil when there is none or one has failed.
        func claim() -> Int? {
            guard !isStopped.load(ordering: .relaxed) else { return nil }
            let index = next.add(1, ordering: .relaxed).oldValue
            return index < count ? index : nil
        }

        func fail(_ error: any Error) {
            failure.withLock { $0 = $0 ?? error }
            isStopped.store(true, ordering: .relaxed)
        }

        var hasFailed: Bool { isStopped.load(ordering: .relaxed) }

        func check() throws {
            if let error = failure.withLock({ $0 }) { throw error }
        }
    }

    /// Calls `body` with ranges of `size` rows that make up `0 ..< rows`, on several threads at once and
    /// in no certain order.
    ///
    /// - Throws: `CancellationError` when the task was cancelled; some ranges are then not done.
    static func forEach(
        rows: Int,
        size: Int = 1 << 14,
        _ body: @escaping @Sendable (Range<Int>) -> Void
    ) throws {
        try run(rows: rows, size: size, onProgress: { _ in }) { range, _, _ in body(range) }
    }

    /// Returns what `body` makes of ranges of `size` rows, which several threads work on, in the order of
    /// the rows.
    ///
    /// - Throws: `CancellationError` when the task was cancelled.
    static func map<Result: Sendable>(
        rows: Int,
        size: Int = 1 << 14,
        _ body: @escaping @Sendable (Range<Int>) -> Result
    ) throws -> [Result] {
        let made = Made<Result>(count: (rows + size - 1) / size)
        try forEach(rows: rows, size: size) { range in
            let result = body(range)
            made.results.withLock { $0[range.lowerBound / size] = result }
        }
        return made.results.withLock { $0.compactMap(\.self) }
    }

    /// What the ranges gave so far.
    private final class Made<Result: Sendable>: Sendable {
        let results: Mutex<[Result?]>

        init(count: Int) { results = Mutex(Array(repeating: nil, count: count)) }
    }

    /// Renders ranges of `size` rows on several threads at once and writes them in their order.
    ///
    /// - Parameters:
    ///   - rows: how many rows there are.
    ///   - size: rows of a range.
    ///   - onProgress: called on the calling thread with the rows written.
    ///   - render: appends the bytes of a range.
    ///   - write: takes the bytes of the ranges, one call at a time, in the order of the rows.
    /// - Throws: what `write` throws, and `CancellationError` when the task was cancelled.
    static func render(
        rows: Int,
        size: Int = 1 << 12,
        onProgress: (Int) -> Void,
        _ render: @escaping @Sendable (Range<Int>, inout [UInt8]) -> Void,
        write: @escaping @Sendable ([UInt8]) throws -> Void
    ) throws {
        let turns = (0...(rows + size - 1) / size).map { _ in DispatchSemaphore(value: 0) }
        turns[0].signal()
        try run(rows: rows, size: size, onProgress: onProgress) { range, shared, bytes in
            let index = range.lowerBound / size
            bytes.removeAll(keepingCapacity: true)
            if !shared.hasFailed { render(range, &bytes) }
            turns[index].wait()
            defer { turns[index + 1].signal() }
            guard !shared.hasFailed else { return }
            do { try write(bytes) } catch { shared.fail(error) }
        }
    }

    private static func run(
        rows: Int,
        size: Int,
        onProgress: (Int) -> Void,
        _ body: @escaping @Sendable (Range<Int>, Shared, inout [UInt8]) -> Void
    ) throws {
        try Task.checkCancellation()
        let shared = Shared(count: (rows + size - 1) / size)
        let helpers = DispatchGroup()
        for _ in 1..<max(1, min(threads, shared.count)) {
            DispatchQueue.global().async(group: helpers) {
                var bytes: [UInt8] = []
                while let index = shared.claim() {
                    body(index * size..<min(rows, (index + 1) * size), shared, &bytes)
                }
            }
        }
        var bytes: [UInt8] = []
        while let index = shared.claim() {
            let end = min(rows, (index + 1) * size)
            body(index * size..<end, shared, &bytes)
            if Task.isCancelled { shared.fail(CancellationError()) }
            if !shared.hasFailed, end < rows { onProgress(end) }
        }
        helpers.wait()
        try shared.check()
        onProgress(rows)
    }
}
