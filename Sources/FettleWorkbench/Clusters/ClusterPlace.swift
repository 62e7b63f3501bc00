import FettleCore

/// On which cluster a job trains, and with how much.
public struct ClusterPlace: Hashable, Sendable {
    /// How a language model is divided among workers.
    public enum Parallel: String, Hashable, Sendable, CaseIterable {
        /// Each has the whole model and a part of every step's examples.
        case ddp
        /// Each has a part of every layer's weights too.
        case fsdp
    }

    /// How a language model's weights are held.
    public enum Load: String, Hashable, Sendable, CaseIterable {
        /// In bfloat16 on GPUs that have it, else in single precision.
        case full
        /// In 4 bits (QLoRA, arXiv:2305.14314).
        case fourBits = "4bit"
    }

    /// The cluster's name.
    public var cluster: String
    /// Processors that are set aside for each worker, at least 1.
    public var cpus: Int
    /// Processes that share the work; at least 1.
    public var workers: Int
    /// GPUs that are set aside for each worker.
    public var gpus: Int
    /// How a language model is divided among workers.
    public var parallel = Parallel.ddp
    /// How a language model's weights are held.
    public var load = Load.full
    /// Where the cluster's machines find the base model, a folder of theirs or a name of the hub; nil where it is sent.
    public var model: String?

    /// Makes a place.
    public init(_ cluster: String, cpus: Int = 1, workers: Int = 1, gpus: Int = 0) {
        (self.cluster, self.cpus, self.workers, self.gpus) = (cluster, cpus, workers, gpus)
    }

    /// Reads the place among a job's settings; nil for a job of this machine.
    init?(_ settings: [ChosenSetting]) {
        func value(_ name: String) -> String? { settings.first { $0.name == name }?.value }
        func count(_ name: String) -> Int? { value(name).flatMap { Int($0) } }
        guard let cluster = value("cluster") else { return nil }
        self.init(
            cluster,
            cpus: count("cpus") ?? 1,
            workers: count("workers") ?? 1,
            gpus: count("gpus") ?? 0
        )
        parallel = value("parallel").flatMap { Parallel(rawValue: $0) } ?? .ddp
        load = value("load").flatMap { Load(rawValue: $0) } ?? .full
        model = value("cluster_model")
    }

    /// The place as settings of a job, without what is as it would be unset.
    var settings: [ChosenSetting] {
        [ChosenSetting(name: "cluster", value: cluster)]
            + (cpus == 1 ? [] : [ChosenSetting(name: "cpus", value: String(cpus))])
            + languageSettings
    }

    /// The settings of language models alone that differ from what they would be unset.
    var languageSettings: [ChosenSetting] {
        let all: [(String, String?)] = [
            ("workers", workers == 1 ? nil : String(workers)),
            ("gpus", gpus == 0 ? nil : String(gpus)),
            ("parallel", parallel == .ddp ? nil : parallel.rawValue),
            ("load", load == .full ? nil : load.rawValue),
            ("cluster_model", model),
        ]
        return all.compactMap { name, value in value.map { ChosenSetting(name: name, value: $0) } }
    }
}
