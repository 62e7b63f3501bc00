public import FettleCore
import FettleStore

#if canImport(Glibc)
import Glibc
#endif

extension JobRunner {
    /// Trains a prepared job, records its end, and returns the model.
    ///
    /// - Parameters:
    ///   - job: the job, which runs in this process alone.
    ///   - reason: asked why, once the task was cancelled.
    ///   - onWarning: called with what the user should know of while training goes on.
    ///   - onProgress: called with how much is done of what comes before training, and what is counted.
    ///   - onMetrics: called with each row of metrics, from the training loop.
    /// - Returns: the model and what the training gave.
    /// - Throws: a ``Diagnostic``, or `CancellationError` when the task was cancelled; the job is then
    ///   recorded as failed, cancelled or interrupted, and its checkpoint stays.
    public func execute(
        _ job: Prepared,
        stoppedFor reason: () -> StopReason = { .cancelled },
        onWarning: (String) -> Void = { _ in },
        onProgress: @escaping OnProgress = noProgress,
        onMetrics: (TrainingMetrics) -> Void
    ) throws -> Result {
        do {
            let start = clock.seconds()
            func trained() -> Double? {
                clock.seconds().flatMap { now in start.map { now - $0 + job.earlierSeconds } }
            }
            let (outcome, metrics) = try withoutActuallyEscaping(onWarning) { onWarning in
                try withoutActuallyEscaping(reason) { reason in
                    try train(job, trained, reason, onWarning, onProgress, onMetrics)
                }
            }
            let seconds = trained()
            let model = try save(
                outcome,
                of: job,
                examples: metrics?.elapsedExamples ?? 0,
                seconds ?? 0
            )
            try? jobFolder(job.record.id).remove()
            return Result(model: model, metrics: metrics, seconds: seconds)
        } catch {
            recordEnd(error, of: job, reason)
            if let folder = try? jobFolder(job.record.id) {
                // What failed before its first checkpoint would fail again.
                let canGoOn = error is CancellationError ? folder.canGoOn : folder.hasCheckpoint
                if !canGoOn { folder.remove() }
            }
            throw error
        }
    }

    private func train(
        _ job: Prepared,
        _ trained: @escaping () -> Double?,
        _ reason: @escaping () -> StopReason,
        _ onWarning: @escaping (String) -> Void,
        _ onProgress: @escaping OnProgress,
        _ onMetrics: (TrainingMetrics) -> Void
    ) throws -> (BaseModel.Outcome, TrainingMetrics?) {
        let library = ModelLibrary(workspace)
        let parent = try library.parent(job.record.base)
        guard let base = try library.base(parent?.base ?? job.record.base) else {
            throw Diagnostic("unknown-base", "no base model '\(parent?.base ?? job.record.base)'")
        }
        let folder = try jobFolder(job.record.id)
        let store = try workspace.store()
        let writer = MetricWriter(store: store, job: job.record.id, clock: clock)
        var lastWarning = ""
        func warn(_ error: any Error) {
            let reason = (error as? Diagnostic)?.message ?? "\(error)"
            guard reason != lastWarning else { return }
            lastWarning = reason
            try? store.addEvent(
                job: job.record.id,
                level: "warn",
                message: "Training goes on without a checkpoint: \(reason)",
                at: clock.now()
            )
            onWarning("job \(job.number) goes on without a checkpoint: \(reason)")
        }
        if let error = job.unkept { warn(error) }
        // An earlier process may have ended between telling something and noting that it was told.
        var told = job.goesOn ? Set(try store.events(ofJob: job.record.id).map(\.message)) : []
        let place = ClusterPlace(job.record.settings)
        let outcome = try base.train(
            at: place,
            of: workspace,
            BaseModel.Run(
                examples: job.examples,
                isChat: job.record.format?.isChat == true,
                validation: job.validation,
                hyperparameters: Hyperparameters(job.record.settings),
                weights: try parent.map { try library.path(of: $0) },
                checkpoint: folder.checkpoint,
                goesOn: job.goesOn,
                willWriteCheckpoint: {
                    try writer.flush()
                    try folder.keep(job.examples, job.validation)
                    guard let seconds = trained() else { return }
                    try store.setTraining(
                        milliseconds: Int64(seconds * 1000),
                        ofJob: job.record.id
                    )
                },
                checkpointDidFail: warn,
                onEpoch: { epoch in
                    let found = try measures(epoch, of: job)
                    let message = job.record.wording.completed(
                        epoch: epoch.number,
                        of: epoch.count,
                        measured: epoch.measured
                    )
                    guard !found.isEmpty || message != nil else { return }
                    try writer.flush()
                    try store.insert(
                        found,
                        job: job.record.id,
                        message: message,
                        at: clock.now()
                    )
                },
                job: job.record.id,
                suffix: job.record.suffix,
                onMessage: { level, message in
                    if level == "info", told.contains(message) { return }
                    told = []
                    try writer.flush()
                    try store.addEvent(
                        job: job.record.id,
                        level: level,
                        message: message,
                        at: clock.now()
                    )
                    if level == "warn" { onWarning("job \(job.number): \(message)") }
                },
                measuresEpochs: job.record.classification != nil,
                onProgress: onProgress,
                stopReason: reason
            )
        ) { metrics in
            writer.add(metrics)
            onMetrics(metrics)
        }
        try writer.flush()
        return (outcome, try writer.lastEpoch(of: outcome.settings))
    }

