import FettleCore
import FettleProviders
import FettleWorker
import Foundation

/// Tunes on a cluster: sends the worker with the examples, and follows its job there to the end.
///
/// What is asked for is noted before it is asked for, so that a killed process follows the same job. What a cluster's
/// machine fails at, other than the work itself, is tried again under another id.
struct ClusterTuning {
    /// How far it came.
    private struct Progress: Codable {
        /// Which attempt it is, from 1.
        var attempt = 1
        /// Whether the cluster was asked for it, or may have been.
        var isAsked = false
        /// Whether the cluster has said that it knows it.
        var isKnown = false
        /// The last weight update that was told.
        var step = 0
        /// The last epoch that was told.
        var epoch = 0
        /// How many messages of the attempt were told.
        var messages = 0
    }

    private let place: ClusterPlace
    private let shared: String?
    private let engine: any ClusterEngine
    private let base: BaseModel
    private let run: BaseModel.Run
    private var progress: Progress
    private var log: WorkLog
    /// Messages of the attempt that were read.
    private var messages = 0
    private var pace = FollowingPace()
    /// Whether the cluster did not tell the log at the last look.
    private var isLogRefused = false
    /// What the log's last line said that was no event.
    private var lastWords: String?

    /// How often a cluster is asked for the same work.
    private static let attempts = 3
    /// For how long a cluster may be out of reach, in seconds, before the following ends.
    private static let patience = 1800.0
    /// For how long the log of a job that has ended may lack its end, in seconds, and for how long it may be refused.
    private static let (logPatience, refusalPatience) = (15.0, 3.0)

    /// Takes a run on.
    ///
    /// - Parameters:
    ///   - place: where it trains.
    ///   - shared: a folder that the cluster and this machine both have under this path; nil for none.
    ///   - engine: what runs it.
    ///   - base: what is trained, as it is trained on this machine.
    ///   - run: the run.
    /// - Throws: `checkpoint-corrupt`.
    init(
        _ place: ClusterPlace,
        shared: String?,
        _ engine: any ClusterEngine,
        _ base: BaseModel,
        _ run: BaseModel.Run
    ) throws {
        (self.place, self.shared, self.engine) = (place, shared, engine)
        (self.base, self.run) = (base, run)
        progress = run.goesOn ? try Self.read(run.checkpoint) : Progress()
        log = WorkLog(
            run: run.job,
            folder: ClusterOrder.results(of: Self.id(run.job, progress), in: shared)
        )
    }

    // MARK: - The run

    /// Trains there; returns the model that came of it.
    mutating func train(
        _ onMetrics: (TrainingMetrics) throws -> Void
    ) throws -> BaseModel.Outcome {
        do {
            while true {
                if !progress.isAsked { try ask() }
                if let outcome = try follow(onMetrics) { return outcome }
            }
        } catch let cancellation as CancellationError {
            if run.stopReason() == .cancelled { try end() }
            throw cancellation
        }
    }

    private var id: String { Self.id(run.job, progress) }

    private static func id(_ job: String, _ progress: Progress) -> String {
        progress.attempt == 1 ? job : "\(job)-r\(progress.attempt)"
    }

    /// Asks the cluster for the work.
    private mutating func ask() throws {
        progress.isAsked = true
        try run.keep(progress)
        do {
            try submit()
        } catch let diagnostic as Diagnostic where Self.early.contains(diagnostic.code) {
            progress.isAsked = false
            try run.keep(progress)
            throw diagnostic
        }
        try run.onMessage("info", "'\(place.cluster)' calls it \(id)")
    }

    /// What goes wrong before a cluster is asked; after all else it may have the job.
    private static let early: Set = [
        "cluster-too-small", "package-too-large", "no-worker", "no-file", "cannot-read",
        "cannot-write", "unknown-cluster",
    ]

    private func submit() throws {
        let onProgress = run.onProgress
        try engine.submit(
            ClusterOrder(run, of: base, cpus: place.cpus, shared: shared)
                .job(id, attempt: progress.attempt),
            packedIn: run.folder
        ) { sent, total in
            onProgress(Int(sent), Int(total), "bytes")
        }
    }

    // MARK: - Following

    /// Tells what the job does until it has ended; nil where it is to be asked for again.
    private mutating func follow(
        _ onMetrics: (TrainingMetrics) throws -> Void
    ) throws -> BaseModel.Outcome? {
        let clock = SuspendingClock()
        var lostSince: SuspendingClock.Instant?
        var endedSince: SuspendingClock.Instant?
        while true {
            var state: ClusterJobState?
            var hasNews = false
            do {
                // The state first, so that the last lines are read after the end.
                state = try engine.state(of: id)
                progress.isKnown = true
                hasNews = try readLog(onMetrics)
                lostSince = nil
            } catch let diagnostic as Diagnostic where diagnostic.code == "unknown-cluster-job" {
                // A process that ended between the note and the request never asked; the same id asks once.
                guard progress.isKnown else {
                    try submit()
                    progress.isKnown = true
                    continue
                }
                state = .failed("the cluster knows it no more")
            } catch let diagnostic as Diagnostic where Self.passing.contains(diagnostic.code) {
                // What its log would have said is not known.
                state = nil
                let since = lostSince ?? clock.now
                if lostSince == nil {
                    lostSince = since
                    try run.onMessage("warn", "\(diagnostic.message); the job goes on there")
                }
                guard since.duration(to: clock.now) < .seconds(Self.patience) else {
                    throw diagnostic
                }
            }
            switch log.end {
            case .succeeded(let files)?: return try outcome(files)
            case .failed(let diagnostic)?:
                run.forgetNotes()
                throw diagnostic
            default: break
            }
            if let state, state.isEnd {
                let since = endedSince ?? clock.now
                endedSince = since
                // A log may come some time after the end that it tells of.
                let patience = isLogRefused ? Self.refusalPatience : Self.logPatience
                guard state == .succeeded, since.duration(to: clock.now) < .seconds(patience) else {
                    try restart(after: state)
                    return nil
                }
            }
            try RetryPolicy.usual.wait(pace.next(hasNews: hasNews))
        }
    }

