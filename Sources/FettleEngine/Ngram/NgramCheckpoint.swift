public import FettleCore

/// A training run of an `ngram` model that stopped between two weight updates.
///
/// `NgramTrainer.train` goes on from it, with the same examples, base model and settings, to the
/// very weights and metrics of a run that never stopped.
public struct NgramCheckpoint: Sendable {
    /// The file it was read from.
    public let path: String
    let run: RunIdentity
    let progress: TrainingProgress
    /// The order of the examples in this epoch.
    let order: [UInt32]
    let parameters: NgramParameters

    /// Weight updates so far.
    public var step: Int { progress.step }

    /// Weight updates of the whole run.
    public var totalSteps: Int {
        let perEpoch = (order.count - 1) / Int(run[.batchSize]) + 1
        let (steps, overflow) = perEpoch.multipliedReportingOverflow(by: Int(run[.epochs]))
        return overflow ? .max : steps
    }

    /// Examples shown so far, repeats counted.
    public var elapsedExamples: Int { progress.elapsedExamples }

    /// Tokens shown so far, repeats counted.
    public var elapsedTokens: Int { progress.elapsedTokens }

    /// Checks that this is a checkpoint of the run at hand.
    func check(_ other: RunIdentity) throws(Diagnostic) {
        let differences = run.differences(from: other)
        guard !differences.isEmpty else { return }
        throw Diagnostic(
            "checkpoint-differs",
            "'\(path)' is a checkpoint of another run: \(differences.joined(separator: ", "))",
            hint: "resume with the dataset, the base model and the settings that the run began "
                + "with, or start a new run"
        )
    }
}

/// The checkpoint file: little-endian words of 64 bits, all lengths checked before they are used.
///
///     0    magic "FETTLCKP", version
///     16   the run's identity: see ``RunIdentity``
///     112  epoch, position, piece, elapsed tokens, report due, state of the shuffle, of the dropout
///     168  since the last row of metrics: loss (a Double), right answers, examples, visits
///     200  features, bucket bits, checksum
///     224  order of the examples: UInt32 each; zeros up to a multiple of 8
///          numbers: see ``NgramParameters``
///
/// The checksum is over all bytes but its own eight, in three parts: header, order, numbers.
private enum Layout {
    static let magic: [UInt8] = Array("FETTLCKP".utf8)
    /// Also changes with the arithmetic of training, since a run must end as it would have.
    static let version: UInt64 = 2
    static let identityOffset = 16
    static let progressOffset = identityOffset + 8 * RunIdentity.Field.allCases.count
    static let checksumOffset = progressOffset + 8 * 13
    static let headerBytes = checksumOffset + 8
    /// More of anything than this is a mistake; a sum of two such counts cannot overflow.
    static let countLimit = 1 << 60

    /// Bytes of the order of `count` examples.
    static func orderBytes(_ count: Int) -> Int { (count * 4 + 7) / 8 * 8 }
}

