import FettleCore
import FettleProviders
import FettleWorker

/// What a cluster is to do for a training, and what comes of it.
struct ClusterTraining {
    /// What is sent.
    var work: any ClusterWork
    /// Makes the model of what came back.
    var outcome: (ClusterFollowing.Outcome) throws -> BaseModel.Outcome
}

/// Tunes on a cluster: sends a program with the examples, and follows its job there to the end.
struct ClusterTuning {
    private let run: BaseModel.Run
    private let training: ClusterTraining
    private var following: ClusterFollowing

    /// Takes a run on.
    ///
    /// - Parameters:
    ///   - run: the run.
    ///   - training: what the cluster is to do for it.
    ///   - cluster: the cluster's name.
    ///   - engine: what runs it.
    /// - Throws: `checkpoint-corrupt`.
    init(
        _ run: BaseModel.Run,
        _ training: ClusterTraining,
        at cluster: String,
        _ engine: any ClusterEngine
    ) throws {
        (self.run, self.training) = (run, training)
        following = ClusterFollowing(
            training.work,
            at: cluster,
            engine,
            scratch: run.folder,
            from: run.goesOn ? try Self.notes(at: run.checkpoint) : .init(),
            telling: .init(
                keep: { try run.keep($0) },
                forget: { run.forgetNotes() },
                say: { try run.onMessage($0.rawValue, $1) },
                progress: run.onProgress
            )
        )
    }

    /// Trains there; returns the model that came of it.
    mutating func train(
        _ onMetrics: (TrainingMetrics) throws -> Void
    ) throws -> BaseModel.Outcome {
        do {
            let outcome = try following.outcome { [run] event, log in
                switch event {
                case .metrics(let row): try onMetrics(row)
                case .epoch(let epoch): try run.onEpoch(Self.end(epoch, log))
                default: break
                }
            }
            return try training.outcome(outcome)
        } catch let cancellation as CancellationError {
            if run.stopReason() == .cancelled { try following.end() }
            throw cancellation
        }
    }

    private static func end(
        _ epoch: WorkEvent.Epoch,
        _ log: WorkLog
    ) throws -> BaseModel.EpochEnd {
        let scores = try epoch.scores.map { try ScoreFile(log.content(of: $0), name: $0.name) }
        return BaseModel.EpochEnd(
            number: epoch.number,
            count: epoch.count,
            step: epoch.step,
            labels: scores?.labels ?? [],
            validationLogprobs: { scores?.logprobs ?? [] }
        )
    }

    // MARK: - Of an earlier process

    /// Whether an earlier process asked a cluster for the job.
    static func isAsked(notes path: String) -> Bool {
        (try? notes(at: path))?.isAsked == true
    }

    /// Ends the job that an earlier process asked for.
    static func end(_ job: String, _ engine: any ClusterEngine, notes path: String) throws {
        try ClusterFollowing.end(job, notes(at: path), engine)
    }

    private static func notes(at path: String) throws(Diagnostic) -> ClusterFollowing.Notes {
        try BaseModel.Run.notes(at: path, saying: "what the cluster was asked for")
    }
}
