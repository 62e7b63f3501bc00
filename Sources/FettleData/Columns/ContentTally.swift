/// Counts equal keys, given as 64-bit hashes, with the row in which each stands first.
///
/// Open addressing with linear steps: the keys are hashes already, and a dictionary would hash them
/// again.
public struct ContentTally: Sendable {
    private var hashes: [UInt64]
    private var slots: [UInt32]
    /// How often each key was counted, in the order of first appearance.
    public private(set) var counts: [Int] = []
    /// The row in which each key stands first.
    public private(set) var firstRows: [UInt32] = []

    /// Makes a tally with room for `count` keys before it grows.
    public init(reserving count: Int = 0) {
        var capacity = 64
        while capacity < count * 2, capacity < 1 << 32 { capacity *= 2 }
        hashes = Array(repeating: 0, count: capacity)
        slots = Array(repeating: .max, count: capacity)
    }

    /// Different keys so far.
    public var distinct: Int { counts.count }

    /// Counts a key.
    ///
    /// - Parameters:
    ///   - hash: a hash of the key that is spread over all 64 bits.
    ///   - row: where it stands.
    /// - Returns: the key's number in the order of first appearance.
    @discardableResult
    public mutating func add(_ hash: UInt64, row: UInt32) -> Int {
        let mask = hashes.count - 1
        var at = Int(truncatingIfNeeded: hash) & mask
        while slots[at] != .max {
            if hashes[at] == hash {
                counts[Int(slots[at])] += 1
                return Int(slots[at])
            }
            at = (at + 1) & mask
        }
        hashes[at] = hash
        slots[at] = UInt32(counts.count)
        counts.append(1)
        firstRows.append(row)
        let key = counts.count - 1
        if counts.count * 2 > hashes.count { grow() }
        return key
    }

    private mutating func grow() {
        let (oldHashes, oldSlots) = (hashes, slots)
        hashes = Array(repeating: 0, count: oldHashes.count * 2)
        slots = Array(repeating: .max, count: oldHashes.count * 2)
        let mask = hashes.count - 1
        for (place, slot) in oldSlots.enumerated() where slot != .max {
            var at = Int(truncatingIfNeeded: oldHashes[place]) & mask
            while slots[at] != .max { at = (at + 1) & mask }
            hashes[at] = oldHashes[place]
            slots[at] = slot
        }
    }
}
