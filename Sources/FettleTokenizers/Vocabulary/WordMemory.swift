/// The tokens of words seen before: a table where a word replaces another of the same place.
struct WordMemory: Sendable {
    private struct Slot {
        var hash: UInt64 = 0
        var word: UInt32 = 0
        var tokens: UInt32 = 0
        var wordCount: UInt16 = 0
        /// 0 where there is no word.
        var tokenCount: UInt16 = 0
    }

    /// Longer words come once.
    static let longest = 64

    private static let slotCount = 1 << 14
    private static let mostBytes = 1 << 20
    private var slots: [Slot]
    private var bytes: [UInt8] = []
    private var ids: [Int32] = []
    private var lengths: [Int32] = []
    private let seed = ByteHash.seed

    /// Makes an empty memory; one that is not used takes no room.
    init(isUsed: Bool) {
        slots = isUsed ? Array(repeating: Slot(), count: Self.slotCount) : []
    }

    /// Returns the hash of a word, for ``recall(_:_:hash:ids:lengths:)`` and ``keep(_:_:hash:ids:lengths:)``.
    @inline(__always)
    func hash(_ word: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        ByteHash.of(word, count, seed: seed)
    }

    /// Appends the tokens of a word and their bytes, or returns false.
    @inline(__always)
    func recall(
        _ word: UnsafePointer<UInt8>,
        _ count: Int,
        hash: UInt64,
        ids out: inout [Int32],
        lengths outLengths: inout [Int32]
    ) -> Bool {
        let slot = slots[Int(truncatingIfNeeded: hash >> 32) & (Self.slotCount &- 1)]
        guard slot.tokenCount > 0, slot.hash == hash, Int(slot.wordCount) == count else {
            return false
        }
        let start = Int(slot.word)
        for offset in 0..<count where bytes[start &+ offset] != word[offset] { return false }
        let first = Int(slot.tokens)
        for position in first..<(first &+ Int(slot.tokenCount)) {
            out.append(ids[position])
            outLengths.append(lengths[position])
        }
        return true
    }

    /// Keeps the tokens of a word of at most ``longest`` bytes.
    mutating func keep(
        _ word: UnsafePointer<UInt8>,
        _ count: Int,
        hash: UInt64,
        ids tokens: ArraySlice<Int32>,
        lengths tokenLengths: ArraySlice<Int32>
    ) {
        guard !tokens.isEmpty else { return }
        if bytes.count > Self.mostBytes {
            for place in slots.indices { slots[place].tokenCount = 0 }
            bytes.removeAll(keepingCapacity: true)
            ids.removeAll(keepingCapacity: true)
            lengths.removeAll(keepingCapacity: true)
        }
        slots[Int(truncatingIfNeeded: hash >> 32) & (Self.slotCount - 1)] = Slot(
            hash: hash,
            word: UInt32(bytes.count),
            tokens: UInt32(ids.count),
            wordCount: UInt16(count),
            tokenCount: UInt16(tokens.count)
        )
        bytes.append(contentsOf: UnsafeBufferPointer(start: word, count: count))
        ids.append(contentsOf: tokens)
        lengths.append(contentsOf: tokenLengths)
    }
}
