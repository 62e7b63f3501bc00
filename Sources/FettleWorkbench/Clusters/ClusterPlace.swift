import FettleCore

/// Where on a cluster a job trains, and with how much.
public struct ClusterPlace: Hashable, Sendable {
    /// The cluster's name.
    public var cluster: String
    /// Processors that are set aside for the job, at least 1.
    public var cpus: Int
    /// Accelerators that are set aside for it.
    public var gpus: Int

    /// Makes a place.
    public init(_ cluster: String, cpus: Int = 1, gpus: Int = 0) {
        (self.cluster, self.cpus, self.gpus) = (cluster, cpus, gpus)
    }

    /// Reads the place among a job's settings; nil for a job of this machine.
    init?(_ settings: [ChosenSetting]) {
        func value(_ name: String) -> String? { settings.first { $0.name == name }?.value }
        guard let cluster = value("cluster") else { return nil }
        self.init(
            cluster,
            cpus: value("cpus").flatMap { Int($0) } ?? 1,
            gpus: value("gpus").flatMap { Int($0) } ?? 0
        )
    }

    /// The place as settings of a job.
    var settings: [ChosenSetting] {
        [ChosenSetting(name: "cluster", value: cluster)]
            + (cpus == 1 ? [] : [ChosenSetting(name: "cpus", value: String(cpus))])
            + (gpus == 0 ? [] : [ChosenSetting(name: "gpus", value: String(gpus))])
    }
}
