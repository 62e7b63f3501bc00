/// In whose words a job tells what happens to it.
///
/// Programs that follow jobs look for the sentences of the fine-tuning API that they were written for.
public enum JobWording: String, Hashable, Sendable, CaseIterable {
    /// Fettle's own commands.
    case shell
    /// The fine-tuning API of 2021 to 2023.
    case legacy
    /// The fine-tuning API since 2023.
    case modern

    /// The job is stored under this id.
    public func created(_ id: String) -> String {
        self == .modern ? "Created fine-tuning job: \(id)" : "Created fine-tune: \(id)"
    }

    /// Training begins.
    public var started: String {
        self == .modern ? "Fine-tuning job started" : "Fine-tune started"
    }

    /// Training goes on from a checkpoint.
    public var resumed: String {
        self == .modern ? "Fine-tuning job resumed" : "Fine-tune resumed"
    }

    /// The job waits behind so many others.
    public func queued(behind count: Int) -> String {
        self == .modern
            ? "Files validated, moving job to queued state"
            : "Fine-tune enqueued. Queue number: \(count)"
    }

    /// The job waits once more, behind so many others.
    public func queuedAgain(behind count: Int) -> String {
        self == .modern ? "Fine-tuning job queued again" : queued(behind: count)
    }

    /// The job moved up, and waits behind so many others; nil where that is not told.
    public func movedUp(behind count: Int) -> String? {
        self == .legacy ? "Fine-tune is in the queue. Queue number: \(count)" : nil
    }

    /// An epoch, counted from 1, is over; nil where that is not told.
    ///
    /// Fettle's own jobs tell what was measured, and nothing where nothing was.
    public func completed(epoch: Int, of count: Int, measured: String? = nil) -> String? {
        let words = "Completed epoch \(epoch)/\(count)"
        return switch self {
        case .shell: measured.map { "\(words): \($0)" }
        case .legacy: words
        case .modern: nil
        }
    }

    /// The model is stored under this id.
    public func made(_ model: String) -> String {
        self == .modern ? "New fine-tuned model created: \(model)" : "Uploaded model: \(model)"
    }

    /// What is told at a job's good end, when its result file has this id.
    public func succeeded(resultFile: String) -> [String] {
        switch self {
        case .shell: []
        case .legacy: ["Uploaded result file: \(resultFile)", "Fine-tune succeeded"]
        case .modern: ["The job has successfully completed"]
        }
    }

    /// An error ended the job.
    public func failed(_ reason: String) -> String {
        self == .modern ? "The job failed: \(reason)" : "Fine-tune failed: \(reason)"
    }

    /// The job's user ended it.
    public var cancelled: String {
        self == .modern ? "Fine-tuning job cancelled" : "Fine-tune cancelled"
    }

    /// The job's user stopped it for a while.
    public var paused: String {
        self == .modern ? "Fine-tuning job paused" : "Fine-tune paused"
    }

    /// The process that trained the job ended.
    public var interrupted: String {
        (self == .modern ? "Fine-tuning job" : "Fine-tune") + " interrupted: its process ended"
    }
}
