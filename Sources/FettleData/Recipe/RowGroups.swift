import FettleCore
import Synchronization

/// The rows of a frame sorted into groups of equal keys; the number of a group is the order in which
/// its first row is seen.
struct RowGroups {
    /// The group of each position.
    let group: [UInt32]
    /// The first position of each group.
    let first: [UInt32]

    /// The number of groups.
    var count: Int { first.count }

    /// Groups the positions of a frame.
    ///
    /// Keys with equal 64-bit hashes are compared byte by byte, so that no two different rows are ever
    /// taken for the same.
    init(_ frame: Frame, by key: RowKey) throws {
        self = try frame.groups.groups(of: key, in: frame)
    }

    fileprivate init(_ group: [UInt32], _ first: [UInt32]) {
        (self.group, self.first) = (group, first)
    }

    /// Groups the positions of several frames, one after the other, by keys that their writers write.
    init(_ frames: [(rows: [UInt32], writer: RowKeyWriter)]) throws {
        self = try Self.joined(frames[...], [])
    }

    private static func joined(
        _ frames: ArraySlice<(rows: [UInt32], writer: RowKeyWriter)>,
        _ done: [(rows: [UInt32], key: RawKey)]
    ) throws -> RowGroups {
        guard let frame = frames.first else { return try grouped(done) }
        return try frame.writer.withRaw {
            try joined(frames.dropFirst(), done + [(frame.rows, $0)])
        }
    }

    private static func grouped(_ frames: [(rows: [UInt32], key: RawKey)]) throws -> RowGroups {
        let total = frames.reduce(0) { $0 + $1.rows.count }
        var starts = [0]
        for frame in frames { starts.append((starts.last ?? 0) + frame.rows.count) }
        let hashes = try [UInt64](unsafeUninitializedCapacity: total) { hashes, count in
            for (frame, start) in zip(frames, starts) {
                let part = hashes[start..<start + frame.rows.count]
                try frame.key.hash(frame.rows, into: UnsafeMutableBufferPointer(rebasing: part))
            }
            count = total
        }
        let (one, other) = (ScratchBytes(capacity: 4096), ScratchBytes(capacity: 4096))
        func write(_ position: Int, _ scratch: ScratchBytes) {
            var frame = 0
            while position >= starts[frame + 1] { frame += 1 }
            let row = frames[frame].rows[position - starts[frame]]
            frames[frame].key.write(row: Int(row), to: scratch)
        }
        var table = KeyTable(hashes)
        for position in 0..<total {
            if position & 0x3FFF == 0 { try Task.checkCancellation() }
            table.add(position) { first in
                write(position, one)
                write(first, other)
                return TextOrder.equal(one.bytes, other.bytes)
            }
        }
        return RowGroups(table.group, table.first)
    }

    /// Groups positions by the integers of a column; nil when these lie too far apart.
    fileprivate static func byIntegers(_ frame: Frame, _ column: Column) -> RowGroups? {
        guard case .integer(let values) = column.storage,
            let least = values.min(), let most = values.max(),
            let range = Int(exactly: most.subtractingReportingOverflow(least).partialValue),
            range >= 0, range < 1 << 16
        else { return nil }
        // The two places after the values are for null and missing.
        var groupOf = [UInt32](repeating: .max, count: range + 3)
        var first: [UInt32] = []
        let group = [UInt32](unsafeUninitializedCapacity: frame.count) { group, count in
            for position in 0..<frame.count {
                let row = Int(frame.rows[position])
                let place =
                    switch column.presence.isEmpty ? .value : column.presence[row] {
                    case .value: Int(values[row] - least)
                    case .null: range + 1
                    case .missing: range + 2
                    }
                if groupOf[place] == .max {
                    groupOf[place] = UInt32(first.count)
                    first.append(UInt32(position))
                }
                group[position] = groupOf[place]
            }
            count = frame.count
        }
        return RowGroups(group, first)
    }
}

