/// The life of a job: where it stands, and where each event takes it.
///
/// A pure state machine: it starts nothing and stores nothing.
///
///     queued → running → succeeded | failed
///     running → cancelling → cancelled      cancelled while it waits: at once
///     running, queued → paused              running, queued → interrupted (its process is gone)
///     paused, interrupted, failed, cancelled → queued (resumed)
public enum JobLifecycle: Hashable, Sendable, CaseIterable {
    /// Waits for its turn.
    case queued
    /// A process works on it.
    case running
    /// A process works on it and was asked to stop; shown as running.
    case cancelling
    /// Stopped for a while at its user's wish.
    case paused
    /// Its process ended without a word.
    case interrupted
    /// Its model is there.
    case succeeded
    /// An error ended it.
    case failed
    /// Its user ended it.
    case cancelled

    /// What happens to a job.
    public enum Event: Hashable, Sendable, CaseIterable {
        /// A process begins to work on it.
        case start
        /// The process tells how far it is.
        case progress
        /// The user stops it for a while.
        case pause
        /// The user ends it.
        case cancelRequested
        /// The process stopped as asked.
        case cancelled
        /// An error ended it.
        case fail
        /// The process saved its model.
        case succeed
        /// The process that worked on it, or that it waited in, is gone.
        case processLost
        /// The user lets it go on.
        case resume
    }

    /// Makes the state that a stored status stands for.
    public init(_ status: JobStatus) {
        switch status {
        case .queued: self = .queued
        case .running: self = .running
        case .succeeded: self = .succeeded
        case .failed: self = .failed
        case .cancelled: self = .cancelled
        case .paused: self = .paused
        case .interrupted: self = .interrupted
        }
    }

    /// The status to store and show.
    public var status: JobStatus {
        switch self {
        case .queued: .queued
        case .running, .cancelling: .running
        case .paused: .paused
        case .interrupted: .interrupted
        case .succeeded: .succeeded
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }

    /// Returns the state after an event.
    ///
    /// A lost process changes nothing for a job that none works on, so that it can be told for any.
    ///
    /// - Throws: a refusal when the event cannot happen in this state.
    public func after(_ event: Event) throws(JobRefusal) -> JobLifecycle {
        switch (self, event) {
        case (.queued, .start), (.running, .progress): .running
        case (.cancelling, .progress), (.cancelling, .cancelRequested),
            (.running, .cancelRequested):
            .cancelling
        case (.queued, .pause), (.running, .pause): .paused
        case (.queued, .cancelRequested), (.paused, .cancelRequested),
            (.interrupted, .cancelRequested):
            .cancelled
        case (.queued, .cancelled), (.running, .cancelled), (.cancelling, .cancelled),
            (.paused, .cancelled):
            .cancelled
        case (.queued, .fail), (.running, .fail), (.cancelling, .fail), (.paused, .fail): .failed
        // The model was there before the wish to end the job was.
        case (.running, .succeed), (.cancelling, .succeed): .succeeded
        case (.queued, .processLost), (.running, .processLost): .interrupted
        case (.cancelling, .processLost): .cancelled
        case (.paused, .processLost), (.interrupted, .processLost), (.succeeded, .processLost),
            (.failed, .processLost), (.cancelled, .processLost):
            self
        case (.paused, .resume), (.interrupted, .resume), (.failed, .resume),
            (.cancelled, .resume):
            .queued
        default: throw JobRefusal(state: self, event: event)
        }
    }
}

/// An event that cannot happen to a job as it stands.
public struct JobRefusal: Error, Hashable, Sendable {
    /// Where the job stands.
    public var state: JobLifecycle
    /// What cannot happen to it.
    public var event: JobLifecycle.Event

    /// Makes a refusal.
    public init(state: JobLifecycle, event: JobLifecycle.Event) {
        self.state = state
        self.event = event
    }

    /// Returns what the user reads, with the code `job-state`; `job` is the job's number, id or name.
    public func diagnostic(job: String) -> Diagnostic {
        Diagnostic(
            "job-state",
            "job \(job) \(stateWords), so \(eventWords)",
            hints: hint(job: job).map { [$0] } ?? []
        )
    }

    private var stateWords: String {
        switch state {
        case .queued: "is waiting for its turn"
        case .running: "is running"
        case .cancelling: "is being cancelled"
        case .paused: "is paused"
        case .interrupted: "was interrupted: its process is gone"
        case .succeeded: "has succeeded"
        case .failed: "has failed"
        case .cancelled: "was cancelled"
        }
    }

    private var eventWords: String {
        switch event {
        case .start: "it cannot be started"
        case .progress: "it cannot report progress"
        case .pause: "it cannot be paused"
        case .cancelRequested, .cancelled: "nothing is left to cancel"
        case .fail: "it cannot fail"
        case .succeed: "it cannot succeed"
        case .processLost: "its process cannot be lost"
        case .resume: "it cannot be resumed"
        }
    }

    private func hint(job: String) -> String? {
        switch (state, event) {
        case (.queued, .resume), (.running, .resume), (.running, .start):
            "follow it with 'watch \(job)'"
        case (.cancelling, .resume), (.cancelling, .start), (.cancelling, .pause):
            "wait for it with 'wait \(job)'"
        case (.succeeded, .resume), (.succeeded, .start):
            "to train more, tune the model that it made"
        case (.paused, .start), (.interrupted, .start), (.failed, .start), (.cancelled, .start),
            (.paused, .pause), (.interrupted, .pause):
            "go on with 'resume \(job)'"
        default: nil
        }
    }
}
