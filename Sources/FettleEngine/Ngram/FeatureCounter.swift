/// Counts in how many prompts each feature stands.
///
/// An open-addressing table. When it would pass ``limit`` entries, features seen once are forgotten
/// first (the idea of lossy counting: Manku and Motwani, VLDB 2002), which bounds its memory.
struct FeatureCounter {
    private var keys: UnsafeMutablePointer<UInt64>
    private var counts: UnsafeMutablePointer<UInt32>
    private var mask: Int
    private(set) var count = 0
    private let limit: Int

    /// Makes an empty counter of at most about `limit` features.
    init(limit: Int) {
        self.init(slots: 1 << 14, limit: limit)
    }

    private init(slots: Int, limit: Int) {
        self.limit = limit
        mask = slots - 1
        keys = .allocate(capacity: slots)
        counts = .allocate(capacity: slots)
        keys.initialize(repeating: 0, count: slots)
        counts.initialize(repeating: 0, count: slots)
    }

    func free() {
        keys.deallocate()
        counts.deallocate()
    }

    /// Adds one prompt's worth of a feature.
    @inline(__always)
    mutating func add(_ hash: UInt64) {
        add(hash, 1)
    }

    @inline(__always)
    private mutating func add(_ hash: UInt64, _ amount: UInt32) {
        var slot = Self.slot(hash, mask)
        while counts[slot] != 0 {
            if keys[slot] == hash {
                let (sum, overflow) = counts[slot].addingReportingOverflow(amount)
                counts[slot] = overflow ? .max : sum
                return
            }
            slot = (slot + 1) & mask
        }
        keys[slot] = hash
        counts[slot] = amount
        count += 1
        if count > (mask + 1) / 5 * 3 { makeRoom() }
    }

    @inline(__always)
    private static func slot(_ hash: UInt64, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: hash >> 20) & mask
    }

    @inline(never)
    private mutating func makeRoom() {
        let slots = mask + 1
        var kept = 0
        let prune = count > limit
        if prune {
            for slot in 0..<slots where counts[slot] > 1 { kept += 1 }
        } else {
            kept = count
        }
        let larger = kept > slots / 4
        var next = FeatureCounter(slots: larger ? slots * 2 : slots, limit: limit)
        for slot in 0..<slots where counts[slot] > (prune ? 1 : 0) {
            next.add(keys[slot], counts[slot])
        }
        free()
        self = next
    }

    /// Adds all that another counter counted.
    ///
    /// - Throws: `CancellationError`, having added a part of it.
    mutating func merge(_ other: FeatureCounter) throws(CancellationError) {
        var watch = CancellationWatch(every: 1 << 18)
        for slot in 0...other.mask {
            try watch.count()
            if other.counts[slot] != 0 { add(other.keys[slot], other.counts[slot]) }
        }
    }

    /// Calls `body` with every feature and its count, in no useful order.
    @inline(__always)
    func forEach(_ body: (UInt64, Int) -> Void) {
        for slot in 0...mask where counts[slot] != 0 { body(keys[slot], Int(counts[slot])) }
    }
}