/// Numbers keys in the order in which they are first seen, by hashes made before.
///
/// Open addressing with linear steps; a slot holds the upper half of the hash, so that a search seldom
/// looks at anything else.
private struct KeyTable {
    private let hashes: [UInt64]
    private(set) var group: [UInt32] = []
    private(set) var first: [UInt32] = []
    /// The upper half of a hash above the group's number plus one; 0 where there is none.
    private var slots = [UInt64](repeating: 0, count: 1 << 12)

    init(_ hashes: [UInt64]) {
        self.hashes = hashes
        group.reserveCapacity(hashes.count)
    }

    /// Adds the key at a position; `isSame` says whether the key at another one with an equal hash is
    /// the same.
    @inline(__always)
    mutating func add(_ position: Int, isSame: (Int) -> Bool) {
        let hash = hashes[position]
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            if slots[slot] >> 32 == hash >> 32 {
                let known = UInt32(truncatingIfNeeded: slots[slot]) &- 1
                let place = Int(first[Int(known)])
                if hashes[place] == hash, isSame(place) { return group.append(known) }
            }
            slot = (slot &+ 1) & mask
        }
        group.append(UInt32(first.count))
        first.append(UInt32(position))
        slots[slot] = (hash & ~0xFFFF_FFFF) | UInt64(first.count)
        if first.count * 4 > slots.count * 3 { grow() }
    }

    private mutating func grow() {
        // In large steps while that is cheap; a table of millions of keys is to fit.
        slots = Array(repeating: 0, count: slots.count * (slots.count < 1 << 16 ? 4 : 2))
        let mask = slots.count - 1
        for (number, position) in first.enumerated() {
            let hash = hashes[Int(position)]
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = (hash & ~0xFFFF_FFFF) | UInt64(number + 1)
        }
    }
}

/// The groups of equal keys that were found among the rows of some columns, so that a step, its report
/// and the steps after it look at the texts once.
final class FoundGroups: Sendable {
    private struct Found {
        var key: RowKey
        /// The group of each source row; the highest value for rows that were not looked at.
        var ofRow: [UInt32]
        var count: Int
    }

    /// As many as a split and the checks after it need: the prompts, the classes that it is stratified
    /// by, and the completions.
    private static let mostKept = 3

    private let found = Mutex<[Found]>([])

    /// Returns the groups of a frame that shows rows of these columns.
    func groups(of key: RowKey, in frame: Frame) throws -> RowGroups {
        if let known = found.withLock({ $0.first { $0.key == key } }),
            let groups = Self.renumbered(known, frame)
        {
            return groups
        }
        let writer = try RowKeyWriter(key, frame)
        if let integers = writer.integers, let groups = RowGroups.byIntegers(frame, integers) {
            return groups
        }
        let groups = try RowGroups([(frame.rows, writer)])
        keep(groups, of: key, in: frame)
        return groups
    }

    private func keep(_ groups: RowGroups, of key: RowKey, in frame: Frame) {
        let rows = frame.columns.first?.column.count ?? 0
        // A table of all rows is not worth it for a few of them.
        guard frame.count > rows / 8 else { return }
        var ofRow = [UInt32](repeating: .max, count: rows)
        for (position, row) in frame.rows.enumerated() { ofRow[Int(row)] = groups.group[position] }
        found.withLock { found in
            found.removeAll { $0.key == key }
            if found.count == Self.mostKept { found.removeFirst() }
            found.append(Found(key: key, ofRow: ofRow, count: groups.count))
        }
    }

    /// Numbers the groups of a frame's rows anew; nil when one of the rows was not looked at.
    private static func renumbered(_ found: Found, _ frame: Frame) -> RowGroups? {
        var numbers = [UInt32](repeating: .max, count: found.count)
        var first: [UInt32] = []
        var isKnown = true
        let group = [UInt32](unsafeUninitializedCapacity: frame.count) { group, count in
            for position in 0..<frame.count {
                let known = found.ofRow[Int(frame.rows[position])]
                guard known != .max else {
                    isKnown = false
                    return
                }
                if numbers[Int(known)] == .max {
                    numbers[Int(known)] = UInt32(first.count)
                    first.append(UInt32(position))
                }
                group[position] = numbers[Int(known)]
                count = position + 1
            }
        }
        return isKnown ? RowGroups(group, first) : nil
    }
}
