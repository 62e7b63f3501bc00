public import FettleCore
import FettleStore
import Synchronization

/// The jobs that programs ask for through the fine-tuning API.
///
/// They are jobs like those of `tune`; beside that they wait in a queue, one trains at a time in this process,
/// they tell their events in the API's words, and have a file of metrics at the end. Those that wait or train when
/// their process ends are queued again by the next one that serves the workspace.
public final class ServedJobs: Sendable {
    /// Where the files of requests are, and what names of models stand for.
    public struct Surroundings: Sendable {
        /// Returns an uploaded file; nil when there is none of this id.
        public var file: @Sendable (_ id: String) throws(Diagnostic) -> ServedFile?
        /// Keeps a text as a file for its user, and returns its id.
        public var addFile: @Sendable (_ text: String, _ name: String) throws(Diagnostic) -> String
        /// Removes such a file.
        public var removeFile: @Sendable (_ id: String) -> Void
        /// Returns the model that a name stands for: itself when it is no alias.
        public var resolve: @Sendable (_ model: String) throws(Diagnostic) -> String

        /// Makes surroundings.
        public init(
            file: @escaping @Sendable (_ id: String) throws(Diagnostic) -> ServedFile?,
            addFile:
                @escaping @Sendable (
                    _ text: String, _ name: String
                ) throws(Diagnostic) -> String,
            removeFile: @escaping @Sendable (_ id: String) -> Void,
            resolve: @escaping @Sendable (_ model: String) throws(Diagnostic) -> String
        ) {
            self.file = file
            self.addFile = addFile
            self.removeFile = removeFile
            self.resolve = resolve
        }
    }

    struct State {
        /// Requests that are being looked at, for which there must be room.
        var arriving = 0
        var isStopping = false
        var loop: Task<Void, Never>?
    }

    /// Most jobs that wait.
    public let queueLimit: Int

    let workspace: Workspace
    let clock: WorkClock
    let center: JobCenter
    let surroundings: Surroundings
    let state = Mutex(State())
    /// Held while the end of a job is written.
    let settling = Mutex(())
    let wakes: AsyncStream<Void>
    let wake: AsyncStream<Void>.Continuation
    let followers: EventFollowers

    /// Makes the jobs of a workspace; they begin to train with ``start()``.
    ///
    /// - Parameters:
    ///   - workspace: where they are kept.
    ///   - clock: where times come from.
    ///   - center: what trains them.
    ///   - queueLimit: most jobs that wait.
    ///   - surroundings: where files are, and what names of models stand for.
    public init(
        _ workspace: Workspace,
        clock: WorkClock,
        center: JobCenter,
        queueLimit: Int = 32,
        surroundings: Surroundings
    ) {
        self.workspace = workspace
        self.clock = clock
        self.center = center
        self.queueLimit = queueLimit
        self.surroundings = surroundings
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        followers = EventFollowers(workspace)
    }

    var runner: JobRunner { JobRunner(workspace, clock: clock) }

    // MARK: - Asking

    /// Returns the jobs of one API, oldest first; those of the shell are among the modern ones.
    public func jobs(_ generation: ServedGeneration) throws(Diagnostic) -> [ServedJob] {
        let stored = try workspace.jobs()
        let served = try workspace.existingStore()?.servedJobs() ?? []
        let byJob = Dictionary(served.map { ($0.job, $0) }) { first, _ in first }
        let models = try ModelLibrary(workspace).models()
        let settings = Dictionary(models.map { ($0.id, $0.settings) }) { first, _ in first }
        var jobs: [ServedJob] = []
        for job in stored {
            let served = byJob[job.record.id]
            guard served?.isHidden != true,
                (served?.generation ?? ServedGeneration.modern.rawValue) == generation.rawValue
            else { continue }
            let chosen = job.model.flatMap { settings[$0] } ?? []
            jobs.append(try view(job, served, settings: chosen))
        }
        return jobs
    }

    /// Returns a job by the id that the API shows, in whichever API it was asked for.
    ///
    /// - Throws: `unknown-job`.
    public func job(_ id: String) throws(Diagnostic) -> ServedJob {
        guard let store = try workspace.existingStore() else { throw Self.unknown(id) }
        let served = try store.servedJob(id)
        guard served?.isHidden != true,
            let job = try workspace.job(served?.job ?? id)
        else { throw Self.unknown(id) }
        // A job of the old API has another name in this process than there.
        if served == nil, try store.servedJob(ofJob: id) != nil { throw Self.unknown(id) }
        let model = try job.model.flatMap { id throws(Diagnostic) in try store.model(id) }
        var view = try view(job, served, settings: model?.settings ?? [])
        if job.record.status == .running {
            view.estimatedFinish = Self.estimatedFinish(
                try store.storedMetrics(ofJob: job.record.id)
            )
        }
        return view
    }

    /// Rows of metrics from which the end of a job is estimated.
    private static let rowsOfAnEstimate = 20

    /// When a job will have ended that goes on as fast as in its last rows of metrics; nil for too few of them.
    static func estimatedFinish(_ rows: [StoredMetrics]) -> Int64? {
        let last = rows.suffix(rowsOfAnEstimate)
        guard let (first, latest) = last.first.flatMap({ first in last.last.map { (first, $0) } }),
            let start = first.at, let now = latest.at, latest.metrics.step > first.metrics.step
        else { return nil }
        let pace = Double(now - start) / Double(latest.metrics.step - first.metrics.step)
        return now + Int64(pace * Double(latest.metrics.totalSteps - latest.metrics.step))
    }