extension NgramCheckpoint {
    /// Reads a checkpoint from a file.
    ///
    /// - Throws: `checkpoint-unreadable` when the file cannot be read, `checkpoint-foreign` when it
    ///   is none of these checkpoints, `checkpoint-version` when another Fettle wrote it that trains
    ///   otherwise, and `checkpoint-corrupt` when its content contradicts itself; the message names
    ///   the file and the field.
    public init(contentsOf path: String) throws(Diagnostic) {
        let file = try ModelFileBytes(path, "checkpoint")
        let size = file.bytes.count
        guard size >= 8, file.bytes.prefix(8).elementsEqual(Layout.magic) else {
            throw Diagnostic(
                "checkpoint-foreign",
                "'\(path)' is not an 'ngram' checkpoint: it does not begin with 'FETTLCKP'",
                hint: "give the path of a checkpoint that 'tune ngram' wrote"
            )
        }
        guard size >= Layout.headerBytes else {
            throw Self.corrupt(
                path,
                "it has \(size) bytes, and the header alone has \(Layout.headerBytes)"
            )
        }
        let version = file.longWord(8)
        guard version == Layout.version else {
            throw Diagnostic(
                "checkpoint-version",
                "'\(path)' has version \(version) of the 'ngram' checkpoint format, "
                    + "and this Fettle goes on from version \(Layout.version)",
                hint: "resume with the Fettle that wrote it, or start a new run"
            )
        }
        let run = RunIdentity(
            values: RunIdentity.Field.allCases.indices.map {
                file.longWord(Layout.identityOffset + 8 * $0)
            }
        )
        let (progress, rows) = try Self.readProgress(file, run, path)
        let (features, bits, classes) = try Self.readSizes(file, run, path)
        let start = Layout.headerBytes + Layout.orderBytes(rows)
        let expected =
            start
            + NgramParameters.byteCount(
                featureCount: features,
                classCount: classes,
                bucketBits: bits
            )
        guard size == expected else {
            throw Self.corrupt(path, "it has \(size) bytes, and its header tells of \(expected)")
        }
        let numbers = UnsafeRawBufferPointer(rebasing: file.bytes[start...])
        var checksum = Checksum()
        checksum.add(UnsafeRawBufferPointer(rebasing: file.bytes[..<Layout.checksumOffset]))
        checksum.add(UnsafeRawBufferPointer(rebasing: file.bytes[Layout.headerBytes..<start]))
        checksum.add(numbers)
        guard checksum.value == file.longWord(Layout.checksumOffset) else {
            throw Self.corrupt(path, "its checksum does not match its content")
        }
        self.path = path
        self.run = run
        self.progress = progress
        order = try Self.readOrder(file, rows, path)
        parameters = NgramParameters(
            featureCount: features,
            classCount: classes,
            bucketBits: bits
        )
        parameters.bytes.copyMemory(from: numbers)
        if let fault = parameters.index.fault { throw Self.corrupt(path, fault) }
    }

    private static func corrupt(_ path: String, _ what: String) -> Diagnostic {
        Diagnostic(
            "checkpoint-corrupt",
            "'\(path)' is a damaged 'ngram' checkpoint: \(what)",
            hint: "start a new run: a damaged checkpoint cannot be mended"
        )
    }

    /// Reads a count that must be within a range.
    private static func count(
        _ value: UInt64,
        _ name: String,
        _ range: ClosedRange<Int>,
        _ path: String
    ) throws(Diagnostic) -> Int {
        guard let count = Int(exactly: value), range.contains(count) else {
            let limits = "\(range.lowerBound) to \(range.upperBound)"
            throw corrupt(path, "its \(name) is \(value), not \(limits)")
        }
        return count
    }

    private static func readProgress(
        _ file: borrowing ModelFileBytes,
        _ run: RunIdentity,
        _ path: String
    ) throws(Diagnostic) -> (TrainingProgress, rows: Int) {
        let rows = try count(run[.trainingCount], "number of examples", 1...Int(Int32.max), path)
        let epochs = try count(run[.epochs], "n_epochs", 1...Int.max, path)
        let batch = try count(run[.batchSize], "batch_size", 1...Int.max, path)
        _ = try count(run[.shuffle], "shuffle", 0...(ShuffleMode.allCases.count - 1), path)
        let any = 0...Layout.countLimit
        func word(_ number: Int) -> UInt64 { file.longWord(Layout.progressOffset + 8 * number) }
        var progress = TrainingProgress(shuffleState: word(5), dropoutState: word(6))
        progress.epoch = try count(word(0), "epoch", 0...(epochs - 1), path)
        progress.position = try count(word(1), "position in the epoch", 0...rows, path)
        let pieces = 1...(TrainingRun.mostPieces + 1)
        progress.piece = try count(word(2), "part of the epoch", pieces, path)
        progress.elapsedTokens = try count(word(3), "number of tokens", any, path)
        let mostDue: TrainingProgress.Report =
            run[.validationCount] == 0 ? .training : .withValidation
        let due = try count(word(4), "report due", 0...mostDue.rawValue, path)
        progress.due = TrainingProgress.Report(rawValue: due) ?? .none
        progress.window = TrainingProgress.Window(
            loss: Double(bitPattern: word(7)),
            right: try count(word(8), "number of right answers", any, path),
            examples: try count(word(9), "number of examples since a report", any, path),
            visits: try count(word(10), "number of visits", any, path)
        )
        let position = progress.position
        guard position % batch == 0 || position == rows else {
            throw corrupt(path, "its position \(position) is within a batch of \(batch)")
        }
        let perEpoch = (rows - 1) / batch + 1
        let (examples, overflow) = rows.multipliedReportingOverflow(by: progress.epoch)
        guard !overflow, examples <= Layout.countLimit else {
            throw corrupt(path, "its epoch \(progress.epoch) is too large")
        }
        // A step has an example at least, so that this cannot overflow either.
        progress.elapsedExamples = examples + position
        progress.step =
            progress.epoch * perEpoch + (position == 0 ? 0 : (position - 1) / batch + 1)
        return (progress, rows)
    }

