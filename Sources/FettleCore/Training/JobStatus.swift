/// Where a job stands, in the fine-tuning API's words and one more.
public enum JobStatus: String, Hashable, Sendable, CaseIterable {
    case queued, running, succeeded, failed, cancelled
    /// Stopped for a while at its user's wish.
    case paused
    /// Its process ended without a word, such as by `kill -9` or a power cut; it can be resumed.
    ///
    /// Only jobs on this machine are ever so; the API does not know the word.
    case interrupted

    /// Whether the job has ended, well or not.
    public var isFinal: Bool {
        switch self {
        case .queued, .running, .paused, .interrupted: false
        case .succeeded, .failed, .cancelled: true
        }
    }

    /// Whether the job goes on by itself, so that waiting for it makes sense.
    public var isActive: Bool {
        switch self {
        case .queued, .running: true
        case .paused, .interrupted, .succeeded, .failed, .cancelled: false
        }
    }
}
