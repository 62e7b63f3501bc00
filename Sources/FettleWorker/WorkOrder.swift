public import FettleCore

/// What one process on a cluster's node is to do: the same description for every engine that starts it.
///
///     var order = WorkOrder(run: job.id, kind: .tune)
///     order.files[.train] = WorkOrder.File("train.jsonl", of: bytes)
///     let text = order.json.text()
///
/// Its files lie in the folder where the process is started, or in another that the order names, under the names given
/// here.
public struct WorkOrder: Hashable, Sendable {
    /// What is to be done.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Train on `train`, and score `score` at the end where there is one.
        case tune
        /// Give the log probabilities of the completions of `weights` after the prompts of `score`.
        case score
    }

    /// What a file is for.
    public enum Role: String, Hashable, Sendable, CaseIterable {
        /// Lines of JSON with `prompt` and `completion` to learn.
        case train
        /// Such lines to measure on.
        case validation
        /// Such lines, whose completions may be missing, to score.
        case score
        /// The model to go on from or to score with.
        case weights
    }

    /// A file of the order.
    public struct File: Hashable, Sendable {
        /// The name without a folder: letters, digits, dots, hyphens and underscores.
        public var name: String
        /// How many bytes it has.
        public var bytes: Int
        /// The SHA-256 of its bytes, in lower-case hexadecimal digits.
        public var sha256: String

        /// Makes a file.
        public init(name: String, bytes: Int, sha256: String) {
            (self.name, self.bytes, self.sha256) = (name, bytes, sha256)
        }

        /// Makes the file that has these bytes.
        public init(_ name: String, of bytes: [UInt8]) {
            self.init(name: name, bytes: bytes.count, sha256: SHA256.digits(of: bytes))
        }
    }

    /// Where a process that is started again finds what an earlier one had done.
    public struct Checkpoints: Hashable, Sendable {
        /// A folder that outlives the process, such as one that all nodes share.
        public var folder: String
        /// Seconds between two checkpoints; 0 writes one after each weight update.
        public var seconds: Int

        /// Makes the choice.
        public init(folder: String, seconds: Int = 10) {
            (self.folder, self.seconds) = (folder, seconds)
        }
    }

    /// The version of the description that this Fettle writes and reads.
    public static let format = 1

    /// The job's id, which each event repeats.
    public var run: String
    /// What is to be done.
    public var kind: Kind
    /// The base model's name.
    public var base: String
    /// What the user set.
    public var hyperparameters: Hyperparameters
    /// Part of the model's id.
    public var suffix: String?
    /// The files by what they are for.
    public var files: [Role: File]
    /// The folder with the files; nil for the one where the process is started.
    public var inputs: String?
    /// The folder that the results go to; nil for the log, in pieces.
    public var results: String?
    /// Where checkpoints are; nil for none.
    public var checkpoints: Checkpoints?
    /// Whether each epoch's end gives the log probabilities of the validation examples as a result.
    public var scoresEpochs: Bool
    /// Most threads at a time; they change no bit of a result.
    public var threads: Int

    /// Most threads that an order may ask for.
    public static let threadLimit = 1024

    /// Makes an order without files.
    public init(
        run: String,
        kind: Kind,
        base: String = "ngram",
        hyperparameters: Hyperparameters = Hyperparameters(),
        suffix: String? = nil,
        files: [Role: File] = [:],
        inputs: String? = nil,
        results: String? = nil,
        checkpoints: Checkpoints? = nil,
        scoresEpochs: Bool = false,
        threads: Int = 1
    ) {
        self.run = run
        self.kind = kind
        self.base = base
        self.hyperparameters = hyperparameters
        self.suffix = suffix
        self.files = files
        self.inputs = inputs
        self.results = results
        self.checkpoints = checkpoints
        self.scoresEpochs = scoresEpochs
        self.threads = threads
    }
}
