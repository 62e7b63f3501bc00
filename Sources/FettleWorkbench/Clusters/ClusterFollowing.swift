import FettleCore
import FettleProviders
import FettleWorker

/// Has a cluster do a piece of work, and follows it to its end, look by look.
///
/// What is asked for is noted before it is asked for, so that who goes on from the notes follows the same job. What a
/// cluster's machine fails at, other than the work itself, is tried again under another id.
struct ClusterFollowing {
    /// How far it came, which tells another process how to go on.
    struct Notes: Codable {
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

        /// What the cluster calls the job of a run.
        func id(_ run: String) -> String { attempt == 1 ? run : "\(run)-r\(attempt)" }
    }

    /// Who is told on the way.
    struct Listener {
        /// Keeps notes before what they say happens.
        var keep: (Notes) throws -> Void = { _ in }
        /// Removes them: what has ended is not gone on with.
        var forget: () -> Void = {}
        /// Takes what happens: how much it matters, and the words.
        var say: (_ level: WorkEvent.Level, _ message: String) throws -> Void = { _, _ in }
        /// How the same work is asked for again, in words.
        var again = "'resume' asks it again"
        /// Takes how much was sent.
        var progress: JobRunner.OnProgress = JobRunner.noProgress
    }

    /// The end of work that was done.
    struct Outcome {
        let id: String
        let files: [WorkEvent.File]
        let log: WorkLog

        /// Returns the bytes of a file.
        ///
        /// - Throws: `result-damaged` where there is none of this name or where not all of it arrived.
        func content(_ name: String) throws(Diagnostic) -> [UInt8] {
            guard let file = files.first(where: { $0.name == name }) else {
                throw Diagnostic(
                    "result-damaged",
                    "the job \(id) succeeded without a file '\(name)'",
                    hint: "start it anew"
                )
            }
            return try log.content(of: file)
        }
    }

    /// Takes a row of metrics or an epoch that is new, and the log that it stands in.
    typealias OnEvent = (WorkEvent, WorkLog) throws -> Void

    /// How often a cluster is asked for the same work.
    private static let attempts = 3
    /// For how long a cluster may be out of reach, in seconds, before the following ends.
    private static let patience = 1800.0
    /// For how long the log of a job that has ended may lack its end, in seconds, and for how long it may be refused.
    private static let (logPatience, refusalPatience) = (15.0, 3.0)

    private let cluster: String
    private let engine: any ClusterEngine
    private let work: any ClusterWork
    /// A folder of this machine for what is packed on the way.
    private let scratch: String
    private let listener: Listener
    private let clock = SuspendingClock()
    private var notes: Notes
    /// What the attempt has told.
    private var log: WorkLog
    /// Messages of the attempt that were read.
    private var messages = 0
    private var pace = FollowingPace()
    private var lostSince: SuspendingClock.Instant?
    private var endedSince: SuspendingClock.Instant?
    /// Whether the cluster did not tell the log at the last look.
    private var isLogRefused = false
    /// What the log's last line said that was no event.
    private var lastWords: String?

    /// Takes work on, from its beginning or from notes.
    init(
        _ work: any ClusterWork,
        at cluster: String,
        _ engine: any ClusterEngine,
        scratch: String,
        from notes: Notes = Notes(),
        telling listener: Listener
    ) {
        (self.work, self.cluster, self.engine) = (work, cluster, engine)
        (self.scratch, self.notes, self.listener) = (scratch, notes, listener)
        log = WorkLog(run: work.run, folder: work.results(of: notes.id(work.run)))
    }

    /// What the cluster calls the attempt.
    private var id: String { notes.id(work.run) }

    /// Looks until the work is done, with pauses that are the longer the less happens.
    mutating func outcome(_ onEvent: OnEvent) throws -> Outcome {
        while true {
            if let outcome = try look(onEvent) { return outcome }
            try RetryPolicy.usual.wait(pause)
        }
    }

    /// The seconds until the next look.
    private(set) var pause = 0.0

    /// Ends the job on the cluster, though the task that asks was cancelled.
    func end() throws {
        guard notes.isAsked else { return }
        try Self.stop(id, engine)
    }

