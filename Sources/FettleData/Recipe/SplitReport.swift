import FettleCore

/// What a split did: sizes, classes and leaks.
public struct SplitReport: Hashable, Sendable {
    /// A part as it came out.
    public struct Part: Hashable, Sendable {
        /// The name.
        public let name: String
        /// Its rows.
        public let rows: Int
        /// Rows of each class, in the order of ``SplitReport/classes``; empty without a column to
        /// stratify by.
        public let classCounts: [Int]
    }

    /// A class that a part has no row of.
    public struct LostClass: Hashable, Sendable {
        /// The part's name.
        public let part: String
        /// The class.
        public let label: String
    }

    /// The parts in order.
    public let parts: [Part]
    /// The classes in order: numbers by value, then texts, then null and missing.
    public let classes: [String]
    /// The classes that a part has no row of.
    public let lostClasses: [LostClass]
    /// Keys that stand in more than one part.
    public let leakedKeys: Int
    /// Rows outside the first part whose key stands in an earlier part.
    public let leakedRows: Int

    init(
        _ split: Split,
        _ frame: Frame,
        _ chosen: [UInt32],
        _ keys: RowGroups,
        _ classes: RowGroups?
    ) {
        var rows = [Int](repeating: 0, count: split.parts.count)
        for part in chosen { rows[Int(part)] += 1 }
        var labels: [String] = []
        var counts = [[Int]](repeating: [], count: split.parts.count)
        if let classes, let name = split.stratifyBy, let column = frame.position(of: name) {
            let order = ClassOrder(classes, frame, column)
            labels = order.labels
            let width = labels.count
            var cells = [Int](repeating: 0, count: split.parts.count * width)
            for (position, group) in classes.group.enumerated() {
                cells[Int(chosen[position]) * width + order.rank[Int(group)]] += 1
            }
            counts = counts.indices.map { Array(cells[$0 * width..<($0 + 1) * width]) }
        }
        self.classes = labels
        parts = split.parts.indices.map {
            Part(name: split.parts[$0].name, rows: rows[$0], classCounts: counts[$0])
        }
        lostClasses = parts.flatMap { part in
            zip(labels, part.classCounts).filter { $0.1 == 0 }
                .map { LostClass(part: part.name, label: $0.0) }
        }
        (leakedKeys, leakedRows) = Self.leaks(chosen, keys)
    }

    private static func leaks(_ chosen: [UInt32], _ keys: RowGroups) -> (keys: Int, rows: Int) {
        var earliest = [UInt32](repeating: .max, count: keys.count)
        for (position, group) in keys.group.enumerated() {
            earliest[Int(group)] = min(earliest[Int(group)], chosen[position])
        }
        var leaked = [Bool](repeating: false, count: keys.count)
        var rows = 0
        for (position, group) in keys.group.enumerated()
        where chosen[position] > earliest[Int(group)] {
            rows += 1
            leaked[Int(group)] = true
        }
        return (leaked.count { $0 }, rows)
    }
}

/// The values of a column in the order in which they are shown.
struct ClassOrder {
    /// The values as text.
    let labels: [String]
    /// For each group of equal values its place in ``labels``.
    let rank: [Int]

    /// Orders the groups of a column's values: numbers by value, then texts, then null and missing.
    init(_ groups: RowGroups, _ frame: Frame, _ column: Int) {
        let cells = groups.first.map { frame.cell(column, at: Int($0)) }
        let order = cells.indices.sorted { Self.precedes(cells[$0], cells[$1]) }
        labels = order.map { Self.label(cells[$0]) }
        var rank = [Int](repeating: 0, count: order.count)
        for (place, group) in order.enumerated() { rank[group] = place }
        self.rank = rank
    }

    static func label(_ cell: Cell) -> String {
        switch cell {
        case .null: "null"
        case .missing: "missing"
        default: cell.displayText
        }
    }

    private static func precedes(_ a: Cell, _ b: Cell) -> Bool {
        switch (a, b) {
        case (.integer(let x), .integer(let y)): x < y
        case (.number(let x), .number(let y)): x < y
        case (.null, .missing): true
        case (.null, _), (.missing, _): false
        case (_, .null), (_, .missing): true
        default: a.displayText < b.displayText
        }
    }
}