    private static func unknown(_ id: String) -> Diagnostic {
        Diagnostic("unknown-job", "no job '\(id)'", hint: "list the jobs to see their ids")
    }

    private func view(
        _ job: StoredJob,
        _ served: ServedJobRecord?,
        settings: [ChosenSetting]
    ) throws(Diagnostic) -> ServedJob {
        var served = served
        if job.record.status == .succeeded, let record = served, record.resultFile == nil {
            served = settle(record.job) ?? record
        }
        var options = ServedOptions()
        if let served {
            options = try ServedOptions(text: served.options)
        } else {
            let hyperparameters = Hyperparameters(job.record.settings)
            options.epochs = hyperparameters.epochs
            options.batchSize = hyperparameters.batchSize
            options.learningRateMultiplier = hyperparameters.learningRateMultiplier
            options.seed = hyperparameters.seed
            options.suffix = job.record.suffix
        }
        var view = ServedJob(stored: job, served: served, options: options, chosen: settings)
        if job.record.status == .succeeded {
            let last = try workspace.store().lastMetrics(ofJob: job.record.id)
            view.trainedTokens = last?.elapsedTokens
        }
        return view
    }

    /// Returns the messages of a job, oldest first.
    ///
    /// - Throws: `unknown-job`.
    public func messages(of id: String) throws(Diagnostic) -> [ServedEvent] {
        let job = try job(id)
        return try workspace.store().events(ofJob: job.stored.record.id).map { ServedEvent($0) }
    }

    /// Returns the messages and the rows of metrics of a job in one order, oldest first.
    ///
    /// - Throws: `unknown-job`.
    public func events(of id: String) throws(Diagnostic) -> [ServedEvent] {
        let job = try job(id).stored
        let store = try workspace.store()
        var rows = try store.storedMetrics(ofJob: job.record.id)[...]
        var all: [ServedEvent] = []
        for event in try store.events(ofJob: job.record.id) {
            while let row = rows.first, row.afterEvent < event.id {
                all.append(ServedEvent(row, of: job))
                rows.removeFirst()
            }
            all.append(ServedEvent(event))
        }
        return all + rows.map { ServedEvent($0, of: job) }
    }

    /// Returns the models that a job keeps, newest first: the one that it made.
    ///
    /// - Throws: `unknown-job`.
    public func checkpoints(of id: String) throws(Diagnostic) -> [ServedCheckpoint] {
        let job = try job(id).stored
        guard let model = job.model, try workspace.store().model(model) != nil,
            let last = try workspace.store().lastMetrics(ofJob: job.record.id)
        else { return [] }
        return [
            ServedCheckpoint(
                id: "ftckpt_" + job.record.id.dropFirst("ftjob-".count),
                at: job.finishedAt ?? job.record.createdAt,
                model: model,
                metrics: last
            )
        ]
    }

    /// Follows a job: its messages so far, and those that come until it has ended.
    ///
    /// - Throws: `unknown-job`.
    public func eventStream(of id: String) throws(Diagnostic) -> AsyncStream<ServedEvent> {
        let job = try job(id).stored.record.id
        return followers.stream(of: job) { [weak self] in self?.settle(job) }
    }

    /// Leaves a job that has ended out of the lists from now on; its model stays.
    ///
    /// - Throws: `unknown-job`; `job-state` when it has not ended.
    public func delete(_ id: String) throws(Diagnostic) {
        let job = try job(id)
        guard job.served != nil else {
            throw Diagnostic("job-state", "job \(id) was not made through the API")
        }
        guard job.status.isFinal else {
            throw Diagnostic(
                "job-state",
                "job \(id) has not ended, so it cannot be deleted",
                hint: "cancel it first"
            )
        }
        try workspace.store().hideServedJob(id)
    }

    // MARK: - The end of a job

    /// Writes the file of metrics of a job that has succeeded and the events of its end, once; returns what the
    /// API then knows of the job.
    ///
    /// A process that was killed after the model was stored has not done so, and then whoever looks at the job
    /// does.
    @discardableResult
    func settle(_ id: String) -> ServedJobRecord? {
        settling.withLock { _ in try? written(id) }
    }

    private func written(_ id: String) throws(Diagnostic) -> ServedJobRecord? {
        let store = try workspace.store()
        guard let served = try store.servedJob(ofJob: id), let job = try store.job(id),
            job.record.status == .succeeded
        else { return nil }
        // Another thread was faster, since its caller looked at the job.
        guard served.resultFile == nil else { return served }
        let library = ModelLibrary(workspace)
        let root = try library.parent(job.record.base)?.base ?? job.record.base
        let results = ResultsFile(
            ServedGeneration(rawValue: served.generation) ?? .modern,
            of: job,
            metrics: try store.metrics(ofJob: id),
            measures: try store.epochMeasures(ofJob: id),
            isOneToken: try library.base(root)?.givesLabelsOnly == true
        )
        let file = try surroundings.addFile(results.text, results.name)
        let isFirst = try store.setResult(
            file,
            ofJob: id,
            messages: job.record.wording.succeeded(resultFile: file),
            at: clock.now()
        )
        // Another process was faster.
        if !isFirst { surroundings.removeFile(file) }
        return try store.servedJob(ofJob: id)
    }
}
