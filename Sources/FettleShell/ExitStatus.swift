import FettleCore

/// The program's exit codes.
public enum ExitStatus: Int32, Comparable, Sendable {
    case success = 0
    /// A command failed.
    case failure = 1
    /// The command line or the language was used wrongly.
    case usage = 2
    /// Output was not as a script expects it.
    case mismatch = 3
    /// A question could not be asked: no terminal and no `--yes`.
    case refused = 4
    /// Ctrl-C.
    case interrupted = 130
    /// SIGTERM.
    case terminated = 143

    /// The status of an error that ended a command.
    public init(_ error: any Error) {
        if error is CancellationError || error is Interruption {
            self = .interrupted
        } else if let diagnostic = error as? Diagnostic {
            self = Self.byCode[diagnostic.code] ?? .failure
        } else {
            self = .failure
        }
    }

    /// Whether another status says more: a higher code is worse.
    public static func < (left: ExitStatus, right: ExitStatus) -> Bool {
        left.rawValue < right.rawValue
    }

    private static let byCode: [String: ExitStatus] = [
        "syntax": .usage, "unfinished": .usage, "bad-character": .usage, "bad-command": .usage,
        "bad-heredoc": .usage, "unknown-escape": .usage, "bad-variable": .usage,
        "unknown-command": .usage, "unknown-option": .usage, "missing-argument": .usage,
        "unexpected-word": .usage, "repeated-option": .usage, "bad-value": .usage,
        "bad-split": .usage, "bad-name": .usage, "bad-condition": .usage,
        "unknown-parameter": .usage, "unknown-place": .usage,
        "output-differs": .mismatch, "needs-confirmation": .refused,
        "no-terminal": .refused,
    ]
}
