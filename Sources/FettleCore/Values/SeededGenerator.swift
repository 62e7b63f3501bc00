/// A small deterministic random number generator: the same seed gives the same sequence everywhere.
///
/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    /// Where the sequence stands: a generator made with it as its seed goes on from here.
    public private(set) var state: UInt64

    /// Starts the sequence of `seed`.
    public init(seed: UInt64) {
        state = seed
    }

    /// Returns the next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Returns a uniform number in `0 ..< bound`, without bias (Lemire, arXiv:1805.10941).
    ///
    /// `bound` is more than 0.
    public mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "bound \(bound) is not positive")
        let range = UInt64(bound)
        var (high, low) = range.multipliedFullWidth(by: next())
        if low < range {
            let threshold = (0 &- range) % range
            while low < threshold { (high, low) = range.multipliedFullWidth(by: next()) }
        }
        return Int(high)
    }

    /// Returns a uniform number in `0 ..< 1` with 53 random bits.
    public mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Shuffles `items` in place (Fisher and Yates).
    @inlinable
    public mutating func shuffle<Item>(_ items: inout [Item]) {
        guard items.count > 1 else { return }
        for last in stride(from: items.count - 1, to: 0, by: -1) {
            items.swapAt(last, below(last + 1))
        }
    }
}
