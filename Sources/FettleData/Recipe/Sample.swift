import FettleCore

/// Keeps some rows drawn at random, in the order in which they stand.
public struct Sample: RecipeStep {
    /// How many rows.
    public enum Size: Hashable, Sendable {
        /// That many.
        case count(Int)
        /// That share of them, more than 0 and at most 100.
        case percent(Double)
    }

    /// How many rows are kept.
    public let size: Size
    /// The column whose values the sample has in the same shares.
    public let stratifyBy: String?
    /// The seed of the draw.
    public let seed: UInt64

    /// Makes the step.
    public init(_ size: Size, by stratifyBy: String? = nil, seed: UInt64) {
        self.size = size
        self.stratifyBy = stratifyBy
        self.seed = seed
    }

    /// The command line, such as `sample 10% by=stars seed=7`.
    public var summary: String {
        let amount =
            switch size {
            case .count(let count): String(count)
            case .percent(let percent): CommandText.number(percent) + "%"
            }
        let by = stratifyBy.map { " by=" + CommandText.word($0) } ?? ""
        return "sample \(amount)\(by) seed=\(seed)"
    }

    /// Returns the rows drawn, in the order of the rows.
    public func apply(to frame: Frame) throws -> Frame {
        let wanted = try wanted(of: frame.count)
        var generator = SeededGenerator(seed: seed)
        guard let stratifyBy else {
            let kept = Self.draw(wanted, of: Array(0..<frame.count), &generator).sorted()
            return frame.showing(kept.map { frame.rows[$0] })
        }
        let classes = try ClassMembers(frame, stratifyBy)
        let shares = classes.members.map { Double($0.count) / Double(max(1, frame.count)) }
        let sizes = Apportionment.sizes(of: wanted, shares: shares)
        var kept: [Int] = []
        for (members, size) in zip(classes.members, sizes) {
            kept += Self.draw(min(size, members.count), of: members, &generator)
        }
        return frame.showing(kept.sorted().map { frame.rows[$0] })
    }

    private func wanted(of rows: Int) throws(Diagnostic) -> Int {
        switch size {
        case .count(let count):
            if count >= 1, count <= rows { return count }
            throw Diagnostic(
                "bad-count",
                "cannot draw \(NumberText.count(count)) of \(NumberText.count(rows, "row"))",
                hint: rows == 0
                    ? "the dataset is empty" : "draw from 1 to \(NumberText.count(rows))"
            )
        case .percent(let percent):
            if percent > 0, percent <= 100 {
                return Int((Double(rows) * percent / 100).rounded(.toNearestOrAwayFromZero))
            }
            throw Diagnostic(
                "bad-count",
                "cannot draw \(CommandText.number(percent))% of the rows",
                hint: "draw more than 0% and at most 100%"
            )
        }
    }

    /// Draws `count` of the items, without replacement.
    static func draw(_ count: Int, of items: [Int], _ generator: inout SeededGenerator) -> [Int] {
        var items = items
        for place in 0..<count {
            items.swapAt(place, place + generator.below(items.count - place))
        }
        return Array(items.prefix(count))
    }
}

/// The positions of each class of a column, the classes in the order in which they are shown.
struct ClassMembers {
    let labels: [String]
    let members: [[Int]]
    /// Rows whose class is null or missing.
    let absent: Int

    /// Sorts the positions of a frame by a column's value.
    init(_ frame: Frame, _ name: String) throws {
        let groups = try RowGroups(frame, by: .columns([name]))
        guard let position = frame.position(of: name) else { throw frame.unknownColumn(name) }
        let order = ClassOrder(groups, frame, position)
        var members = [[Int]](repeating: [], count: order.labels.count)
        for (position, group) in groups.group.enumerated() {
            members[order.rank[Int(group)]].append(position)
        }
        labels = order.labels
        self.members = members
        let column = frame.columns[position].column
        absent = frame.rows.count { column.presence(at: Int($0)) != .value }
    }
}
