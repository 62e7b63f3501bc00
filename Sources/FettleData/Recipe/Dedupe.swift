import FettleCore

/// Keeps the first row of each key, or of those whose texts are nearly the same.
public struct Dedupe: RecipeStep {
    /// What makes rows the same.
    public let key: RowKey
    /// From which similarity on rows are taken for the same; nil when only equal ones are.
    public let near: NearThreshold?

    /// Makes the step.
    public init(_ key: RowKey = .row, near: NearThreshold? = nil) {
        self.key = key
        self.near = near
    }

    /// The command line, such as `dedupe on=title,body near=0.8`.
    public var summary: String {
        "dedupe" + key.setting + (near.map { " near=\($0.text)" } ?? "")
    }

    /// Returns the first row of each key, in the order of the rows; with a threshold see ``NearDuplicates``.
    public func apply(to frame: Frame) throws -> Frame {
        if let near {
            return try NearDuplicates(in: frame, key: key, threshold: near).kept(of: frame)
        }
        let groups = try RowGroups(frame, by: key)
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
        let groups = try RowGroups(frame, by: key)
        var sizes = [Int](repeating: 0, count: groups.count)
        for group in groups.group { sizes[Int(group)] += 1 }
        rows = frame.count
        repeated = frame.count - groups.count
        repeatedKeys = sizes.count { $0 > 1 }
        guard let label else {
            contradictoryKeys = nil
            return
        }
        var contradictory = [Bool](repeating: false, count: groups.count)
        let (one, other) = (ScratchBytes(), ScratchBytes())
        try RowKeyWriter(label, frame).withRaw { label in
            for (position, group) in groups.group.enumerated() where sizes[Int(group)] > 1 {
                let first = Int(groups.first[Int(group)])
                guard first != position, !contradictory[Int(group)] else { continue }
                label.write(row: Int(frame.rows[position]), to: one)
                label.write(row: Int(frame.rows[first]), to: other)
                contradictory[Int(group)] = !TextOrder.equal(one.bytes, other.bytes)
            }
        }
        contradictoryKeys = contradictory.count { $0 }
    }
}
