import FettleCore

/// Whole numbers in given shares.
enum Apportionment {
    /// The largest-remainder rounding of `total` in `shares`, which sum to 1; of equal remainders the
    /// earlier share gets the unit.
    static func sizes(of total: Int, shares: [Double]) -> [Int] {
        var sizes = shares.map { floor(of: total, share: $0) }
        let remainders = zip(shares, sizes).map { Double(total) * $0 - Double($1) }
        let order = remainders.indices.sorted {
            let difference = remainders[$0] - remainders[$1]
            return abs(difference) > 1e-9 ? difference > 0 : $0 < $1
        }
        var left = total - sizes.reduce(0, +)
        while left > 0 {
            for index in order where left > 0 {
                sizes[index] += 1
                left -= 1
            }
        }
        return sizes
    }

    /// The whole part of a share of `total`, not fooled by a product that is 28.999999999999996.
    static func floor(of total: Int, share: Double) -> Int {
        Int((Double(total) * share + 1e-9).rounded(.down))
    }
}

/// Draws a part for each group of rows so that the parts' sizes come out.
struct PartDraw {
    private var needs: [Int]
    private let shares: [Double]
    private var generator: SeededGenerator

    /// Starts a draw for parts of these sizes.
    init(sizes: [Int], shares: [Double], seed: UInt64) {
        needs = sizes
        self.shares = shares
        generator = SeededGenerator(seed: seed)
    }

    /// The part of each position: positions of one group get the same.
    ///
    /// A group counts in the class of its first row; `group` and `strata` have an entry for each position.
    mutating func parts(
        ofGroups group: [UInt32],
        groupCount: Int,
        strata: [UInt32]?,
        strataCount: Int
    ) throws -> [UInt32] {
        // Numbers of 32 bits: at a million rows these are what a split holds.
        var sizes = [UInt32](repeating: 0, count: groupCount)
        var members = [[UInt32]](repeating: [], count: strataCount)
        var rows = [Int](repeating: 0, count: strataCount)
        var stratumOf = [UInt32](repeating: 0, count: strata == nil ? 0 : groupCount)
        for (position, index) in group.enumerated() {
            let isFirst = sizes[Int(index)] == 0
            sizes[Int(index)] += 1
            guard let strata else {
                if isFirst { members[0].append(index) }
                rows[0] += 1
                continue
            }
            if isFirst {
                stratumOf[Int(index)] = strata[position]
                members[Int(strata[position])].append(index)
            }
            rows[Int(stratumOf[Int(index)])] += 1
        }
        stratumOf = []
        let targets = allotted(rows)
        var part = [UInt32](repeating: 0, count: groupCount)
        for stratum in 0..<strataCount {
            try Task.checkCancellation()
            var left = targets[stratum]
            generator.shuffle(&members[stratum])
            // Large groups first: the single rows after them fill each part up exactly.
            let large = members[stratum].filter { sizes[Int($0)] > 1 }
                .sorted { sizes[Int($0)] > sizes[Int($1)] }
            let single = members[stratum].lazy.filter { sizes[Int($0)] == 1 }
            for index in large { place(Int(index)) }
            for index in single { place(Int(index)) }
            members[stratum] = []

            func place(_ index: Int) {
                let size = Int(sizes[index])
                let chosen = draw(among: left, size: size)
                left[chosen] -= size
                part[index] = UInt32(chosen)
            }
        }
        return group.map { part[Int($0)] }
    }

    /// How many rows of each stratum each part gets: the whole part of its share, and what is left
    /// over to the parts that need most to reach their sizes.
    private func allotted(_ rows: [Int]) -> [[Int]] {
        var targets = rows.map { count in
            shares.map { Apportionment.floor(of: count, share: $0) }
        }
        var needs = needs
        for target in targets {
            for part in needs.indices { needs[part] -= target[part] }
        }
        for stratum in targets.indices {
            var left = rows[stratum] - targets[stratum].reduce(0, +)
            while left > 0 {
                let order = needs.indices.sorted { (needs[$0], -$0) > (needs[$1], -$1) }
                for part in order where left > 0 && (needs[part] > 0 || needs[order[0]] <= 0) {
                    targets[stratum][part] += 1
                    needs[part] -= 1
                    left -= 1
                }
            }
        }
        return targets
    }

    /// A part drawn in proportion to the room left, or the one with most room when the group does not
    /// fit the part drawn.
    private mutating func draw(among left: [Int], size: Int) -> Int {
        var (total, roomiest) = (0, 0)
        for part in left.indices {
            total += max(0, left[part])
            if max(0, left[part]) > max(0, left[roomiest]) { roomiest = part }
        }
        guard total > 0 else { return roomiest }
        var ticket = generator.below(total)
        for part in left.indices {
            let room = max(0, left[part])
            if ticket < room { return room >= size ? part : roomiest }
            ticket -= room
        }
        return roomiest
    }
}
