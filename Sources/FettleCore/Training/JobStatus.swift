/// Where a job stands, in the fine-tuning API's words.
public enum JobStatus: String, Hashable, Sendable, CaseIterable {
    case queued, running, succeeded, failed, cancelled

    /// Whether nothing more will happen to the job.
    public var isFinal: Bool {
        switch self {
        case .queued, .running: false
        case .succeeded, .failed, .cancelled: true
        }
    }
}
