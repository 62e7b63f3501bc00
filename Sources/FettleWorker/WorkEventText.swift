import FettleCore

extension WorkEvent {
    /// The kinds as they are written.
    enum Kind: String, CaseIterable {
        case node, start, message, metric, epoch, setting, chunk, succeeded, failed, stopped
    }

    /// Most bytes of a text in an event; the rest of a longer one is left out.
    static let textLimit = 8000

    /// Returns the line of the log, with its line feed.
    public func line(run: String) -> String {
        let head: [(String, JSONValue?)] = [
            ("event", .string(kind.rawValue)), ("run", .string(run)),
        ]
        return Self.prefix + JSONValue.of(head + members).text() + "\n"
    }

    private var kind: Kind {
        switch self {
        case .node: .node
        case .start: .start
        case .message: .message
        case .metrics: .metric
        case .epoch: .epoch
        case .setting: .setting
        case .chunk: .chunk
        case .succeeded: .succeeded
        case .failed: .failed
        case .stopped: .stopped
        }
    }

    private var members: [(String, JSONValue?)] {
        switch self {
        case .node(let node): node.members
        case .start(let node, let step): node.members + [("step", .count(step))]
        case .message(let level, let text):
            [("level", .string(level.rawValue)), ("text", Self.text(text))]
        case .metrics(let row): Self.members(row)
        case .epoch(let epoch):
            [
                ("epoch", .count(epoch.number)), ("epochs", .count(epoch.count)),
                ("step", .count(epoch.step)), ("scores", epoch.scores?.json),
            ]
        case .setting(let setting):
            [
                ("name", .string(setting.name)), ("value", Self.text(setting.value)),
                ("reason", setting.reason.map(Self.text)),
            ]
        case .chunk(let chunk):
            [
                ("name", .string(chunk.name)), ("index", .count(chunk.index)),
                ("count", .count(chunk.count)), ("base64", .string(Base64.text(chunk.bytes))),
            ]
        case .succeeded(let files): [("files", .array(files.map(\.json)))]
        case .failed(let error):
            [
                ("code", .string(error.code)), ("message", Self.text(error.message)),
                ("hints", .array(error.hints.prefix(10).map(Self.text))),
            ]
        case .stopped(let reason): [("reason", Self.text(reason))]
        }
    }

    private static func members(_ row: TrainingMetrics) -> [(String, JSONValue?)] {
        [
            ("step", .count(row.step)), ("total_steps", .count(row.totalSteps)),
            ("elapsed_examples", .count(row.elapsedExamples)),
            ("elapsed_tokens", .count(row.elapsedTokens)),
            ("training_loss", .number(row.trainingLoss)),
            ("training_accuracy", .number(row.trainingAccuracy)),
            ("validation_loss", row.validationLoss.map { .number($0) }),
            ("validation_accuracy", row.validationAccuracy.map { .number($0) }),
            ("share", row.share.map { .number($0) }),
        ]
    }

    private static func text(_ text: String) -> JSONValue {
        guard text.utf8.count > textLimit else { return .string(text) }
        var end = text.utf8.index(text.startIndex, offsetBy: textLimit)
        while String.Index(end, within: text) == nil { end = text.utf8.index(before: end) }
        return .string(text[..<end] + "…")
    }
}

extension WorkEvent.Node {
    fileprivate var members: [(String, JSONValue?)] {
        [
            ("version", .string(version)), ("cores", .count(cores)), ("memory", .count(memory)),
            ("glibc", .string(glibc)),
        ]
    }
}

extension WorkEvent.File {
    fileprivate var json: JSONValue {
        .of([
            ("name", .string(name)), ("bytes", .count(bytes)), ("sha256", .string(sha256)),
            ("folder", folder.map { .string($0) }),
        ])
    }
}
