import FettleCore

/// From which similarity on two texts are near-duplicates.
public struct NearThreshold: Hashable, Sendable {
    /// What suits short texts: a word changed in twenty.
    public static let standard = NearThreshold(uncheckedValue: 0.8)

    /// The Jaccard similarity of the texts' shingles, from 0.5 to 1.
    public let value: Double

    /// Makes a threshold; nil for a number outside 0.5 to 1, below which nearly everything is a candidate.
    public init?(_ value: Double) {
        guard value >= 0.5, value <= 1 else { return nil }
        self.value = value
    }

    private init(uncheckedValue value: Double) { self.value = value }

    /// The threshold as a command line has it: `0.8`.
    public var text: String { CommandText.number(value) }
}

/// The rows of a frame whose texts are nearly those of an earlier row.
///
/// Similarity is the Jaccard similarity of the texts' shingles. Rows are looked at in their order; one that is
/// similar enough to a row kept before belongs to the first such row, all others are kept. So the result depends
/// on the rows and the threshold alone, and no row is dropped for being like one that was itself dropped.
public struct NearDuplicates: Sendable {
    /// A row that is kept and those that are nearly the same.
    public struct Cluster: Hashable, Sendable {
        /// The position of the row that is kept, from 0.
        public let kept: Int
        /// The positions of the others, ascending.
        public let others: [Int]
        /// The smallest similarity of one of the others to the kept row, from 0 to 1.
        public let least: Double
    }

    /// The similarity from which on rows are near-duplicates.
    public let threshold: NearThreshold
    /// The clusters of at least two rows, by the row that is kept.
    public let clusters: [Cluster]
    /// How many pairs of texts were compared exactly.
    public let compared: Int
    /// For each position, whether the row is kept.
    private let isKept: [Bool]
    /// For each position, whether the row's text is exactly that of the row kept.
    private let isSame: [Bool]

    /// The number of rows that are not kept.
    public var dropped: Int { isKept.count { !$0 } }

    /// Searches a frame.
    ///
    /// - Parameters:
    ///   - frame: the rows.
    ///   - key: the texts compared; of a template what its columns have, not what it adds.
    ///   - threshold: from which similarity on rows are near-duplicates.
    ///   - progress: is told how many of how many rows were looked at, each of them twice.
    /// - Throws: `unknown-column`, and `CancellationError` when the task was cancelled.
    /// - Complexity: O(*n*) in the bytes of the texts, and in those of each pair that shares a band: texts that are all
    ///   made after one pattern share one with most others, which takes O(*n*²). About 300 bytes of memory a
    ///   different text, and eight a shingle of those that are compared.
    public init(
        in frame: Frame,
        key: RowKey,
        threshold: NearThreshold = .standard,
        progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws {
        let groups = try RowGroups(frame, by: key)
        let texts = try ComparedTexts(key, frame, at: groups.first)
        let (keptOf, similarity, compared) = try texts.withRaw {
            try Self.search($0, threshold.value, progress)
        }
        var isKept = [Bool](repeating: false, count: frame.count)
        var isSame = isKept
        var others: [Int: (rows: [Int], least: Double)] = [:]
        for (position, group) in groups.group.enumerated() {
            let kept = keptOf[Int(group)]
            let first = Int(groups.first[kept])
            isSame[position] = kept == group
            isKept[position] = first == position
            guard first != position else { continue }
            var cluster = others.removeValue(forKey: first) ?? (rows: [], least: 1)
            cluster.rows.append(position)
            cluster.least = min(cluster.least, similarity[Int(group)])
            others[first] = cluster
        }
        self.threshold = threshold
        self.compared = compared
        self.isKept = isKept
        self.isSame = isSame
        clusters = others.sorted { $0.key < $1.key }.map {
            Cluster(kept: $0.key, others: $0.value.rows, least: $0.value.least)
        }
    }

    /// Returns the frame's rows that are kept; the frame is the one that was searched.
    public func kept(of frame: Frame) -> Frame {
        frame.showing(zip(frame.rows, isKept).filter(\.1).map(\.0))
    }

    /// The clusters without rows whose text is exactly that of the row kept, which are no near-duplicates.
    var differing: [Cluster] {
        clusters.compactMap { cluster in
            let others = cluster.others.filter { !isSame[$0] }
            return others.isEmpty
                ? nil : Cluster(kept: cluster.kept, others: others, least: cluster.least)
        }
    }

    private static func search(
        _ texts: RawComparedTexts,
        _ threshold: Double,
        _ progress: @Sendable (Int, Int) -> Void
    ) throws -> (keptOf: [Int], similarity: [Double], compared: Int) {
        let total = texts.count * 2
        let sketches = try TextSketches(texts, BandPlan(threshold: threshold)) { done in
            progress(done, total)
        }
        var search = SimilarTexts(texts, sketches, threshold: threshold, most: texts.count)
        var keptOf = Array(0..<texts.count)
        var similarity = [Double](repeating: 1, count: texts.count)
        for text in 0..<texts.count {
            if text & 0xFF == 0 {
                try Task.checkCancellation()
                progress(texts.count + text, total)
            }
            if let match = search.first(like: text) {
                (keptOf[text], similarity[text]) = (match.text, match.similarity)
            } else {
                search.add(text)
            }
        }
        return (keptOf, similarity, search.compared)
    }
}

/// Rows of one frame whose texts are nearly those of rows of another: what is tested on and was nearly trained on.
public struct NearLeakReport: Sendable {
    /// A row and the one that it is nearly the same as.
    public struct Pair: Hashable, Sendable {
        /// The position in the frame that is checked, from 0.
        public let position: Int
        /// The position in the other frame, from 0: of the first row that is similar enough.
        public let other: Int
        /// How similar they are, from 0 to 1.
        public let similarity: Double
    }

