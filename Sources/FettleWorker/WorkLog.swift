public import FettleCore

/// What a run has told in its log so far, whoever else wrote to it.
///
///     var log = WorkLog(run: job.id)
///     while let text = try await logs(of: job) {
///         for event in log.read(text) { show(event) }
///     }
///     if case .succeeded(let files)? = log.end { weights = try log.content(of: files[0]) }
///
/// Only lines that begin with `FTEVENT ` are read, and of those the run's own; what they say wrong is in
/// ``problems``. Nothing that a log says makes it trap or take more memory than its limits.
public struct WorkLog: Sendable {
    /// Most bytes of a line with an event; longer ones are left out.
    static let lineLimit = 1 << 17
    /// Most problems that are kept.
    private static let problemLimit = 20

    /// The run's id.
    public let run: String
    /// The machine that the run began on last; nil before.
    public private(set) var node: WorkEvent.Node?
    /// How the run ended; nil while it goes on, also once it was started again.
    public private(set) var end: WorkEvent?
    /// The settings that the run used, in their order.
    public private(set) var settings: [ChosenSetting] = []
    /// The messages in their order.
    public private(set) var messages: [(level: WorkEvent.Level, text: String)] = []
    /// What was wrong with the first lines that were, and how many there were.
    public private(set) var problems: (first: [Diagnostic], count: Int) = ([], 0)

    /// The messages with their levels, which are told once.
    private var texts: Set<String> = []
    private var rows: [Int: TrainingMetrics] = [:]
    private var ends: [Int: WorkEvent.Epoch] = [:]
    private var files: WorkPieces
    private var lines = LogLines(limit: WorkLog.lineLimit)
    /// Most rows and epochs, of each.
    private let eventLimit: Int
    /// Most settings and messages, of each.
    private static let wordLimit = 1000
    private let resultLimit: Int
    /// The folder of the order's results.
    private let folder: String?
    /// The end that was told last.
    private var told: WorkEvent?

    /// Makes the log of a run before anything is read.
    ///
    /// - Parameters:
    ///   - run: the run's id, as the order has it.
    ///   - folder: the folder that the order has for results; nil for the log. Files of others are refused.
    ///   - resultLimit: most bytes of results that are kept in memory, and of each that is read from the folder.
    ///   - eventLimit: most rows of metrics and epochs that are kept, of each.
    public init(
        run: String,
        folder: String? = nil,
        resultLimit: Int = 1 << 30,
        eventLimit: Int = 1_000_000
    ) {
        self.run = run
        self.folder = folder
        self.resultLimit = resultLimit
        self.eventLimit = eventLimit
        files = WorkPieces(limit: resultLimit)
    }

    /// The rows of metrics by step.
    public var metrics: [TrainingMetrics] { rows.values.sorted { $0.step < $1.step } }

    /// The ends of epochs by number.
    public var epochs: [WorkEvent.Epoch] { ends.values.sorted { $0.number < $1.number } }

    /// Reads the whole log so far, of which earlier calls have read the beginning.
    ///
    /// A log that does not go on from what was read, as that of a new attempt, is read from its first line.
    ///
    /// - Returns: what is new, in the order of the lines.
    public mutating func read(_ log: String) -> [WorkEvent] {
        var log = log
        return log.withUTF8 { text in
            let bytes = UnsafeRawBufferPointer(text)
            return take(lines.fresh(in: bytes))
        }
    }

    /// Reads what came after what was read before, not always whole lines.
    ///
    /// - Returns: what is new, in the order of the lines.
    public mutating func append(_ piece: String) -> [WorkEvent] {
        var piece = piece
        return piece.withUTF8 { take(UnsafeRawBufferPointer($0)) }
    }

    /// Returns the bytes of a result: of its pieces in the log, or from the folder it was written to.
    ///
    /// - Throws: `result-damaged` when pieces are missing or the bytes are not those that the worker hashed,
    ///   `cannot-read`.
    public func content(of file: WorkEvent.File) throws(Diagnostic) -> [UInt8] {
        let bytes: [UInt8]
        if let place = file.folder {
            guard place == folder, file.bytes <= resultLimit else {
                throw WorkPieces.damaged(
                    file,
                    place == folder
                        ? "it has \(NumberText.count(file.bytes, "byte")), limit \(NumberText.count(resultLimit))"
                        : "it is said to be in '\(place)', where the order has no results"
                )
            }
            bytes = try WorkFolder(place).read(file.name, atMost: file.bytes)
        } else {
            bytes = try files.content(of: file)
        }
        guard bytes.count == file.bytes, SHA256.digits(of: bytes) == file.sha256 else {
            throw WorkPieces.damaged(
                file,
                "its \(NumberText.count(bytes.count, "byte")) are not those that the worker wrote"
            )
        }
        return bytes
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer) -> [WorkEvent] {
        var news: [WorkEvent] = []
        var lines = lines
        self.lines = LogLines(limit: 0)
        lines.take(bytes) { line in
            let start = WorkEvent.prefix.utf8.count
            guard let line else {
                return note(
                    Diagnostic(
                        "bad-event",
                        "a line of an event has more than "
                            + NumberText.count(Self.lineLimit, "byte")
                    )
                )
            }
            do throws(Diagnostic) {
                let found = try WorkEvent.read(UnsafeRawBufferPointer(rebasing: line[start...]))
                guard found.run == run || (found.run.isEmpty && found.event.isEnd) else { return }
                if try add(found.event) { news.append(found.event) }
            } catch {
                note(error)
            }
        }
        self.lines = lines
        return news
    }

    private mutating func note(_ problem: Diagnostic) {
        problems.count += 1
        if problems.first.count < Self.problemLimit { problems.first.append(problem) }
    }

    /// Takes an event; returns whether it says something new.
    private mutating func add(_ event: WorkEvent) throws(Diagnostic) -> Bool {
        switch event {
        case .node(let node): return replace(&self.node, node)
        case .start(let node, _):
            let isNew = self.node != node || end != nil
            self.node = node
            end = nil
            return isNew
        case .message(let level, let text):
            guard !texts.contains("\(level) \(text)") else { return false }
            try requireRoom(messages.count, of: Self.wordLimit)
            texts.insert("\(level) \(text)")
            messages.append((level, text))
        case .metrics(let row):
            if let known = rows[row.step] {
                // A figure that is no number equals no other.
                guard WorkEvent.metrics(known).line(run: "") != event.line(run: "") else {
                    return false
                }
            } else {
                try requireRoom(rows.count, of: eventLimit)
            }
            rows[row.step] = row
        case .epoch(let epoch):
            if ends[epoch.number] == nil { try requireRoom(ends.count, of: eventLimit) }
            return replace(&ends[epoch.number], epoch)
        case .setting(let setting):
            guard let place = settings.firstIndex(where: { $0.name == setting.name }) else {
                try requireRoom(settings.count, of: Self.wordLimit)
                settings.append(setting)
                return true
            }
            guard settings[place] != setting else { return false }
            settings[place] = setting
        case .chunk(let chunk): return try files.add(chunk)
        case .succeeded, .failed, .stopped:
            end = event
            return replace(&told, event)
        }
        return true
    }

    private func replace<Value: Equatable>(_ old: inout Value?, _ new: Value) -> Bool {
        guard old != new else { return false }
        old = new
        return true
    }

    private func requireRoom(_ count: Int, of limit: Int) throws(Diagnostic) {
        guard count >= limit else { return }
        throw Diagnostic(
            "bad-event",
            "the log has more than \(NumberText.count(limit, "event")) of a kind"
        )
    }
}
