extension [UInt64] {
    /// Sorts numbers whose top bits are those of a hash, on up to `threads` threads.
    ///
    /// They are put into pieces by their top bits first, and the pieces are sorted: in a fraction of the
    /// time of one sort, and with a moment between two pieces to look whether to go on.
    ///
    /// - Throws: `CancellationError`, with the numbers in any order.
    mutating func sortHashes(threads: Int) throws(CancellationError) {
        let bits = 8
        let pieces = 1 << bits
        var starts = [Int](repeating: 0, count: pieces + 1)
        for value in self { starts[Int(value >> (64 - UInt64(bits))) + 1] += 1 }
        for piece in 0..<pieces { starts[piece + 1] += starts[piece] }
        var next = starts
        let source = self
        withUnsafeMutableBufferPointer { target in
            for value in source {
                let piece = Int(value >> (64 - UInt64(bits)))
                target[next[piece]] = value
                next[piece] += 1
            }
            let target = UncheckedSendable(target)
            let ends = starts
            _ = mapShards((0..<pieces).map { $0..<$0 + 1 }, threads: threads) { piece, stop in
                guard !stop() else { return }
                let range = ends[piece.lowerBound]..<ends[piece.upperBound]
                var part = UnsafeMutableBufferPointer(rebasing: target.value[range])
                part.sort()
            }
        }
        if Task.isCancelled { throw CancellationError() }
    }
}