    /// The rows concerned in their order, those left out whose text stands in the other frame exactly.
    public let pairs: [Pair]

    /// Compares two frames that both have the key's columns.
    ///
    /// - Throws: `unknown-column`, and `CancellationError` when the task was cancelled.
    /// - Complexity: that of ``NearDuplicates/init(in:key:threshold:progress:)``.
    public init(
        of frame: Frame,
        in other: Frame,
        key: RowKey,
        threshold: NearThreshold = .standard,
        progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws {
        let groups = try LeakReport.groups(other, frame, key)
        let ofOther = groups.first.prefix { $0 < other.count }.count
        let own = try ComparedTexts(
            key,
            frame,
            at: groups.first.dropFirst(ofOther).map { $0 - UInt32(other.count) }
        )
        let theirs = try ComparedTexts(key, other, at: Array(groups.first.prefix(ofOther)))
        let matches = try own.withRaw { own in
            try theirs.withRaw { theirs in
                try Self.search(own, theirs, threshold.value, progress)
            }
        }
        var pairs: [Pair] = []
        for (position, group) in groups.group[other.count...].enumerated() {
            // Groups of the other frame come first; those rows stand in it exactly.
            guard let match = matches[Int(group) - ofOther] else { continue }
            pairs.append(
                Pair(
                    position: position,
                    other: Int(groups.first[match.place]),
                    similarity: match.similarity
                )
            )
        }
        self.pairs = pairs
    }

    private static func search(
        _ own: RawComparedTexts,
        _ theirs: RawComparedTexts,
        _ threshold: Double,
        _ progress: @Sendable (Int, Int) -> Void
    ) throws -> [Int: (place: Int, similarity: Double)] {
        let plan = BandPlan(threshold: threshold)
        let total = theirs.count + own.count * 2
        let index = try TextSketches(theirs, plan) { progress($0, total) }
        let asked = try TextSketches(own, plan) { progress(theirs.count + $0, total) }
        var search = SimilarTexts(theirs, index, threshold: threshold, most: theirs.count)
        for text in 0..<theirs.count { search.add(text) }
        var matches: [Int: (place: Int, similarity: Double)] = [:]
        for text in 0..<own.count {
            if text & 0xFF == 0 {
                try Task.checkCancellation()
                progress(theirs.count + own.count + text, total)
            }
            if let match = search.first(like: text, of: own, asked) {
                matches[text] = (match.text, match.similarity)
            }
        }
        return matches
    }
}
