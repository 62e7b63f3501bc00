import FettleCore
import FettleProviders
public import FettleStore
import FettleWorker

/// Training on clusters.
extension ClusterLibrary {
    /// Returns what runs the jobs of a cluster.
    ///
    /// - Throws: `unknown-cluster`; what is wrong with its token.
    func engine(_ name: String) throws(Diagnostic) -> any ClusterEngine {
        let record = try cluster(name)
        return switch record.kind {
        case .ray:
            RayEngine(try client(of: name)) { () throws(Diagnostic) in try files(of: record) }
        case .slurm: try slurm(record)
        }
    }

    /// Trains a base model on a cluster.
    func tune(
        _ base: BaseModel,
        at place: ClusterPlace,
        _ run: BaseModel.Run,
        _ onMetrics: (TrainingMetrics) throws -> Void
    ) throws -> BaseModel.Outcome {
        let record = try cluster(place.cluster)
        guard let training = base.onCluster else { throw Self.untunable(base.name) }
        let site = ClusterSite(
            kind: record.kind,
            shared: Self.resultFolder(of: record),
            fetches: record.fileServer != nil
        )
        var tuning = try ClusterTuning(
            run,
            training(run, place, site),
            at: record.name,
            engine(record.name)
        )
        return try tuning.train(onMetrics)
    }

    /// The folder that this machine and a cluster both see; nil where there is none, as with Slurm by ssh, and where
    /// the log is enough.
    static func resultFolder(of record: ClusterRecord) -> String? {
        record.kind == .ray ? record.sharedFolder : nil
    }

    /// Returns the lines that a job's program wrote on its cluster in its last attempt, but for events; nil for a job that
    /// no cluster was asked for.
    ///
    /// - Throws: `unknown-cluster`, `unknown-cluster-job`; what is wrong with the cluster.
    public func lines(of job: StoredJob) throws -> [String]? {
        guard let place = ClusterPlace(job.record.settings) else { return nil }
        let start = ClusterFollowing.naming(place.cluster)
        let events = try workspace.store().events(ofJob: job.record.id)
        guard let asked = events.last(where: { $0.message.hasPrefix(start) }) else { return nil }
        let id = String(asked.message.dropFirst(start.count))
        return try engine(place.cluster).log(of: id).split(whereSeparator: \.isNewline)
            .filter { !$0.hasPrefix(WorkEvent.prefix) }.map(String.init)
    }

    /// Returns what is to be known of a job that trains at `place`.
    func elsewhere(_ job: String, at place: ClusterPlace) -> BaseModel.Elsewhere {
        BaseModel.Elsewhere(
            provider: place.cluster,
            isMade: { ClusterTuning.isAsked(notes: $0) },
            end: { try ClusterTuning.end(job, engine(place.cluster), notes: $0) }
        )
    }

    /// Sees to it that a cluster can train a base model with what was set, before a job is made.
    ///
    /// - Throws: `unknown-cluster`, `cluster-base`, `bad-hyperparameter`.
    func check(
        _ place: ClusterPlace,
        of hyperparameters: Hyperparameters,
        trains base: BaseModel?
    ) throws(Diagnostic) {
        _ = try cluster(place.cluster)
        guard let base, base.onCluster != nil else { throw Self.untunable(base?.name ?? "") }
        if base.checkLanguage == nil, let first = place.languageSettings.first {
            throw Diagnostic(
                "bad-hyperparameter",
                "\(first.name) is a setting of language models on clusters, and '\(base.name)' is none",
                hint: "leave it out; cpus= says how many processors the job is given"
            )
        }
        guard base.checkLanguage != nil else { return }
        let language = hyperparameters.language
        if let train = language.train, train != .adapter { throw TorchOrder.noAdapter(train) }
        if language.memory != nil {
            throw Diagnostic(
                "bad-hyperparameter",
                "memory is what of this machine is taken, and the job is on '\(place.cluster)'",
                hint: "leave it out; a smaller batch_size or more workers= need less there"
            )
        }
        if place.load == .fourBits, place.parallel == .fsdp {
            throw Diagnostic(
                "bad-hyperparameter",
                "load is 4bit and parallel is fsdp, and a model of 4 bits is not divided among workers",
                hint: "leave one of them out"
            )
        }
        if place.gpus > 1 {
            throw Diagnostic(
                "bad-hyperparameter",
                "gpus is \(place.gpus), and a worker computes on one GPU",
                hint: "take as many workers: workers=\(place.workers * place.gpus) gpus=1"
            )
        }
    }

    private static func untunable(_ base: String) -> Diagnostic {
        Diagnostic(
            "cluster-base",
            "'\(base)' is a model of a provider, which clusters do not train",
            hint: "leave out cluster="
        )
    }

    /// Sees to it that clusters can answer by a model.
    ///
    /// - Throws: `cluster-base`.
    func check(answers model: ModelRecord) throws(Diagnostic) {
        guard model.base != BaseModel.ngram.name else { return }
        throw Diagnostic(
            "cluster-base",
            "'\(model.displayName)' is a language model, and clusters answer by those of 'ngram'",
            hint: "leave out cluster="
        )
    }
}

/// What of a cluster decides how it is given work.
struct ClusterSite: Sendable {
    /// What kind of cluster it is.
    var kind: ClusterRecord.Kind
    /// A folder that the cluster and this machine both have under this path; nil for none.
    var shared: String?
    /// Whether its machines fetch large files from a server.
    var fetches = false
}

extension BaseModel {
    /// Trains at a place of a cluster, or where the model itself is trained.
    func train(
        at place: ClusterPlace?,
        of workspace: Workspace,
        _ run: Run,
        _ onMetrics: (TrainingMetrics) throws -> Void
    ) throws -> Outcome {
        guard let place else { return try tune(run, onMetrics) }
        return try ClusterLibrary(workspace).tune(self, at: place, run, onMetrics)
    }
}
