/// The hashing of the tables; the seed is chosen anew in each process, so that no file can be made whose
/// tokens all fall in one place.
enum ByteHash {
    static let seed = UInt64.random(in: .min ... .max)

    @inline(__always)
    static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let (high, low) = a.multipliedFullWidth(by: b)
        return high ^ low
    }

    /// Returns the hash of bytes.
    @inline(__always)
    static func of(_ bytes: UnsafePointer<UInt8>, _ count: Int, seed: UInt64) -> UInt64 {
        let raw = UnsafeRawPointer(bytes)
        var hash = seed ^ UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
        var at = 0
        while at &+ 8 <= count {
            let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            hash = mix(hash ^ word, 0xA076_1D64_78BD_642F)
            at &+= 8
        }
        var rest: UInt64 = 0
        if count >= 8 {
            rest = raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
        } else if count >= 4 {
            let low = raw.loadUnaligned(as: UInt32.self)
            let high = raw.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            rest = UInt64(high) << 32 | UInt64(low)
        } else if count > 0 {
            rest =
                UInt64(bytes[0]) | UInt64(bytes[count >> 1]) << 8 | UInt64(bytes[count &- 1]) << 16
        }
        return mix(hash ^ rest, 0xE703_7ED1_A0B4_28DB)
    }
}

/// A table from pairs of numbers to a number, in one flat array.
struct PairTable: Sendable {
    private struct Slot {
        var key: UInt64
        var value: UInt64
    }

    private static let empty = UInt64.max
    private var slots: [Slot]
    private var used = 0
    private let seed = ByteHash.seed

    /// Makes a table that will hold about `count` pairs.
    init(capacity count: Int) {
        var size = 16
        while size < count * 2 { size *= 2 }
        slots = Array(repeating: Slot(key: Self.empty, value: 0), count: size)
    }

    /// Returns the value of a pair, or nil.
    @inline(__always)
    func value(_ first: Int32, _ second: Int32) -> UInt64? {
        let key = Self.key(first, second)
        return slots.withUnsafeBufferPointer { slots in
            let mask = slots.count &- 1
            var place = Int(truncatingIfNeeded: ByteHash.mix(key ^ seed, 0xA076_1D64_78BD_642F))
            while true {
                place &= mask
                let slot = slots[place]
                if slot.key == key { return slot.value }
                if slot.key == Self.empty { return nil }
                place &+= 1
            }
        }
    }

    /// Sets the value of a pair; neither number is negative.
    mutating func set(_ first: Int32, _ second: Int32, to value: UInt64) {
        if (used + 1) * 2 > slots.count { grow() }
        insert(Slot(key: Self.key(first, second), value: value))
    }

    @inline(__always)
    private static func key(_ first: Int32, _ second: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
    }

    private mutating func insert(_ slot: Slot) {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: ByteHash.mix(slot.key ^ seed, 0xA076_1D64_78BD_642F))
        while true {
            place &= mask
            if slots[place].key == slot.key || slots[place].key == Self.empty {
                if slots[place].key == Self.empty { used += 1 }
                slots[place] = slot
                return
            }
            place += 1
        }
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(key: Self.empty, value: 0), count: old.count * 2)
        used = 0
        for slot in old where slot.key != Self.empty { insert(slot) }
    }
}