    /// Returns the figures of the model at the end of an epoch, where the job asks for any.
    private func measures(
        _ epoch: BaseModel.EpochEnd,
        of job: Prepared
    ) throws -> [EpochMeasure] {
        guard let options = job.record.classification, !job.validation.isEmpty,
            !epoch.labels.isEmpty
        else { return [] }
        return try ClassifierMeasures(options).values(
            labels: epoch.labels,
            truth: job.validation.map(\.completion),
            logprobs: try epoch.validationLogprobs()
        ).map { EpochMeasure(step: epoch.step, name: $0.name, value: $0.value) }
    }

    private func save(
        _ outcome: BaseModel.Outcome,
        of job: Prepared,
        examples: Int,
        _ seconds: Double
    ) throws(Diagnostic) -> ModelRecord {
        let now = clock.now()
        let library = ModelLibrary(workspace)
        let parent = try library.parent(job.record.base)
        let base = parent?.base ?? job.record.base
        guard let format = job.record.format else {
            throw Diagnostic(
                "workspace-read",
                "job \(job.record.id) has no format in the workspace"
            )
        }
        // The file has the job's name, which no other job has, so that two that end at once keep apart.
        let model = ModelRecord(
            id: "",
            name: job.record.name,
            base: base,
            parent: parent?.id,
            file: job.record.id + ".model",
            format: format,
            settings: outcome.settings,
            dataset: job.record.dataset,
            datasetFingerprint: job.record.datasetFingerprint,
            labelCount: outcome.model.labels.count,
            examplesSeen: (parent?.examplesSeen ?? 0) + examples,
            trainingMilliseconds: (parent?.trainingMilliseconds ?? 0) + Int64(seconds * 1000),
            createdAt: now
        )
        let path = try library.path(of: model)
        try outcome.model.save(path)
        do {
            return try workspace.store().finishJob(
                job.record.id,
                with: model,
                id: { attempt in
                    if attempt == 0, let id = outcome.id { return id }
                    return ModelLibrary.id(
                        base: job.record.idBase ?? base,
                        suffix: job.record.suffix,
                        at: now,
                        attempt: attempt
                    )
                },
                message: { job.record.wording.made($0) },
                at: now
            )
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Records what ended the job, or has the workspace remember it while the database takes nothing.
    private func recordEnd(_ error: any Error, of job: Prepared, _ reason: () -> StopReason) {
        let wording = job.record.wording
        let message: String
        let end: JobEnd
        switch (error is CancellationError, reason()) {
        case (false, _):
            end = JobEnd(failedBy: error)
            message = wording.failed(end.error ?? "")
        case (true, .cancelled):
            end = JobEnd(.cancelled)
            message = wording.cancelled
        case (true, .paused):
            end = JobEnd(.paused)
            message = wording.paused
        case (true, .processEnds):
            end = JobEnd(.interrupted)
            message = wording.interrupted
        }
        workspace.finishJob(job.record.id, end, message: message, at: clock.now())
    }

    func jobFolder(_ id: String) throws(Diagnostic) -> JobFolder {
        JobFolder(try workspace.jobsFolder() + "/" + id)
    }

    static func newID() -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var generator = SystemRandomNumberGenerator()
        return "ftjob-"
            + String((0..<24).map { _ in alphabet[Int.random(in: 0..<62, using: &generator)] })
    }
}

extension JobEnd {
    /// The end of a job that an error ended.
    init(failedBy error: any Error) {
        let diagnostic = error as? Diagnostic
        self.init(
            .failed,
            error: diagnostic?.message ?? "\(error)",
            errorCode: diagnostic?.code
        )
    }
}
