import FettleCore

/// Machines of a partition that are alike.
public struct SlurmNodes: Hashable, Sendable {
    /// The partition's name.
    public var partition: String
    /// Whether jobs go there that name none.
    public var isDefault: Bool
    /// Whether the partition takes jobs.
    public var isUp: Bool
    /// How many machines these are.
    public var count: Int
    /// What they do, in Slurm's word, such as `idle`, `mixed` or `down*`.
    public var state: String
    /// Processors of each.
    public var cpus: Int
    /// Accelerators of each.
    public var gpus: Int
    /// Memory of each in bytes, as far as Slurm gives it away.
    public var memory: Int

    /// What `sinfo` is asked for.
    static let format = "%P|%a|%D|%T|%c|%m|%G"

    /// Makes machines.
    public init(
        partition: String,
        isDefault: Bool = false,
        isUp: Bool = true,
        count: Int,
        state: String,
        cpus: Int,
        gpus: Int = 0,
        memory: Int
    ) {
        (self.partition, self.isDefault, self.isUp) = (partition, isDefault, isUp)
        (self.count, self.state) = (count, state)
        (self.cpus, self.gpus, self.memory) = (cpus, gpus, memory)
    }

    /// Reads a line of `sinfo`; nil for another text.
    init?(line: Substring) {
        let parts = line.split(separator: "|", maxSplits: 6, omittingEmptySubsequences: false)
        guard parts.count == 7, let count = Int(parts[2]), let cpus = Self.number(parts[4]),
            let memory = Self.number(parts[5])
        else { return nil }
        let isDefault = parts[0].last == "*"
        self.init(
            partition: String(isDefault ? parts[0].dropLast() : parts[0]),
            isDefault: isDefault,
            isUp: parts[1] == "up",
            count: count,
            state: String(parts[3]),
            cpus: cpus,
            gpus: Self.gpus(parts[6]),
            memory: memory << 20
        )
    }

    /// Returns a number that may have a `+` after it for the least of several.
    private static func number(_ text: Substring) -> Int? {
        Int(text.last == "+" ? text.dropLast() : text).flatMap {
            (0...1 << 40).contains($0) ? $0 : nil
        }
    }

    /// Returns how many accelerators a list of resources has, such as `gpu:a100:4(S:0-1),nvme:1`.
    static func gpus(_ list: Substring) -> Int {
        // What stands in brackets says which processors are near, with commas of its own.
        var depth = 0
        let plain = list.filter { character in
            if character == "(" { depth += 1 }
            defer { if character == ")" { depth -= 1 } }
            return depth == 0
        }
        return plain.split(separator: ",").reduce(0) { sum, item in
            let parts = item.split(separator: ":")
            guard parts.first == "gpu" else { return sum }
            return sum + (parts.last.flatMap { Int($0) }.map { min(max(0, $0), 1 << 20) } ?? 1)
        }
    }
}
