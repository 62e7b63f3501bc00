import FettleCore
import OpenAIWire

/// What runs at a cluster's address.
public struct RayVersion: Hashable, Sendable {
    /// The version of the jobs API; the one that is known is ``knownAPI``.
    public var api: String
    /// The version of Ray.
    public var ray: String

    /// The version of the jobs API that this client was written to, that of Ray 2.60.
    public static let knownAPI = "4"
}

/// A machine of a cluster.
public struct RayNode: Hashable, Sendable {
    /// Its id in hexadecimal.
    public var id: String
    /// Its address within the cluster.
    public var address: String
    /// Whether it is the one that takes requests.
    public var isHead: Bool
    /// What it has of each resource: `CPU` and `GPU` in pieces, `memory` in bytes.
    public var total: [String: Double]
    /// What is taken of each; nil where the cluster does not tell.
    public var used: [String: Double]?

    /// Makes a node.
    public init(
        id: String,
        address: String,
        isHead: Bool,
        total: [String: Double],
        used: [String: Double]? = nil
    ) {
        (self.id, self.address, self.isHead) = (id, address, isHead)
        (self.total, self.used) = (total, used)
    }

    /// What is free of a resource: all that it has less what is taken; nil where the cluster does not tell.
    public func free(_ resource: String) -> Double? {
        let total = total[resource] ?? 0
        guard total > 0 else { return 0 }
        return used.map { max(0, total - ($0[resource] ?? 0)) }
    }

    /// Reads a member of the list of nodes; nil for one that is gone.
    init?(_ object: WireObject) throws(WireProblem) {
        guard try object.string("state") ?? "ALIVE" == "ALIVE" else { return nil }
        id = try object.required("node_id", object.string("node_id"))
        address = try object.string("node_ip") ?? ""
        isHead = try object.flag("is_head_node") ?? false
        total = Self.numbers(object.any("resources_total"))
        used = nil
    }

    /// Returns the numbers among an object's members.
    private static func numbers(_ value: JSONValue?) -> [String: Double] {
        guard case .object(let members)? = value else { return [:] }
        return Dictionary(
            members.compactMap { member in member.value.amount.map { (member.name, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
    }

    // MARK: - What is taken

    /// Reads what is taken by nodes from an answer of `/api/cluster_status`, which has it where Ray's older
    /// autoscaler runs.
    static func usage(status answer: JSONValue) -> [String: [String: Double]] {
        let report = answer["data"]?["clusterStatus"]?["loadMetricsReport"]
        guard case .object(let nodes)? = report?["usageByNode"] else { return [:] }
        var usage: [String: [String: Double]] = [:]
        for node in nodes {
            guard case .object(let resources) = node.value else { continue }
            var used: [String: Double] = [:]
            for resource in resources {
                guard case .array(let pair) = resource.value, let first = pair.first?.amount
                else { continue }
                used[resource.name] = first
            }
            usage[node.name] = used
        }
        return usage
    }

    /// Reads what is taken by nodes from an answer of `/nodes?view=summary`, which has it as text, such as
    /// `1.0/2.0 CPU`, where only Ray's newer autoscaler runs.
    static func usage(summary answer: JSONValue) -> [String: [String: Double]] {
        guard case .object(let nodes)? = answer["data"]?["nodeLogicalResources"] else {
            return [:]
        }
        var usage: [String: [String: Double]] = [:]
        for node in nodes {
            guard case .string(let text) = node.value else { continue }
            var used: [String: Double] = [:]
            for line in text.split(whereSeparator: \.isNewline) {
                let words = line.split(separator: " ")
                guard words.count > 1, let slash = words[0].firstIndex(of: "/") else { continue }
                used[String(words[1])] = amount(words[0][..<slash])
            }
            usage[node.name] = used
        }
        return usage
    }

    /// Returns the number that a text such as `2.0` or `1.50GiB` says.
    private static func amount(_ text: Substring) -> Double? {
        let units: [(String, Double)] = [
            ("TiB", 0x1p40), ("GiB", 0x1p30), ("MiB", 0x1p20), ("KiB", 0x1p10), ("B", 1),
        ]
        guard let unit = units.first(where: { text.hasSuffix($0.0) }) else { return Double(text) }
        return Double(text.dropLast(unit.0.count)).map { $0 * unit.1 }
    }
}

extension JSONValue {
    /// The number that it is.
    fileprivate var amount: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
