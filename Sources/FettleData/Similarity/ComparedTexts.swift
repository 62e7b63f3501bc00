import FettleCore

/// What is compared of rows: the cells of their key, without what a template adds to all of them.
struct ComparedTexts: Sendable {
    private let columns: [Column]
    private let rows: [UInt32]

    /// Binds the columns of a key to positions of a frame.
    ///
    /// - Throws: `unknown-column`.
    init(_ key: RowKey, _ frame: Frame, at positions: [UInt32]) throws(Diagnostic) {
        var columns: [Column] = []
        for name in key.columns(of: frame) { columns.append(try frame.column(name)) }
        self.columns = columns
        rows = positions.map { frame.rows[Int($0)] }
    }

    /// The number of texts.
    var count: Int { rows.count }

    /// Calls `body` with what reads texts in loops over many of them.
    func withRaw<Result>(_ body: (RawComparedTexts) throws -> Result) rethrows -> Result {
        try RawColumn.withRaw(columns) { columns in
            try columns.withUnsafeBufferPointer { columns in
                try rows.withUnsafeBufferPointer { rows in
                    try body(RawComparedTexts(columns: columns, rows: rows))
                }
            }
        }
    }
}

/// Reads texts on several threads; good within ``ComparedTexts/withRaw(_:)``.
struct RawComparedTexts: @unchecked Sendable {
    fileprivate let columns: UnsafeBufferPointer<RawColumn>
    fileprivate let rows: UnsafeBufferPointer<UInt32>

    /// The number of texts.
    var count: Int { rows.count }

    /// Writes a text in place of what `out` holds, its cells with line feeds between them.
    func write(_ text: Int, to out: ScratchBytes) {
        out.count = 0
        for (place, column) in columns.enumerated() {
            if place > 0 { out.append(UInt8(ascii: "\n")) }
            column.append(row: Int(rows[text]), to: out)
        }
    }
}

extension RowKey {
    /// The columns that the key is made of.
    func columns(of frame: Frame) -> [String] {
        switch self {
        case .row: frame.columnNames
        case .columns(let names): names
        case .template(let template): template.columns
        }
    }
}

/// The bands and sizes of texts: all that a search for similar ones keeps of each.
///
/// At a threshold of 0.8 that is 36 keys and a size of four bytes each.
struct TextSketches: Sendable {
    let plan: BandPlan
    /// The band keys, `[texts, bands]`.
    let keys: [UInt32]
    /// The number of different shingles of each text; one without shingles is similar to none.
    let sizes: [UInt32]

    /// Reads texts on several threads; `progress` is told the texts done.
    ///
    /// - Throws: `CancellationError` when the task was cancelled.
    init(
        _ texts: RawComparedTexts,
        _ plan: BandPlan,
        progress: @Sendable (Int) -> Void
    ) throws {
        var keys: [UInt32] = []
        var sizes: [UInt32] = []
        keys.reserveCapacity(texts.count * plan.bands)
        sizes.reserveCapacity(texts.count)
        // In stretches, so that the calling thread can tell how far it is.
        let stretch = 1 << 13
        var start = 0
        while start < texts.count {
            let begin = start
            let parts = try Chunks.map(rows: min(stretch, texts.count - begin), size: 1 << 8) {
                Self.sketch(texts, begin + $0.lowerBound..<begin + $0.upperBound, plan)
            }
            for part in parts {
                keys += part.keys
                sizes += part.sizes
            }
            start = sizes.count
            progress(start)
        }
        (self.plan, self.keys, self.sizes) = (plan, keys, sizes)
    }

    private static func sketch(
        _ texts: RawComparedTexts,
        _ range: Range<Int>,
        _ plan: BandPlan
    ) -> (keys: [UInt32], sizes: [UInt32]) {
        let scratch = ScratchBytes(capacity: 4096)
        var shingles = Shingles()
        var hash = MinHash()
        var keys: [UInt32] = []
        var sizes: [UInt32] = []
        keys.reserveCapacity(range.count * plan.bands)
        for text in range {
            texts.write(text, to: scratch)
            shingles.read(scratch.bytes)
            sizes.append(UInt32(shingles.hashes.count))
            if shingles.hashes.isEmpty {
                keys += repeatElement(0, count: plan.bands)
            } else {
                hash.append(bandsOf: shingles.hashes, plan, to: &keys)
            }
        }
        return (keys, sizes)
    }
}
