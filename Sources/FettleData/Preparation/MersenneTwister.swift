/// The random numbers with which the old command line parted examples, so that the same file gives the same parts.
///
/// MT19937 as Matsumoto and Nishimura published it, and the order that NumPy's `RandomState.permutation` makes of
/// its numbers.
struct MersenneTwister {
    private static let size = 624
    private var words: [UInt32]
    private var next = size

    /// Starts with a seed.
    init(seed: UInt32) {
        words = [seed]
        for index in 1..<Self.size {
            let last = words[index - 1]
            words.append(1_812_433_253 &* (last ^ last >> 30) &+ UInt32(index))
        }
    }

    /// Returns the next 32 bits.
    mutating func word() -> UInt32 {
        if next == Self.size { refill() }
        var word = words[next]
        next += 1
        word ^= word >> 11
        word ^= word << 7 & 0x9D2C_5680
        word ^= word << 15 & 0xEFC6_0000
        return word ^ word >> 18
    }

    private mutating func refill() {
        for index in 0..<Self.size {
            let mixed =
                words[index] & 0x8000_0000 | words[(index + 1) % Self.size] & 0x7FFF_FFFF
            let turned = mixed >> 1 ^ (mixed & 1 == 0 ? 0 : 0x9908_B0DF)
            words[index] = words[(index + 397) % Self.size] ^ turned
        }
        next = 0
    }

    /// Returns the numbers below `count` in a random order.
    mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for place in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(place, number(upTo: UInt32(place)))
        }
        return order
    }

    /// Returns a number from 0 to `greatest`, all equally likely.
    private mutating func number(upTo greatest: UInt32) -> Int {
        let mask = UInt32.max >> greatest.leadingZeroBitCount
        while true {
            let number = word() & mask
            if number <= greatest { return Int(number) }
        }
    }
}
