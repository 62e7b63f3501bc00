public import FettleCore

/// What is checked: rows, the format they are seen through, and what they are compared with.
public struct CheckInput: Sendable {
    /// A part of the same whole as the rows that are checked.
    public struct Part: Sendable {
        /// The dataset's name.
        public let name: String
        /// The rows.
        public let frame: Frame

        /// Makes a part.
        public init(_ name: String, _ frame: Frame) {
            self.name = name
            self.frame = frame
        }
    }

    /// The dataset's name.
    public let dataset: String
    /// The rows.
    public let frame: Frame
    /// How a row becomes an example.
    public let format: PromptFormat
    /// The other parts of the whole, whose prompts the rows should not share.
    public let otherParts: [Part]
    /// From where on something is too long, too few or too uneven.
    public let limits: CheckLimits
    /// Whether also to look for what takes long to find, such as near-duplicates.
    public var isThorough = false
    /// Told how far a search is that takes long: how many of how many rows.
    public var progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }

    /// Says what to check.
    public init(
        dataset: String,
        frame: Frame,
        format: PromptFormat,
        otherParts: [Part] = [],
        limits: CheckLimits = CheckLimits()
    ) {
        self.dataset = dataset
        self.frame = frame
        self.format = format
        self.otherParts = otherParts
        self.limits = limits
    }

    /// Returns the input after what a fix does; the other parts stay as they are.
    public func applying(_ fix: CheckFix) throws -> CheckInput {
        var (frame, format) = (frame, format)
        for change in fix.changes {
            switch change {
            case .step(let step): frame = try step.apply(to: frame)
            case .format(let next): format = next
            }
        }
        var next = CheckInput(
            dataset: dataset,
            frame: frame,
            format: format,
            otherParts: otherParts,
            limits: limits
        )
        (next.isThorough, next.progress) = (isThorough, progress)
        return next
    }
}

/// From where on something is too long, too few or too uneven.
public struct CheckLimits: Sendable {
    /// How a certain model takes examples.
    public struct Tokens: Sendable {
        /// The most tokens of prompt and completion together.
        public let most: Int
        /// Counts the tokens of a text.
        public let count: @Sendable (String) -> Int
        /// What findings call the model.
        public var name = "the model"
        /// Returns the texts of the tokens of a text; nil where only their number is known.
        public var texts: (@Sendable (String) -> [String])?

        /// Makes a limit.
        public init(most: Int, count: @escaping @Sendable (String) -> Int) {
            self.most = most
            self.count = count
        }
    }

    /// The most characters of prompt and completion together, used when there are no `tokens`.
    public var longestExample = 10_000
    /// The most tokens of prompt and completion together.
    public var tokens: Tokens?
    /// From which similarity on prompts are near-duplicates.
    public var near = NearThreshold.standard
    /// Fewer examples than this, of a dataset or of a class, are few.
    public var fewestExamples = 100
    /// Fewer examples of a class than this make it rare.
    public var fewestOfClass = 10
    /// The ratio of the largest to the rarest class that is noted.
    public var notedImbalance = 3.0
    /// The ratio of the largest to the rarest class that is warned of.
    public var warnedImbalance = 10.0

    /// Makes the limits that suit most.
    public init() {}
}