    private static let passing: Set = ["cluster-unreachable", "cluster-answer"]

    /// Reads what the job has written so far and tells what is new; returns whether anything is.
    private mutating func readLog(_ onMetrics: (TrainingMetrics) throws -> Void) throws -> Bool {
        let text: String
        do {
            text = try engine.log(of: id)
        } catch let diagnostic as Diagnostic where diagnostic.code == "cluster-refused" {
            // Ray asks the machine that has the log. One that is gone, or that came so lately that Ray does not know how
            // to ask it, never tells: the job's state says in time whether to ask for the work again.
            lastWords = diagnostic.message
            isLogRefused = true
            return false
        }
        isLogRefused = false
        lastWords = Self.lastWords(of: text)
        let news = log.read(text)
        for event in news { try tell(event, onMetrics) }
        if !news.isEmpty { try run.keep(progress) }
        return !news.isEmpty
    }

    /// The last line of a log that is no event, where the system says why a program did not start.
    private static func lastWords(of log: String) -> String? {
        log.split(whereSeparator: \.isNewline)
            .last { !$0.hasPrefix(WorkEvent.prefix) && $0.contains { !$0.isWhitespace } }
            .map { String($0.prefix(300)) }
    }

    private mutating func tell(
        _ event: WorkEvent,
        _ onMetrics: (TrainingMetrics) throws -> Void
    ) throws {
        switch event {
        case .metrics(let row) where row.step > progress.step:
            progress.step = row.step
            try onMetrics(row)
        case .epoch(let epoch) where epoch.number > progress.epoch:
            progress.epoch = epoch.number
            try run.onEpoch(
                BaseModel.EpochEnd(
                    number: epoch.number,
                    count: epoch.count,
                    step: epoch.step,
                    labels: [],
                    validationLogprobs: { [] }
                )
            )
        case .message(let level, let text):
            messages += 1
            guard messages > progress.messages else { return }
            progress.messages = messages
            try run.onMessage(level.rawValue, text)
        default: break
        }
    }

    // MARK: - Ends

    private func outcome(_ files: [WorkEvent.File]) throws -> BaseModel.Outcome {
        guard let file = files.first(where: { $0.name == WorkEvent.modelName }) else {
            throw Diagnostic(
                "result-damaged",
                "the job \(id) of '\(place.cluster)' succeeded without a model",
                hint: "start it anew"
            )
        }
        let path = run.checkpoint + ".model"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(log.content(of: file)).write(to: URL(filePath: path))
        return BaseModel.Outcome(model: try base.open(path), settings: log.settings)
    }

    /// Readies the next attempt.
    ///
    /// - Throws: `cluster-job-ended` for a job that somebody stopped, `cluster-job-failed` after the last attempt.
    private mutating func restart(after state: ClusterJobState) throws {
        let reason: String
        switch state {
        case .failed(let words): reason = words
        case .stopped:
            run.forgetNotes()
            throw Diagnostic(
                "cluster-job-ended",
                "the job was stopped on '\(place.cluster)'",
                hint: "start it anew"
            )
        default: reason = "its log has no end"
        }
        let words = lastWords.map { "\(reason): \($0)" } ?? reason
        let isLast = progress.attempt % Self.attempts == 0
        try run.onMessage(isLast ? "error" : "warn", "attempt \(progress.attempt) failed: \(words)")
        progress.attempt += 1
        (progress.isAsked, progress.isKnown, progress.messages) = (false, false, 0)
        // Steps and epochs that are told again are known by their numbers, messages by their place in the log.
        log = WorkLog(run: run.job, folder: ClusterOrder.results(of: id, in: shared))
        messages = 0
        try run.keep(progress)
        guard !isLast else {
            throw Diagnostic(
                "cluster-job-failed",
                "'\(place.cluster)' could not do it in \(NumberText.count(Self.attempts, "attempt")): \(words)",
                hint: "'resume' asks it again; 'cluster check \(place.cluster)' says how it is"
            )
        }
    }

    /// Ends the job on the cluster, though the task that asks was cancelled.
    private func end() throws {
        guard progress.isAsked else { return }
        try Self.stop(id, engine)
    }

    /// Whether an earlier process asked a cluster for the job.
    static func isAsked(notes path: String) -> Bool {
        (try? read(path))?.isAsked == true
    }

    /// Ends the job that an earlier process asked for.
    static func end(_ job: String, _ engine: any ClusterEngine, notes path: String) throws {
        let progress = try read(path)
        guard progress.isAsked else { return }
        try stop(id(job, progress), engine)
    }

    private static func stop(_ id: String, _ engine: any ClusterEngine) throws {
        try OwnThread.run {
            do {
                try engine.stop(id)
            } catch let diagnostic as Diagnostic where diagnostic.code == "unknown-cluster-job" {
                // What it knows no more has ended.
            }
        }
    }

    private static func read(_ path: String) throws(Diagnostic) -> Progress {
        try BaseModel.Run.notes(at: path, saying: "what the cluster was asked for")
    }
}
