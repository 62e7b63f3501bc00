/// A session as a document: prose and commands with what they showed.
public struct Transcript: Hashable, Sendable {
    /// How a command ended.
    public enum Outcome: String, Hashable, Sendable {
        case running, succeeded, failed, cancelled
    }

    /// A command with what it showed.
    public struct Command: Hashable, Sendable {
        /// Its number in the workspace.
        public var number: Int64
        /// The command.
        public var source: String
        /// What it showed.
        public var blocks: [OutputBlock]
        /// The error, if it failed.
        public var failure: CellContent.Failure?
        /// How it ended.
        public var outcome: Outcome
        /// How long it took, in milliseconds.
        public var duration: Int64?

        /// Makes a command.
        public init(
            number: Int64,
            source: String,
            blocks: [OutputBlock] = [],
            failure: CellContent.Failure? = nil,
            outcome: Outcome = .succeeded,
            duration: Int64? = nil
        ) {
            self.number = number
            self.source = source
            self.blocks = blocks
            self.failure = failure
            self.outcome = outcome
            self.duration = duration
        }

        /// The duration as people read it, or nil for one that nobody notices.
        var durationText: String? {
            guard let duration, duration >= 100 else { return nil }
            if duration < 60_000 { return "\(duration / 1000).\(duration % 1000 / 100) s" }
            return "\(duration / 60_000) min \(duration / 1000 % 60) s"
        }
    }

    /// A piece of the document.
    public enum Cell: Hashable, Sendable {
        /// Markdown.
        case prose(String)
        /// A command.
        case command(Command)
    }

    /// The document's title.
    public var title: String
    /// What stands under the title, such as when the session began.
    public var subtitle: String
    /// The cells in order.
    public var cells: [Cell]

    /// Makes a document.
    public init(title: String, subtitle: String = "", cells: [Cell]) {
        self.title = title
        self.subtitle = subtitle
        self.cells = cells
    }
}
