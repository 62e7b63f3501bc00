import Dispatch
import FettleCore
import Synchronization

/// Reads a large source in pieces on two threads; the result is the same as on one.
enum SourcePieces {
    /// Bytes of a piece: large against what starting one costs, small against what a user waits.
    static let usualSize = 4 << 20

    /// Returns pieces of about `size` bytes that end after line feeds.
    static func lines(of source: SourceText, size: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = source.start
        while start < source.count {
            var end = source.count
            if end - start > size + size / 2 {
                end = ByteScan.first(
                    ByteScan.lineFeed,
                    in: source.bytes,
                    from: start + size,
                    to: source.count
                )
                end = min(end + 1, source.count)
            }
            pieces.append(start..<end)
            start = end
        }
        return pieces
    }

    /// Reads the pieces and returns their rows in order, up to the first that failed.
    ///
    /// The calling thread reads too, reports the progress and looks whether it was cancelled.
    static func read(
        _ pieces: [Range<Int>],
        of source: SourceText,
        progress: (LoadProgress) throws -> Void,
        body: @escaping @Sendable (Range<Int>) -> RowBatch
    ) throws -> [RowBatch] {
        let shared = Shared(pieces, body)
        let helper = DispatchGroup()
        if pieces.count > 1 {
            DispatchQueue.global().async(group: helper) {
                while shared.readNext() {}
            }
        }
        defer { helper.wait() }
        func report() throws {
            let (bytes, rows) = shared.done()
            try progress(LoadProgress(bytesDone: bytes, bytesTotal: source.count, rows: rows))
        }
        do {
            while shared.readNext() { try report() }
        } catch {
            shared.stop()
            throw error
        }
        helper.wait()
        // The other thread may have read the last pieces, or all of them.
        try report()
        return shared.batches()
    }

    /// What both threads see.
    private final class Shared: Sendable {
        private struct State {
            var next = 0
            var limit: Int
            var batches: [RowBatch?]
            var bytes = 0
            var rows = 0
        }

        private let pieces: [Range<Int>]
        private let body: @Sendable (Range<Int>) -> RowBatch
        private let state: Mutex<State>

        init(_ pieces: [Range<Int>], _ body: @escaping @Sendable (Range<Int>) -> RowBatch) {
            self.pieces = pieces
            self.body = body
            state = Mutex(
                State(limit: pieces.count, batches: Array(repeating: nil, count: pieces.count))
            )
        }

        /// Reads one more piece; false when there is none left.
        func readNext() -> Bool {
            let index: Int? = state.withLock { state in
                guard state.next < state.limit else { return nil }
                state.next += 1
                return state.next - 1
            }
            guard let index else { return false }
            let batch = body(pieces[index])
            state.withLock { state in
                // Pieces before a failure are still read: an earlier one may hold the first bad row.
                if batch.failure != nil { state.limit = min(state.limit, index + 1) }
                state.bytes += pieces[index].count
                state.rows += batch.rowCount
                state.batches[index] = batch
            }
            return true
        }

        func stop() {
            state.withLock { $0.limit = 0 }
        }

        func done() -> (bytes: Int, rows: Int) {
            state.withLock { ($0.bytes, $0.rows) }
        }

        func batches() -> [RowBatch] {
            state.withLock { state in
                let read = state.batches.prefix(state.limit).compactMap(\.self)
                state.batches = []
                return read
            }
        }
    }
}