    private static func readSizes(
        _ file: borrowing ModelFileBytes,
        _ run: RunIdentity,
        _ path: String
    ) throws(Diagnostic) -> (features: Int, bits: Int, classes: Int) {
        let offset = Layout.progressOffset + 8 * 11
        let most = NgramParameters.featureLimit
        let bits = FeatureIndex.minimumBucketBits...FeatureIndex.maximumBucketBits
        return (
            try count(file.longWord(offset), "number of features", 0...most, path),
            try count(file.longWord(offset + 8), "number of bucket bits", bits, path),
            try count(run[.completions], "number of completions", 2...LabelSet.limit, path)
        )
    }

    private static func readOrder(
        _ file: borrowing ModelFileBytes,
        _ rows: Int,
        _ path: String
    ) throws(Diagnostic) -> [UInt32] {
        var order: [UInt32] = []
        order.reserveCapacity(rows)
        var seen = [Bool](repeating: false, count: rows)
        for place in 0..<rows {
            let row = file.word(Layout.headerBytes + 4 * place)
            guard row < rows, !seen[Int(row)] else {
                throw corrupt(path, "place \(place) of its order is row \(row), which cannot be")
            }
            seen[Int(row)] = true
            order.append(row)
        }
        return order
    }

    /// Writes a run's state to a file, in one piece or not at all.
    ///
    /// - Throws: `checkpoint-unwritable` with the path and the system's reason.
    static func write(
        _ run: RunIdentity,
        _ progress: TrainingProgress,
        order: [UInt32],
        _ parameters: NgramParameters,
        to path: String
    ) throws(Diagnostic) {
        var head = Layout.magic
        head.reserveCapacity(Layout.headerBytes + Layout.orderBytes(order.count))
        head.append(littleEndian: Layout.version)
        for value in run.values { head.append(littleEndian: value) }
        let window = progress.window
        for value in [progress.epoch, progress.position, progress.piece, progress.elapsedTokens] {
            head.append(littleEndian: UInt64(value))
        }
        for value in [
            UInt64(progress.due.rawValue), progress.shuffleState, progress.dropoutState,
            window.loss.bitPattern,
        ] {
            head.append(littleEndian: value)
        }
        for value in [
            window.right, window.examples, window.visits, parameters.featureCount,
            parameters.bucketBits,
        ] {
            head.append(littleEndian: UInt64(value))
        }
        var places: [UInt8] = []
        places.reserveCapacity(Layout.orderBytes(order.count))
        for row in order { places.append(littleEndian: row) }
        while places.count % 8 != 0 { places.append(0) }
        let numbers = UnsafeRawBufferPointer(parameters.bytes)
        var checksum = Checksum()
        head.withUnsafeBytes { checksum.add($0) }
        places.withUnsafeBytes { checksum.add($0) }
        checksum.add(numbers)
        head.append(littleEndian: checksum.value)
        try replaceFile(path, by: "\(path).new", "checkpoint", with: head + places, numbers)
    }
}
