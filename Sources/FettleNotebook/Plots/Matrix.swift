import FettleCore

extension Plot {
    /// Counts of pairs of classes, such as how often each was taken for each other.
    public struct Matrix: Hashable, Sendable {
        /// The largest count: sums of as many cells as memory holds are still numbers.
        private static let limit = 1 << 40

        /// The classes.
        public var labels: [String]
        /// The counts, a row for each class; each row is as long as there are classes.
        public var counts: [[Int]]

        /// How many classes the last one stands for that have none of their own; 0 when it is one itself.
        public var others: Int

        /// Makes a matrix.
        public init(labels: [String], counts: [[Int]], others: Int = 0) {
            self.labels = labels
            self.others = min(Self.limit, max(0, others))
            self.counts = counts
            let isWhole =
                counts.count == labels.count
                && counts.allSatisfy { row in
                    row.count == labels.count && row.allSatisfy { (0...Self.limit).contains($0) }
                }
            guard !isWhole else { return }
            self.counts = labels.indices.map { row in
                labels.indices.map { column in
                    row < counts.count && column < counts[row].count
                        ? min(Self.limit, max(0, counts[row][column])) : 0
                }
            }
        }

        /// Returns the matrix with its largest classes and one that takes up all others, so that there are at
        /// most `count`, at least 2; the order stays.
        public func folded(to count: Int) -> Matrix {
            let count = max(2, count)
            guard labels.count > count else { return self }
            var sizes = counts.map { $0.reduce(0, +) }
            for row in counts {
                for (column, number) in row.enumerated() { sizes[column] += number }
            }
            let own = labels.indices.dropLast(others > 0 ? 1 : 0)
            let order = own.sorted { (-sizes[$0], $0) < (-sizes[$1], $1) }
            let kept = order.prefix(count - 1).sorted()
            var place = [Int](repeating: kept.count, count: labels.count)
            for (new, old) in kept.enumerated() { place[old] = new }
            var sums = [[Int]](
                repeating: [Int](repeating: 0, count: kept.count + 1),
                count: kept.count + 1
            )
            for (truth, row) in counts.enumerated() {
                for (predicted, number) in row.enumerated() where number > 0 {
                    sums[place[truth]][place[predicted]] += number
                }
            }
            let rest = own.count - kept.count + others
            return Matrix(
                labels: kept.map { labels[$0] } + ["(\(NumberText.count(rest)) others)"],
                counts: sums,
                others: rest
            )
        }

        /// The share of each row's sum that a cell is, 0 to 1; 0 in a row of zeros.
        func share(_ row: Int, _ column: Int) -> Double {
            let sum = counts[row].reduce(0, +)
            return sum == 0 ? 0 : Double(counts[row][column]) / Double(sum)
        }
    }
}
