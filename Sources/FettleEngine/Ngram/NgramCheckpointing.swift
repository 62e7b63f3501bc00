/// Where and how often a training run writes checkpoints.
///
/// A run writes one when `interval` has passed, at the end of an epoch after one second, and when it
/// stops early: cancelled, or by an error. It spends at most a fiftieth of its time on those of the
/// first two kinds. The file stays when the run ends well; remove it once the model is written.
public struct NgramCheckpointing {
    /// The file, replaced in one piece each time; another of its name and `.new` stands beside it
    /// while it is written.
    public var path: String
    /// Time between checkpoints; zero writes one after every weight update, whatever it costs.
    public var interval: Duration
    /// Called before each is written, to store what must not be behind it, such as rows of metrics.
    public var willWrite: () throws -> Void
    /// Called with the error when one could not be written; the run goes on unless this throws, as
    /// it does by default.
    public var didFail: (any Error) throws -> Void

    /// Makes the choice.
    public init(
        path: String,
        interval: Duration = .seconds(10),
        willWrite: @escaping () throws -> Void = {},
        didFail: @escaping (any Error) throws -> Void = { throw $0 }
    ) {
        self.path = path
        self.interval = interval
        self.willWrite = willWrite
        self.didFail = didFail
    }
}

/// When the next checkpoint is due.
struct CheckpointSchedule {
    private let interval: Duration
    private var last = ContinuousClock.now
    /// How long the last one took.
    private var cost = Duration.zero

    /// Least time between checkpoints at the ends of epochs.
    private static let epochInterval = Duration.seconds(1)
    /// Least time of training for one unit of time of writing.
    private static let leastTraining = 50

    init(_ interval: Duration) { self.interval = interval }

    /// Whether one is due after every weight update.
    var isConstant: Bool { interval <= .zero }

    func isDue(epochEnds: Bool) -> Bool {
        if isConstant { return true }
        let wait = epochEnds ? min(interval, Self.epochInterval) : interval
        return ContinuousClock.now - last >= max(wait, cost * Self.leastTraining)
    }

    /// Notes a checkpoint that has just been tried, from which the next wait counts.
    mutating func tried(since start: ContinuousClock.Instant) {
        last = ContinuousClock.now
        cost = last - start
    }
}
