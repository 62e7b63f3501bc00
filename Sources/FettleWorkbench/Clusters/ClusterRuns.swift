import FettleCore
import FettleProviders
import FettleStore

/// Training on clusters.
extension ClusterLibrary {
    /// Returns what runs the jobs of a cluster.
    ///
    /// - Throws: `unknown-cluster`; what is wrong with its token.
    func engine(_ name: String) throws(Diagnostic) -> any ClusterEngine {
        let record = try cluster(name)
        return switch record.kind {
        case .ray: RayEngine(try client(of: name))
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
        var tuning = try ClusterTuning(
            place,
            shared: resultFolder(of: place.cluster),
            engine(place.cluster),
            base,
            run
        )
        return try tuning.train(onMetrics)
    }

    /// The folder that this machine and a cluster both see; nil where there is none, as with Slurm by ssh, and where
    /// the log is enough.
    private func resultFolder(of name: String) throws(Diagnostic) -> String? {
        let record = try cluster(name)
        return record.kind == .ray ? record.sharedFolder : nil
    }

    /// Returns what is to be known of a job that trains at `place`.
    func elsewhere(_ job: String, at place: ClusterPlace) -> BaseModel.Elsewhere {
        BaseModel.Elsewhere(
            provider: place.cluster,
            isMade: { ClusterTuning.isAsked(notes: $0) },
            end: { try ClusterTuning.end(job, engine(place.cluster), notes: $0) }
        )
    }

    /// Sees to it that a cluster can train a base model, before a job is made.
    ///
    /// - Throws: `unknown-cluster`, `cluster-base`.
    func check(_ place: ClusterPlace, trains base: String) throws(Diagnostic) {
        _ = try cluster(place.cluster)
        guard base != BaseModel.ngram.name else { return }
        throw Diagnostic(
            "cluster-base",
            "'\(base)' is not tuned on clusters, which take the built-in model so far",
            hint: "leave out cluster=, or tune ngram"
        )
    }
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
