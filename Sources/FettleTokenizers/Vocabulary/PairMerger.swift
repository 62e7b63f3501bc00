/// Merges neighbouring symbols of a word, the pair of lowest rank first and of equals the leftmost.
///
/// It owns the memory that this takes, so that a text of many words allocates once.
struct PairMerger: Sendable {
    /// The symbols of the word; ``merge(_:)`` replaces them by its tokens.
    private(set) var ids: [Int32] = []
    /// Their bytes.
    private(set) var lengths: [Int32] = []
    private var ranks: [UInt64] = []
    private var following: [Int32] = []
    private var preceding: [Int32] = []
    private var heap = MinimumHeap()

    /// No pair: more than any rank.
    private static let none = UInt64.max
    /// Words up to this many symbols are searched for the lowest rank; longer ones keep a heap.
    private static let searched = 64

    mutating func removeAll() {
        ids.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
    }

    mutating func append(_ id: Int32, length: Int) {
        ids.append(id)
        lengths.append(Int32(truncatingIfNeeded: length))
    }

    /// Makes the last symbol longer.
    mutating func extendLast(by length: Int) {
        guard let last = lengths.last else { return }
        lengths[lengths.count - 1] = last &+ Int32(truncatingIfNeeded: length)
    }

    /// Merges all that can be merged; the values of `pairs` are rank times 2³² and the merged token.
    mutating func merge(_ pairs: PairTable) {
        guard ids.count > 1 else { return }
        ranks.removeAll(keepingCapacity: true)
        for place in 1..<ids.count {
            ranks.append(pairs.value(ids[place - 1], ids[place]) ?? Self.none)
        }
        if ids.count <= Self.searched { mergeBySearch(pairs) } else { mergeByHeap(pairs) }
    }

    private mutating func mergeBySearch(_ pairs: PairTable) {
        var count = ids.count
        ids.withUnsafeMutableBufferPointer { ids in
            lengths.withUnsafeMutableBufferPointer { lengths in
                ranks.withUnsafeMutableBufferPointer { ranks in
                    while count > 1 {
                        var lowest = Self.none >> 32
                        var at = 0
                        for place in 0..<(count &- 1) where ranks[place] >> 32 < lowest {
                            lowest = ranks[place] >> 32
                            at = place
                        }
                        guard lowest != Self.none >> 32 else { return }
                        ids[at] = Int32(truncatingIfNeeded: ranks[at])
                        lengths[at] &+= lengths[at &+ 1]
                        for place in (at &+ 1)..<(count &- 1) {
                            ids[place] = ids[place &+ 1]
                            lengths[place] = lengths[place &+ 1]
                            ranks[place &- 1] = ranks[place]
                        }
                        count &-= 1
                        if at > 0 {
                            ranks[at &- 1] = pairs.value(ids[at &- 1], ids[at]) ?? Self.none
                        }
                        if at &+ 1 < count {
                            ranks[at] = pairs.value(ids[at], ids[at &+ 1]) ?? Self.none
                        }
                    }
                }
            }
        }
        ids.removeLast(ids.count - count)
        lengths.removeLast(lengths.count - count)
    }

    private mutating func mergeByHeap(_ pairs: PairTable) {
        let count = ids.count
        following = (1...Int32(count)).map { $0 }
        preceding = (-1..<Int32(count - 1)).map { $0 }
        ranks.append(Self.none)
        heap.fill(with: ranks)
        while let (rank, at) = heap.popFirst() {
            // An entry whose pair is gone, or is another one by now.
            guard ranks[at] != Self.none, ranks[at] >> 32 == rank else { continue }
            let next = Int(following[at])
            ids[at] = Int32(truncatingIfNeeded: ranks[at])
            lengths[at] += lengths[next]
            lengths[next] = 0
            ranks[next] = Self.none
            let after = Int(following[next])
            following[at] = Int32(after)
            ranks[at] = Self.none
            if after < count {
                preceding[after] = Int32(at)
                ranks[at] = pairs.value(ids[at], ids[after]) ?? Self.none
                heap.insert(ranks[at], at)
            }
            let before = Int(preceding[at])
            if before >= 0 {
                ranks[before] = pairs.value(ids[before], ids[at]) ?? Self.none
                heap.insert(ranks[before], before)
            }
        }
        var kept = 0
        for place in 0..<count where lengths[place] > 0 {
            ids[kept] = ids[place]
            lengths[kept] = lengths[place]
            kept += 1
        }
        ids.removeLast(count - kept)
        lengths.removeLast(count - kept)
    }
}

/// Places by rank, and equal ranks by place: a binary heap of both in one number.
private struct MinimumHeap: Sendable {
    private var entries: [UInt64] = []

    mutating func fill(with ranks: [UInt64]) {
        entries.removeAll(keepingCapacity: true)
        for (place, rank) in ranks.enumerated() where rank != .max {
            entries.append((rank & ~0xFFFF_FFFF) | UInt64(place))
        }
        for place in stride(from: entries.count / 2 - 1, through: 0, by: -1) { sink(place) }
    }

    mutating func insert(_ rank: UInt64, _ place: Int) {
        guard rank != .max else { return }
        entries.append((rank & ~0xFFFF_FFFF) | UInt64(place))
        var child = entries.count - 1
        while child > 0, entries[child] < entries[(child - 1) / 2] {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func popFirst() -> (rank: UInt64, place: Int)? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sink(0)
        }
        return (first >> 32, Int(first & 0xFFFF_FFFF))
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var child = 2 * parent + 1
            guard child < entries.count else { return }
            if child + 1 < entries.count, entries[child + 1] < entries[child] { child += 1 }
            guard entries[child] < entries[parent] else { return }
            entries.swapAt(child, parent)
            parent = child
        }
    }
}
