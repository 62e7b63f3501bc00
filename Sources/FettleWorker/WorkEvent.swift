public import FettleCore

/// What a worker tells: one line of its log, `FTEVENT {…}`.
///
/// A line that says the same thing again, such as the metrics of a step after a restart, takes the place of the
/// earlier one.
public enum WorkEvent: Hashable, Sendable {
    /// The machine that an order is done on.
    public struct Node: Hashable, Sendable {
        /// The worker's version.
        public var version: String
        /// Processors that the process may use.
        public var cores: Int
        /// Bytes of memory of the machine, or of its container.
        public var memory: Int
        /// The version of the C library, such as `2.36`.
        public var glibc: String

        /// Makes a node.
        public init(version: String, cores: Int, memory: Int, glibc: String) {
            (self.version, self.cores, self.memory, self.glibc) = (version, cores, memory, glibc)
        }
    }

    /// How much a message matters.
    public enum Level: String, Hashable, Sendable, CaseIterable {
        case info, warn, error
    }

    /// The end of an epoch.
    public struct Epoch: Hashable, Sendable {
        /// Which epoch it is, from 1.
        public var number: Int
        /// Epochs of the whole run.
        public var count: Int
        /// The weight update that was the epoch's last.
        public var step: Int
        /// A ``ScoreFile`` with the log probabilities of the validation examples; nil where the order asks for none.
        public var scores: File?

        /// Makes the end of an epoch.
        public init(number: Int, count: Int, step: Int, scores: File? = nil) {
            (self.number, self.count, self.step, self.scores) = (number, count, step, scores)
        }
    }

    /// A file that a run gave.
    public struct File: Hashable, Sendable {
        /// The name without a folder.
        public var name: String
        /// How many bytes it has.
        public var bytes: Int
        /// The SHA-256 of its bytes.
        public var sha256: String
        /// The folder that it was written to; nil for one that stands in the log.
        public var folder: String?

        /// Makes a file.
        public init(name: String, bytes: Int, sha256: String, folder: String? = nil) {
            (self.name, self.bytes, self.sha256, self.folder) = (name, bytes, sha256, folder)
        }

        /// Makes the file that has these bytes.
        public init(_ name: String, of bytes: [UInt8], folder: String? = nil) {
            self.init(
                name: name,
                bytes: bytes.count,
                sha256: SHA256.digits(of: bytes),
                folder: folder
            )
        }
    }

    /// A piece of a file that comes through the log.
    public struct Chunk: Hashable, Sendable {
        /// The file's name.
        public var name: String
        /// Which piece it is, from 0.
        public var index: Int
        /// How many pieces the file has.
        public var count: Int
        /// The piece.
        public var bytes: [UInt8]

        /// Makes a piece.
        public init(name: String, index: Int, count: Int, bytes: [UInt8]) {
            (self.name, self.index, self.count, self.bytes) = (name, index, count, bytes)
        }

        /// Most bytes of a piece: 48 KiB as base64.
        public static let size = 36 << 10
    }

    /// The machine, told by a worker that only looks.
    case node(Node)
    /// The run begins, or goes on after so many weight updates.
    case start(Node, step: Int)
    /// Something to know.
    case message(Level, String)
    /// A row of metrics.
    case metrics(TrainingMetrics)
    /// An epoch is over.
    case epoch(Epoch)
    /// A setting that the run used.
    case setting(ChosenSetting)
    /// A piece of a result.
    case chunk(Chunk)
    /// The run is done; its results beside those of the epochs.
    case succeeded([File])
    /// An error ended the run.
    case failed(Diagnostic)
    /// The run was stopped from outside, in words; it may be started again.
    case stopped(String)

    /// How a line begins.
    public static let prefix = "FTEVENT "
    /// The name of the tuned model among the results.
    public static let modelName = "model"
    /// The name of the ``ScoreFile`` of the order's `score` among the results.
    public static let scoresName = "scores"

    /// Whether nothing comes after it until the run is started again.
    public var isEnd: Bool {
        switch self {
        case .succeeded, .failed, .stopped: true
        default: false
        }
    }
}
