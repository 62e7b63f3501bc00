import FettleCore

/// The keys that two frames share: what is tested on and was trained on.
public struct LeakReport: Hashable, Sendable {
    /// Different keys that stand in both.
    public let sharedKeys: Int
    /// Rows of the first whose key stands in the second.
    public let rowsInFirst: Int
    /// Rows of the second whose key stands in the first.
    public let rowsInSecond: Int
    /// Positions in the second of up to the first ten such rows.
    public let positions: [Int]

    /// Compares two frames under a key; whole rows are compared by the first's columns.
    ///
    /// - Throws: `unknown-column`, and `CancellationError` when the task was cancelled.
    public init(between first: Frame, and second: Frame, key: RowKey) throws {
        let groups = try Self.groups(first, second, key)
        // Groups are numbered as they are first seen, so those of the first frame come first.
        let ofFirst = groups.first.prefix { $0 < first.count }.count
        var shared = [Bool](repeating: false, count: ofFirst)
        var positions: [Int] = []
        var rows = 0
        for (position, group) in groups.group[first.count...].enumerated() where group < ofFirst {
            shared[Int(group)] = true
            rows += 1
            if positions.count < 10 { positions.append(position) }
        }
        sharedKeys = shared.count { $0 }
        rowsInFirst = groups.group[..<first.count].count { shared[Int($0)] }
        rowsInSecond = rows
        self.positions = positions
    }

    /// The groups of the first's positions and after them the second's; of rows of the same columns those
    /// that were found before.
    static func groups(_ first: Frame, _ second: Frame, _ key: RowKey) throws -> RowGroups {
        if first.groups === second.groups {
            return try RowGroups(first.showing(first.rows + second.rows), by: key)
        }
        let writers = (
            try RowKeyWriter(key, first), try RowKeyWriter(key, second, order: first.columnNames)
        )
        return try RowGroups([(first.rows, writers.0), (second.rows, writers.1)])
    }
}
