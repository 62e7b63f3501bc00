/// The rows in the order of how likely a class is held to be, the likeliest first, for the areas under the
/// curves of this class against the rest.
struct ClassRanking {
    /// A stretch of the order, by where its parts end: rows of other classes, rows of other classes that are as
    /// likely as those of the class after them, and rows of the class that are all as likely.
    private struct Block {
        var others: Int32
        var tied: Int32
        var hits: Int32
    }

    private var order: [Int32] = []
    private var blocks: [Block] = []

    /// Ranks rows; a class that the model does not know has the probability 0 at every row.
    init(_ index: Int, _ examples: [ScoredExample]) {
        let keys = examples.map { example -> Double in
            let values = example.logprobs
            return index < values.count ? values[values.startIndex + index] : -.infinity
        }
        let ranked = descendingOrder(of: keys)
        order.reserveCapacity(ranked.count)
        var start = 0
        var blockStart = 0
        while start < ranked.count {
            var end = start + 1
            let key = keys[Int(ranked[start])]
            while end < ranked.count, keys[Int(ranked[end])] == key { end += 1 }
            let group = ranked[start..<end]
            let hits = group.filter { examples[Int($0)].truth == index }
            start = end
            guard !hits.isEmpty else {
                order += group
                continue
            }
            let others = order.count
            order += group.filter { examples[Int($0)].truth != index }
            let tied = order.count
            order += hits
            blocks.append(Block(others: Int32(others), tied: Int32(tied), hits: Int32(order.count)))
            blockStart = order.count
        }
        if blockStart < order.count {
            let end = Int32(order.count)
            blocks.append(Block(others: end, tied: end, hits: end))
        }
    }

    /// Returns the area under the curve of the true against the false positive rate, each row counting as often
    /// as `times` says; nil without rows of both kinds.
    func areaUnderROC(_ times: [Int32]) -> Double? {
        // Twice the pairs that are in the right order, so that ties are whole numbers too.
        var (won, positives, others) = (0, 0, 0)
        forEachBlock(times) { lone, tied, hits in
            won += 2 * lone * positives + tied * (2 * positives + hits)
            positives += hits
            others += lone + tied
        }
        guard positives > 0, others > 0 else { return nil }
        return min(1, Double(won) / 2 / Double(positives) / Double(others))
    }

    /// Returns the precision over all thresholds, weighted by the recall that each adds; nil without a row of
    /// the class.
    func averagePrecision(_ times: [Int32]) -> Double? {
        var (area, positives, others) = (0.0, 0, 0)
        forEachBlock(times) { lone, tied, hits in
            positives += hits
            others += lone + tied
            guard hits > 0 else { return }
            area += Double(hits) * Double(positives) / Double(positives + others)
        }
        return positives == 0 ? nil : min(1, area / Double(positives))
    }

    @inline(__always)
    private func forEachBlock(_ times: [Int32], _ body: (Int, Int, Int) -> Void) {
        times.withUnsafeBufferPointer { times in
            order.withUnsafeBufferPointer { order in
                func sum(_ start: Int32, _ end: Int32) -> Int {
                    var total: Int32 = 0
                    for place in Int(start)..<Int(end) { total &+= times[Int(order[place])] }
                    return Int(total)
                }
                var start: Int32 = 0
                for block in blocks {
                    body(
                        sum(start, block.others),
                        sum(block.others, block.tied),
                        sum(block.tied, block.hits)
                    )
                    start = block.hits
                }
            }
        }
    }
}

extension ClassRanking {
    /// Returns the mean of an area over the classes that rows have; nil when it is defined for none.
    static func mean(
        _ examples: [ScoredExample],
        classes: Int,
        _ area: (ClassRanking) -> Double?
    ) -> Double? {
        Estimate(
            mean: occurring(examples, classes).compactMap { area(ClassRanking($0, examples)) }
        )?
        .value
    }

    /// Returns what gives the mean of an area over the classes for a resample of rows.
    static func resampled(
        _ rows: JudgedRows,
        _ area: @escaping (ClassRanking, [Int32]) -> Double?
    ) -> (Resample) -> Double? {
        let rankings = occurring(rows.examples, rows.counts.classes).map {
            ClassRanking($0, rows.examples)
        }
        return { resample in
            var (sum, count) = (0.0, 0)
            for ranking in rankings {
                guard let found = area(ranking, resample.times) else { continue }
                sum += found
                count += 1
            }
            return count == 0 ? nil : sum / Double(count)
        }
    }

    private static func occurring(_ examples: [ScoredExample], _ classes: Int) -> [Int] {
        var occurs = [Bool](repeating: false, count: classes)
        for example in examples { occurs[example.truth] = true }
        return occurs.indices.filter { occurs[$0] }
    }
}
