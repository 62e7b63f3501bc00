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
        let firstWriter = try RowKeyWriter(key, first)
        let secondWriter = try RowKeyWriter(key, second, order: first.columnNames)
        let groups = try RowGroups(first, by: firstWriter)
        var shared = [Bool](repeating: false, count: groups.count)
        var positions: [Int] = []
        var rows = 0
        let scratch = ScratchBytes(capacity: 4096)
        for position in 0..<second.count {
            if position & 0xFFF == 0 { try Task.checkCancellation() }
            scratch.count = 0
            secondWriter.write(row: Int(second.rows[position]), to: scratch)
            guard let group = groups.groupOf(scratch, first, firstWriter) else { continue }
            shared[group] = true
            rows += 1
            if positions.count < 10 { positions.append(position) }
        }
        sharedKeys = shared.count { $0 }
        rowsInFirst = groups.group.count { shared[Int($0)] }
        rowsInSecond = rows
        self.positions = positions
    }
}