    /// Ends the job of a run that an earlier process noted.
    static func end(_ run: String, _ notes: Notes, _ engine: any ClusterEngine) throws {
        guard notes.isAsked else { return }
        try stop(notes.id(run), engine)
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

    // MARK: - Asking

    /// Asks the cluster for the work.
    private mutating func ask() throws {
        let job = try work.job(id, attempt: notes.attempt)
        notes.isAsked = true
        try listener.keep(notes)
        do {
            try submit(job)
        } catch let diagnostic as Diagnostic where Self.early.contains(diagnostic.code) {
            notes.isAsked = false
            try listener.keep(notes)
            throw diagnostic
        }
        notes.isKnown = true
        try listener.keep(notes)
        try listener.say(.info, Self.naming(cluster) + id)
    }

    /// How the message begins that says what a cluster calls a job.
    static func naming(_ cluster: String) -> String { "'\(cluster)' calls it " }

    /// What goes wrong before a cluster is asked; after all else it may have the job.
    private static let early: Set = [
        "cluster-too-small", "package-too-large", "no-file", "cannot-write", "unknown-cluster",
        "no-file-links", "web-folder", "unknown-provider", "unknown-variable", "bad-key",
        "provider-unreachable", "provider-answer", "provider-refused",
        "provider-forbids", "provider-lacks",
    ]

    private func submit(_ job: ClusterJob) throws {
        let progress = listener.progress
        try engine.submit(job, packedIn: scratch) { sent, total in
            progress(Int(sent), Int(total), "bytes")
        }
    }

    // MARK: - Looking

    /// Asks for the work where that was not done yet, and tells what it has done since the last look.
    ///
    /// - Parameter onEvent: called with each row of metrics and each epoch that is new.
    /// - Returns: the end of it; nil while it goes on.
    /// - Throws: the error that ended the work; `cluster-job-ended` for a job that somebody stopped,
    ///   `cluster-job-failed` after the last attempt; what is wrong with the cluster.
    mutating func look(_ onEvent: OnEvent) throws -> Outcome? {
        if !notes.isAsked { try ask() }
        var state: ClusterJobState?
        var hasNews = false
        do {
            // The state first, so that the last lines are read after the end.
            state = try engine.state(of: id)
            notes.isKnown = true
            hasNews = try readLog(onEvent)
            lostSince = nil
        } catch let diagnostic as Diagnostic where diagnostic.code == "unknown-cluster-job" {
            // A process that ended between the note and the request never asked; the same id asks once.
            guard notes.isKnown else {
                try submit(work.job(id, attempt: notes.attempt))
                notes.isKnown = true
                pause = 0
                return nil
            }
            state = .failed("the cluster knows it no more")
        } catch let diagnostic as Diagnostic where Self.passing.contains(diagnostic.code) {
            // What its log would have said is not known.
            state = nil
            try lose(diagnostic)
        }
        switch log.end {
        case .succeeded(let files)?: return Outcome(id: id, files: files, log: log)
        case .failed(let diagnostic)?:
            listener.forget()
            throw diagnostic
        default: break
        }
        if let state, state.isEnd, !waitsForLog(after: state) {
            try restart(after: state)
            pause = 0
        } else {
            pause = pace.next(hasNews: hasNews)
        }
        return nil
    }

    private static let passing: Set = ["cluster-unreachable", "cluster-answer"]

    /// Takes it that the cluster cannot be asked, for a while.
    private mutating func lose(_ diagnostic: Diagnostic) throws {
        let since = lostSince ?? clock.now
        if lostSince == nil {
            lostSince = since
            try listener.say(.warn, "\(diagnostic.message); the job goes on there")
        }
        guard since.duration(to: clock.now) < .seconds(Self.patience) else { throw diagnostic }
    }

    /// Whether the log of a job that has ended may still come: it may some time after the end that it tells of.
    private mutating func waitsForLog(after state: ClusterJobState) -> Bool {
        let since = endedSince ?? clock.now
        endedSince = since
        let patience = isLogRefused ? Self.refusalPatience : Self.logPatience
        return state == .succeeded && since.duration(to: clock.now) < .seconds(patience)
    }

    /// Reads what the job has written so far and tells what is new; returns whether anything is.
    private mutating func readLog(_ onEvent: OnEvent) throws -> Bool {
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
        for event in news { try tell(event, onEvent) }
        if !news.isEmpty { try listener.keep(notes) }
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
        _ onEvent: OnEvent
    ) throws {
        switch event {
        case .metrics(let row) where row.step > notes.step:
            notes.step = row.step
            try onEvent(event, log)
        case .epoch(let epoch) where epoch.number > notes.epoch:
            notes.epoch = epoch.number
            try onEvent(event, log)
        case .message(let level, let text):
            messages += 1
            guard messages > notes.messages else { return }
            notes.messages = messages
            try listener.say(level, text)
        default: break
        }
    }

    // MARK: - The next attempt

    /// Readies the next attempt.
    ///
    /// - Throws: `cluster-job-ended` for a job that somebody stopped, `cluster-job-failed` after the last attempt.
    private mutating func restart(after state: ClusterJobState) throws {
        let reason: String
        switch state {
        case .failed(let words): reason = words
        case .stopped:
            listener.forget()
            throw Diagnostic(
                "cluster-job-ended",
                "the job was stopped on '\(cluster)'",
                hint: "start it anew"
            )
        default: reason = "its log has no end"
        }
        let words = lastWords.map { "\(reason): \($0)" } ?? reason
        let isLast = notes.attempt % Self.attempts == 0
        try listener.say(isLast ? .error : .warn, "attempt \(notes.attempt) failed: \(words)")
        notes.attempt += 1
        (notes.isAsked, notes.isKnown, notes.messages) = (false, false, 0)
        // Steps and epochs that are told again are known by their numbers, messages by their place in the log.
        log = WorkLog(run: work.run, folder: work.results(of: id))
        (messages, pace, lostSince, endedSince) = (0, FollowingPace(), nil, nil)
        (isLogRefused, lastWords) = (false, nil)
        try listener.keep(notes)
        guard !isLast else {
            throw Diagnostic(
                "cluster-job-failed",
                "'\(cluster)' could not do it in \(NumberText.count(Self.attempts, "attempt")): \(words)",
                hint: "\(listener.again); 'cluster check \(cluster)' says how it is"
            )
        }
    }
}
