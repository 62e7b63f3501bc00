import FettleCore

/// Rows drawn from all rows, as many as there are, each time from all of them.
public struct Resample: Sendable {
    /// The rows drawn, with repeats.
    public private(set) var rows: [Int32]
    /// How often each row was drawn.
    public private(set) var times: [Int32]
    /// How often each true class was taken for each other among the drawn rows.
    public private(set) var counts: LabelCounts
    private var pairTimes: [Int32]

    init(_ rows: JudgedRows) {
        self.rows = [Int32](repeating: 0, count: rows.examples.count)
        times = self.rows
        counts = rows.counts
        pairTimes = [Int32](repeating: 0, count: rows.counts.pairs.count)
    }

    /// Draws anew from the same rows.
    mutating func draw(from all: JudgedRows, _ generator: inout SeededGenerator) {
        for place in times.indices { times[place] = 0 }
        for place in pairTimes.indices { pairTimes[place] = 0 }
        let count = rows.count
        all.pairPlaces.withUnsafeBufferPointer { places in
            for place in 0..<count {
                let row = generator.below(count)
                rows[place] = Int32(row)
                times[row] += 1
                pairTimes[Int(places[row])] += 1
            }
        }
        counts.recount(pairTimes)
    }

    /// Returns the mean of the drawn rows' values, `values` having one for each of all rows.
    func mean(of values: [Double]) -> Double {
        var sum = 0.0
        times.withUnsafeBufferPointer { times in
            values.withUnsafeBufferPointer { values in
                for row in 0..<times.count { sum += Double(times[row]) * values[row] }
            }
        }
        return sum / Double(rows.count)
    }
}

/// 95 % intervals of figures that no formula gives one for.
///
/// The rows are drawn again and again, and the interval goes from the 2.5th to the 97.5th percentile of the
/// figures of these resamples, widened to the figure itself where it lies outside. All figures see the same
/// resamples, and the same seed draws the same ones. Source: B. Efron, R. Tibshirani, "An Introduction to the
/// Bootstrap" (1993), chapter 13.
public struct Bootstrap: Hashable, Sendable {
    /// How many resamples are drawn of up to 20,000 rows; of more rows fewer, at least 200.
    public let resamples: Int
    /// Where the sequence of draws begins.
    public let seed: UInt64
    /// The names of the metrics that get intervals from it; all when nil.
    public let metrics: Set<String>?

    /// The fewest resamples that an interval is taken from.
    private static let fewest = 200
    /// Rows that are drawn in all: a tenth of a second.
    private static let mostDraws = 20_000_000
    /// Steps that one figure takes in all: a second.
    private static let mostSteps = 1_000_000_000

    /// Makes a bootstrap.
    public init(resamples: Int = 1000, seed: UInt64 = 1, metrics: Set<String>? = nil) {
        self.resamples = resamples
        self.seed = seed
        self.metrics = metrics
    }

    /// Returns whether the metric of this name gets an interval.
    func isFor(_ name: String) -> Bool { metrics?.contains(name) ?? true }

    /// A figure that an interval is wanted of.
    struct Figure {
        /// The figure of all rows.
        var value: Double
        /// How many steps one resample takes.
        var steps: Int
        /// Returns the figure of a resample; nil where it is not defined.
        var resampled: (Resample) -> Double?
    }

    /// Returns an interval for each figure; nil where it would take too long, or where the figure is defined
    /// for less than half of the resamples.
    func intervals(of figures: [Figure], _ rows: JudgedRows) -> [ClosedRange<Double>?] {
        let draws = min(
            resamples,
            max(Self.fewest, Self.mostDraws / max(1, rows.examples.count))
        )
        let limits = figures.map { figure in
            let count = min(draws, Self.mostSteps / max(1, figure.steps))
            return count < min(draws, Self.fewest) ? 0 : count
        }
        var found = [[Double]](repeating: [], count: figures.count)
        var generator = SeededGenerator(seed: seed)
        var resample = Resample(rows)
        for number in 0..<(limits.max() ?? 0) {
            resample.draw(from: rows, &generator)
            for (place, figure) in figures.enumerated() where number < limits[place] {
                if let value = figure.resampled(resample) { found[place].append(value) }
            }
        }
        return figures.indices.map { place in
            guard limits[place] > 0, 2 * found[place].count >= limits[place] else { return nil }
            let values = found[place].sorted()
            let value = figures[place].value
            return min(value, percentile(values, 0.025))...max(value, percentile(values, 0.975))
        }
    }
}

/// Returns the value below which the given share of the values lies, between two of them by a straight line as
/// NumPy's `quantile` does; `sorted` has at least one value, the smallest first.
func percentile(_ sorted: [Double], _ share: Double) -> Double {
    let position = share * Double(sorted.count - 1)
    let place = Int(position)
    guard place + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[place] + (position - Double(place)) * (sorted[place + 1] - sorted[place])
}
