import FettleCore
import FettleProviders
import FettleWorker

/// What a cluster is to do for a training, and what comes of it.
struct ClusterTraining {
    /// What is sent.
    var work: any ClusterWork
    /// Says in words what was measured at an epoch's end; nil where nothing is said.
    var measured: (TrainingMetrics) -> String? = { _ in nil }
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
            let outcome = try following.outcome { [run, training] event, log in
                switch event {
                case .metrics(let row): try onMetrics(row)
                case .epoch(let epoch):
                    try run.onEpoch(Self.end(epoch, log, run, training.measured))
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
        _ log: WorkLog,
        _ run: BaseModel.Run,
        _ measured: (TrainingMetrics) -> String?
    ) throws -> BaseModel.EpochEnd {
        var scores: ScoreFile?
        do {
            scores = try epoch.scores.map { file throws(Diagnostic) in
                try ScoreFile(log.content(of: file), name: file.name)
            }
        } catch {
            // The figures of an epoch are not worth the training.
            try run.onMessage("warn", "epoch \(epoch.number) has no figures: \(error.message)")
        }
        return BaseModel.EpochEnd(
            number: epoch.number,
            count: epoch.count,
            step: epoch.step,
            measured: log.metrics.last { $0.step <= epoch.step }.flatMap(measured),
            labels: scores?.labels ?? [],
            validationLogprobs: { [scores] in scores?.logprobs ?? [] }
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
