#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Finds the texts that share most words and word pairs with one text.
///
/// The overlap is the share of the one text's words, marks and pairs that stand in the other too, where each
/// counts as the natural logarithm of all texts by those that have it: a rare word more than a common one,
/// and one that all have nothing.
public enum NgramOverlap {
    /// One of the texts, and how much of the one text stands in it.
    public struct Neighbour: Hashable, Sendable {
        /// The place among the texts.
        public var index: Int
        /// From 0, nothing, to 1, everything.
        public var overlap: Double
    }

    private static let settings = FeatureSettings(
        wordOrder: 2,
        characterMinimum: 0,
        characterMaximum: 0,
        titles: false
    )

    /// Returns the `count` texts with the largest overlap, of equals the shortest and then the first; those
    /// that share nothing are left out.
    ///
    /// - Throws: `CancellationError`.
    public static func nearest(
        to text: String,
        among texts: [String],
        count: Int
    ) throws(CancellationError) -> [Neighbour] {
        var extractor = FeatureExtractor(settings)
        defer { extractor.free() }
        var numbers: [UInt64: Int] = [:]
        for hash in hashes(of: text, &extractor) where numbers[hash] == nil {
            numbers[hash] = numbers.count
        }
        var frequencies = [Int](repeating: 0, count: numbers.count)
        var shared: [(index: Int, features: [Int], length: Int)] = []
        var watch = CancellationWatch(every: 1 << 20)
        for (index, other) in texts.enumerated() {
            try watch.count(other.utf8.count + 64)
            let features = hashes(of: other, &extractor).compactMap { numbers[$0] }
            for feature in features { frequencies[feature] += 1 }
            if !features.isEmpty { shared.append((index, features, other.utf8.count)) }
        }
        // The text itself is one of all, so that what only it has counts most.
        let total = Double(texts.count + 1)
        let weights = frequencies.map { log(total / Double($0 + 1)) }
        let whole = weights.reduce(0, +)
        guard whole > 0 else { return [] }
        let sorted = shared.map { item in
            let sum = item.features.reduce(0.0) { $0 + weights[$1] }
            return (Neighbour(index: item.index, overlap: min(1, sum / whole)), item.length)
        }.filter { $0.0.overlap > 0 }
            .sorted { ($1.0.overlap, $0.1, $0.0.index) < ($0.0.overlap, $1.1, $1.0.index) }
        return sorted.prefix(max(0, count)).map(\.0)
    }

    private static func hashes(of text: String, _ extractor: inout FeatureExtractor) -> [UInt64] {
        var text = text
        text.withUTF8 { extractor.extract(UnsafeRawBufferPointer($0)) }
        return (0..<extractor.hashes.count).map { extractor.hashes[$0] }
    }
}
