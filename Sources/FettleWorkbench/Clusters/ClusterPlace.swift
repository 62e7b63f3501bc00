import FettleCore

/// On which cluster a job trains, and with how much.
public struct ClusterPlace: Hashable, Sendable {
    /// The cluster's name.
    public var cluster: String
    /// Processors that are set aside for the job, at least 1.
    public var cpus: Int

    /// Makes a place.
    public init(_ cluster: String, cpus: Int = 1) {
        (self.cluster, self.cpus) = (cluster, cpus)
    }

    /// Reads the place among a job's settings; nil for a job of this machine.
    init?(_ settings: [ChosenSetting]) {
        func value(_ name: String) -> String? { settings.first { $0.name == name }?.value }
        guard let cluster = value("cluster") else { return nil }
        self.init(cluster, cpus: value("cpus").flatMap { Int($0) } ?? 1)
    }

    /// The place as settings of a job.
    var settings: [ChosenSetting] {
        [ChosenSetting(name: "cluster", value: cluster)]
            + (cpus == 1 ? [] : [ChosenSetting(name: "cpus", value: String(cpus))])
    }
}
