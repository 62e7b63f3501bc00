/// How long the texts of a column are, in characters.
public struct LengthSummary: Hashable, Sendable {
    /// A stretch of lengths.
    public struct Bin: Hashable, Sendable {
        /// The smallest length in it.
        public var lower: Int
        /// The smallest length above it.
        public var upper: Int
        /// Texts whose length is in it.
        public var count: Int
    }

    /// The shortest.
    public let minimum: Int
    /// The smallest length that at least half of the texts do not exceed.
    public let median: Int
    /// The smallest length that at least 95 % of the texts do not exceed.
    public let percentile95: Int
    /// The longest.
    public let maximum: Int
    /// About ten bins of equal, round width that hold all lengths.
    public let histogram: [Bin]

    /// Summarises lengths, of which there is at least one.
    init(_ lengths: [UInt32]) {
        let sorted = lengths.sorted()
        func rank(_ percent: Int) -> Int {
            sorted.isEmpty ? 0 : Int(sorted[(sorted.count * percent + 99) / 100 - 1])
        }
        minimum = Int(sorted.first ?? 0)
        maximum = Int(sorted.last ?? 0)
        median = rank(50)
        percentile95 = rank(95)
        let width = Self.roundWidth(for: maximum - minimum)
        let first = minimum / width
        var counts = [Int](repeating: 0, count: maximum / width - first + 1)
        for length in sorted { counts[Int(length) / width - first] += 1 }
        histogram = counts.enumerated().map { place, count in
            Bin(lower: (first + place) * width, upper: (first + place + 1) * width, count: count)
        }
    }

    /// Returns 1, 2 or 5 times a power of ten, so that about ten bins cover `span`.
    private static func roundWidth(for span: Int) -> Int {
        var power = 1
        while true {
            for factor in [1, 2, 5] where factor * power * 10 >= span { return factor * power }
            power *= 10
        }
    }
}

/// Counts characters in UTF-8 bytes.
enum CharacterCount {
    /// Returns the number of Unicode scalars: of bytes that do not continue one.
    static func scalars(in bytes: UnsafeRawBufferPointer) -> Int {
        var count = 0
        for byte in bytes where byte & 0xC0 != 0x80 { count &+= 1 }
        return count
    }
}
