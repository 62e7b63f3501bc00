import FettleCore

/// Keeps the first row of each key.
public struct Dedupe: RecipeStep {
    /// What makes rows the same.
    public let key: RowKey

    /// Makes the step.
    public init(_ key: RowKey = .row) {
        self.key = key
    }

    /// The command line, such as `dedupe on=title,body`.
    public var summary: String { "dedupe" + key.setting }

    /// Returns the first row of each key, in the order of the rows.
    public func apply(to frame: Frame) throws -> Frame {
        let groups = try RowGroups(frame, by: RowKeyWriter(key, frame))
        return frame.showing(groups.first.map { frame.rows[Int($0)] })
    }
}

/// What is the same among a frame's rows.
public struct DuplicateReport: Hashable, Sendable {
    /// Rows in all.
    public let rows: Int
    /// Rows that repeat an earlier one's key; what `dedupe` drops.
    public let repeated: Int
    /// Keys that stand more than once.
    public let repeatedKeys: Int
    /// Keys whose rows do not all have one label; nil when no label was given.
    public let contradictoryKeys: Int?

    /// Counts equal keys in a frame, and those whose labels differ when `label` says what a label is.
    ///
    /// - Throws: `unknown-column`, and `CancellationError` when the task was cancelled.
    public init(_ frame: Frame, key: RowKey, label: RowKey? = nil) throws {
        let groups = try RowGroups(frame, by: RowKeyWriter(key, frame))
        var sizes = [Int](repeating: 0, count: groups.count)
        for group in groups.group { sizes[Int(group)] += 1 }
        rows = frame.count
        repeated = frame.count - groups.count
        repeatedKeys = sizes.count { $0 > 1 }
        guard let label else {
            contradictoryKeys = nil
            return
        }
        let labels = try RowGroups(frame, by: RowKeyWriter(label, frame))
        var contradictory = [Bool](repeating: false, count: groups.count)
        for (position, group) in groups.group.enumerated() {
            let first = Int(groups.first[Int(group)])
            if labels.group[position] != labels.group[first] { contradictory[Int(group)] = true }
        }
        contradictoryKeys = contradictory.count { $0 }
    }
}
