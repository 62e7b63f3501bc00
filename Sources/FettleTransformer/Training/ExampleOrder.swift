/// Which examples are in which step: every epoch in an order of its own, decided by the seed.
public struct ExampleOrder: Sendable {
    private let lengths: [Int]
    private let batchSize: Int
    private let shuffles: Bool
    private let groupsByLength: Bool
    private let seed: UInt64
    /// Steps of an epoch.
    public let stepsPerEpoch: Int

    /// Steps among whose examples those of like length are put together.
    private static let window = 16

    /// Makes the order.
    ///
    /// - Parameters:
    ///   - lengths: the tokens of each example.
    ///   - options: the run's, of which it takes batch, seed, and whether examples are shuffled or grouped.
    public init(lengths: [Int], options: TuningOptions) {
        self.lengths = lengths
        batchSize = options.batchSize
        shuffles = options.shuffles
        groupsByLength = options.groupsByLength
        seed = options.seed
        stepsPerEpoch = (lengths.count + batchSize - 1) / batchSize
    }

    /// Returns the examples of each step of an epoch.
    public func batches(epoch: Int) -> [[Int]] {
        var generator = SplitMix64(seed &+ UInt64(epoch) &* 0xA076_1D64_78BD_642F)
        var order = Array(lengths.indices)
        if shuffles { order.shuffle(using: &generator) }
        guard groupsByLength else { return cut(order[...]) }
        let size = Self.window * batchSize
        return stride(from: 0, to: order.count, by: size).flatMap { start in
            let some = order[start..<min(start + size, order.count)]
            let sorted = some.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
            var batches = cut(sorted[...])
            // The short last batch of all stays last, as if it were not grouped.
            let whole = batches.last?.count == batchSize ? batches.count : batches.count - 1
            batches[..<whole].shuffle(using: &generator)
            return batches
        }
    }

    private func cut(_ order: ArraySlice<Int>) -> [[Int]] {
        stride(from: order.startIndex, to: order.endIndex, by: batchSize).map { start in
            Array(order[start..<min(start + batchSize, order.endIndex)])
        }
    }

    /// Divides a step's examples among lanes, the longest first to the lane with the fewest tokens, and each
    /// lane's into passes of at most `tokens` tokens and about the same size.
    static func passes(
        _ lengths: [Int],
        lanes: Int,
        tokens: Int
    ) -> [[[Int]]] {
        var loads = [Int](repeating: 0, count: lanes)
        var shares = [[Int]](repeating: [], count: lanes)
        for index in lengths.indices.sorted(by: { (lengths[$1], $0) < (lengths[$0], $1) }) {
            let lane = loads.indices.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0
            loads[lane] += lengths[index]
            shares[lane].append(index)
        }
        return zip(shares, loads).map { share, load in
            let even = load / max(1, (load + tokens - 1) / tokens)
            var passes: [[Int]] = []
            var filled = 0
            for index in share.sorted() {
                // A pass ends where going on would leave it further from its even share.
                let goesOver = filled + lengths[index] > tokens
                let isFull = filled + lengths[index] / 2 > even
                if passes.isEmpty || goesOver || isFull {
                    passes.append([])
                    filled = 0
                }
                passes[passes.count - 1].append(index)
                filled += lengths[index]
            }
            return passes
        }
    }
}
