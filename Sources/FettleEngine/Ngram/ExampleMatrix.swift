import FettleCore
import Synchronization

/// The features of many prompts, found once and then read every epoch.
///
/// One sparse row per prompt: the numbers of the features it has. Values need not be stored: a
/// feature's is its scale, and a prompt's length is found in passing when it is read.
final class ExampleMatrix: @unchecked Sendable {
    // Filled by `init`, each shard by one thread; read-only after.

    /// One prompt: its features' numbers and how many.
    struct Row {
        var features: UnsafePointer<UInt32>
        var count: Int
        var tokens: Int
    }

    let rowCount: Int
    /// How many features all prompts have together.
    private(set) var featureOccurrences = 0

    private let ends: UnsafeMutablePointer<Int>
    private let tokens: UnsafeMutablePointer<UInt32>
    private var shards: [GrowingBuffer<UInt32>] = []
    private let shardLength: Int

    /// Finds the features of `prompts` that `index` knows, on up to `threads` threads.
    init(
        _ prompts: borrowing PromptBytes,
        settings: FeatureSettings,
        index: FeatureIndex,
        threads: Int
    ) throws(CancellationError) {
        let rows = prompts.count
        rowCount = rows
        ends = .allocate(capacity: max(rows, 1))
        tokens = .allocate(capacity: max(rows, 1))
        let ranges = shardRanges(rows)
        shardLength = max(ranges.first?.count ?? 1, 1)
        let ends = UncheckedSendable(self.ends)
        let tokens = UncheckedSendable(self.tokens)
        let index = UncheckedSendable(index)
        let prompts = UncheckedSendable(prompts.pointers)
        shards = mapShards(ranges, threads: threads) { range, stop in
            var extractor = FeatureExtractor(settings)
            defer { extractor.free() }
            var ids = GrowingBuffer<UInt32>(capacity: 1 << 12)
            for row in range {
                if stop() { break }
                extractor.extract(prompts.value[row])
                for position in 0..<extractor.hashes.count {
                    let id = index.value.find(extractor.hashes[position])
                    if id >= 0 { ids.append(UInt32(truncatingIfNeeded: id)) }
                }
                ends.value[row] = ids.count
                tokens.value[row] = UInt32(clamping: extractor.tokenCount)
            }
            return ids
        }
        if Task.isCancelled { throw CancellationError() }
        featureOccurrences = shards.reduce(0) { $0 + $1.count }
    }

    deinit {
        for shard in shards { shard.free() }
        ends.deallocate()
        tokens.deallocate()
    }

    /// Calls `body` with a function that gives row `i`.
    @inline(__always)
    func row(_ number: Int, _ bases: UnsafePointer<UnsafePointer<UInt32>>) -> Row {
        let shard = number / shardLength
        let start = number == shard * shardLength ? 0 : ends[number - 1]
        return Row(
            features: bases[shard] + start,
            count: ends[number] - start,
            tokens: Int(tokens[number])
        )
    }

    /// Calls `body` with what ``row(_:_:)`` needs.
    func withShards<R>(
        _ body: (UnsafePointer<UnsafePointer<UInt32>>) throws -> R
    ) rethrows -> R {
        let bases = shards.map { UnsafePointer($0.base) }
        return try bases.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else {
                return try withUnsafeTemporaryAllocation(
                    of: UnsafePointer<UInt32>.self,
                    capacity: 1
                ) { empty in
                    guard let base = empty.baseAddress else { preconditionFailure("no memory") }
                    return try body(UnsafePointer(base))
                }
            }
            return try body(base)
        }
    }
}

/// The UTF-8 of many prompts, kept in memory for as long as the value lives.
struct PromptBytes: ~Copyable {
    let pointers: UnsafeMutablePointer<UnsafeRawBufferPointer>
    let count: Int
    private let storage: UnsafeMutableRawPointer

    /// Copies the prompts.
    ///
    /// - Throws: `CancellationError`.
    init(_ examples: [Example]) throws(CancellationError) {
        count = examples.count
        pointers = .allocate(capacity: max(count, 1))
        var size = 0
        for example in examples { size += example.prompt.utf8.count }
        storage = .allocate(byteCount: max(size, 1), alignment: 1)
        var offset = 0
        var watch = CancellationWatch(every: 1 << 22)
        for (number, example) in examples.enumerated() {
            try watch.count(example.prompt.utf8.count + 64)
            var prompt = example.prompt
            let length = prompt.withUTF8 { bytes in
                if let base = bytes.baseAddress {
                    (storage + offset).copyMemory(from: base, byteCount: bytes.count)
                }
                return bytes.count
            }
            pointers[number] = UnsafeRawBufferPointer(start: storage + offset, count: length)
            offset += length
        }
    }

    deinit {
        pointers.deallocate()
        storage.deallocate()
    }
}

/// A value that its user takes care not to write to from two threads.
struct UncheckedSendable<Value>: @unchecked Sendable {
    // Pointers into memory that is only read, or written in disjoint ranges.
    let value: Value

    init(_ value: Value) { self.value = value }
}

/// Cuts `count` rows into the same pieces whatever the number of threads, so that results do not
/// depend on it.
func shardRanges(_ count: Int) -> [Range<Int>] {
    let length = max((count + 7) / 8, 1)
    return stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
}

/// Maps ranges on up to `threads` threads.
///
/// `work` asks its second argument now and then whether to stop, which it is to when the calling task was
/// cancelled. A result may then be of a part of its range.
func mapShards<Result: Sendable>(
    _ ranges: [Range<Int>],
    threads: Int,
    _ work: @Sendable (Range<Int>, () -> Bool) -> Result
) -> [Result] {
    let results = Mutex<[Result?]>([Result?](repeating: nil, count: ranges.count))
    let next = Atomic(0)
    withUnsafeCurrentTask { task in
        // Other threads may ask it this one thing, while the calling one waits here.
        let task = UncheckedSendable(task)
        sideBySide(min(threads, ranges.count)) { _ in
            while true {
                let number = next.add(1, ordering: .relaxed).oldValue
                guard number < ranges.count else { return }
                let result = work(ranges[number]) { task.value?.isCancelled == true }
                results.withLock { $0[number] = result }
            }
        }
    }
    return results.withLock { $0.compactMap(\.self) }
}
