/// Sequences of tokens one after another, without padding between them.
struct PackedBatch {
    /// One sequence of the batch.
    struct Sequence {
        /// Where its tokens are.
        let rows: Range<Int>
        /// How many earlier tokens its first one comes after.
        let prefix: Int
        /// The keys and values of those; nil when there are none.
        let cache: KeyValueCache?
        /// Where the keys and values of its tokens are put, if anywhere.
        let recording: KeyValueCache?
    }

    private(set) var tokens: [Int32] = []
    private(set) var positions: [Int32] = []
    private(set) var sequences: [Sequence] = []
    /// One more than the last position.
    private(set) var positionLimit = 0

    /// The tokens of all sequences, T.
    var count: Int { tokens.count }

    /// T rounded up to whole groups of 16 rows: what layers compute.
    ///
    /// The rows over belong to no sequence, and no gradient comes from them. Products are made for each height
    /// that comes, which costs more than 16 rows do: so few heights come, and matrix tiles are full.
    var rows: Int { (tokens.count + 15) / 16 * 16 }

    /// Adds a sequence; with a cache it goes on after what is in it.
    mutating func append(
        _ added: some Collection<Int32>,
        after cache: KeyValueCache? = nil,
        recordingInto recording: KeyValueCache? = nil
    ) {
        let start = tokens.count
        let prefix = cache?.count ?? 0
        tokens.append(contentsOf: added)
        positions.append(contentsOf: (prefix..<prefix + added.count).map { Int32($0) })
        positionLimit = max(positionLimit, prefix + added.count)
        sequences.append(
            Sequence(
                rows: start..<tokens.count,
                prefix: prefix,
                cache: prefix > 0 ? cache : nil,
                recording: recording
            )
        )
    }
}
