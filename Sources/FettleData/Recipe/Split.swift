public import FettleCore

/// Cuts a dataset into parts whose sizes are the shares' largest-remainder rounding.
///
/// A part keeps the order of the rows. Equal keys stay in one part, so that what is tested was not
/// trained on; only a group of many equal rows can make a part larger than its share.
public struct Split: Hashable, Sendable {
    /// A part and its share of the rows.
    public struct Part: Hashable, Sendable {
        /// The name, such as `train`.
        public let name: String
        /// The share, more than 0; a whole's shares sum to 1.
        public let fraction: Double

        /// Makes a part.
        public init(_ name: String, _ fraction: Double) {
            self.name = name
            self.fraction = fraction
        }
    }

    /// The parts in order, their shares summing to 1.
    public let parts: [Part]
    /// The column whose values each part has in the same shares.
    public let stratifyBy: String?
    /// What makes two rows the same.
    public let key: RowKey
    /// Whether rows with equal keys stay in one part.
    public let keepsTogether: Bool
    /// The seed of the draw.
    public let seed: UInt64

    /// Makes a split.
    ///
    /// - Parameters:
    ///   - parts: names and shares, which sum to 1 or, as percentages, to 100.
    ///   - stratifyBy: the column to stratify by.
    ///   - key: what makes two rows the same, for keeping together and for the count of leaks.
    ///   - keepsTogether: whether rows with equal keys stay in one part.
    ///   - seed: the seed of the draw.
    /// - Throws: `bad-split` when a name is repeated or the shares do not make a whole.
    public init(
        _ parts: [Part],
        stratifyBy: String? = nil,
        key: RowKey = .row,
        keepsTogether: Bool = true,
        seed: UInt64
    ) throws(Diagnostic) {
        var names: Set<String> = []
        for part in parts {
            guard names.insert(part.name).inserted else {
                throw Diagnostic(
                    "bad-split",
                    "part '\(part.name)' is named twice",
                    hint: "give each part its own name"
                )
            }
            guard part.fraction > 0, part.fraction.isFinite else {
                throw Diagnostic(
                    "bad-split",
                    "part '\(part.name)' has the share \(CommandText.number(part.fraction)), "
                        + "which is not more than 0",
                    hint: "leave the part out, or give it a share such as 0.1"
                )
            }
        }
        let sum = parts.reduce(0) { $0 + $1.fraction }
        let whole = abs(sum - 100) < 1e-6 ? 100.0 : 1.0
        guard abs(sum - whole) < 1e-6 else {
            let rounded = (sum * 1e6).rounded() / 1e6
            throw Diagnostic(
                "bad-split",
                "the parts sum to \(CommandText.number(rounded)), expected 1 or 100",
                hint: "such as train=0.8 validation=0.1 test=0.1"
            )
        }
        self.parts = parts.map { Part($0.name, whole == 100 ? $0.fraction / 100 : $0.fraction) }
        self.stratifyBy = stratifyBy
        self.key = key
        self.keepsTogether = keepsTogether
        self.seed = seed
    }

    /// Names that mean something else on the command line when they are bare.
    private static let settings: Set<String> = ["by", "seed", "on", "prompt"]

    /// The command line of the split.
    public var summary: String {
        var words = ["split"]
        words += parts.map { part in
            let name =
                Self.settings.contains(part.name)
                ? CommandText.quoted(part.name) : CommandText.word(part.name)
            return "\(name)=\(CommandText.number(part.fraction))"
        }
        if let stratifyBy { words.append("by=" + CommandText.word(stratifyBy)) }
        words.append("seed=\(seed)")
        return words.joined(separator: " ") + key.setting
            + (keepsTogether ? "" : " --no-group")
    }

    /// Returns the parts' rows in the order of the parts, and what the split did.
    ///
    /// - Throws: `unknown-column`, `bad-split` when a part would have no row, and `CancellationError`.
    public func apply(to frame: Frame) throws -> (parts: [Frame], report: SplitReport) {
        let keys = try RowGroups(frame, by: key)
        let classes = try stratifyBy.map {
            try RowGroups(frame, by: .columns([$0]))
        }
        var draw = PartDraw(
            sizes: Apportionment.sizes(of: frame.count, shares: parts.map(\.fraction)),
            shares: parts.map(\.fraction),
            seed: seed
        )
        let chosen = try draw.parts(
            ofGroups: keepsTogether ? keys.group : Array(0..<UInt32(frame.count)),
            groupCount: keepsTogether ? keys.count : frame.count,
            strata: classes?.group,
            strataCount: classes?.count ?? 1
        )
        var rows = [[UInt32]](repeating: [], count: parts.count)
        for part in parts.indices { rows[part] = Self.rows(of: part, chosen, frame) }
        for (part, rows) in zip(parts, rows) where rows.isEmpty {
            throw Diagnostic(
                "bad-split",
                "part '\(part.name)' would have no row of \(frame.count)",
                hint: "split more rows, or give the part a larger share"
            )
        }
        let report = SplitReport(self, frame, chosen, keys, classes)
        return (rows.map(frame.showing), report)
    }
    private static func rows(of part: Int, _ chosen: [UInt32], _ frame: Frame) -> [UInt32] {
        var rows: [UInt32] = []
        rows.reserveCapacity(chosen.count { $0 == UInt32(part) })
        for position in chosen.indices where chosen[position] == UInt32(part) {
            rows.append(frame.rows[position])
        }
        return rows
    }
}
