import CTerminal

/// A line editor on the process's terminal, over libedit.
///
/// The actor runs on a thread of its own, so that `await editor.readLine(prompt:)` suspends its
/// caller and blocks neither the main actor nor the cooperative pool. Between two reads the
/// terminal is in the "busy" mode of `fettle_terminal_enter`: keys typed while a command runs are
/// kept for the next read, and Ctrl-C raises SIGINT, which a ``SignalMonitor`` receives.
public actor LineEditor {
    private let thread: EditorThread
    private let mailbox: EditorMailbox
    private let core: EditorCore
    private let subscription: SignalHub.Subscription

    /// The thread that every call on the editor runs on.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        thread.asUnownedSerialExecutor()
    }

    /// Whether standard input and standard output are both terminals.
    public static var isAvailable: Bool { fettle_is_terminal(0) && fettle_is_terminal(1) }

    /// Creates the editor, remembers the terminal's modes and enters the busy mode.
    ///
    /// One editor per process: the terminal is one.
    ///
    /// - Throws: ``LineEditorError`` where standard input or output is no terminal.
    public init(_ configuration: Configuration) throws(LineEditorError) {
        let mailbox = EditorMailbox()
        self.mailbox = mailbox
        core = try EditorCore(configuration, mailbox: mailbox)
        thread = EditorThread()
        subscription = SignalHub.shared.subscribe(as: .editor) { mailbox.take(signal: $0) }
    }

    deinit {
        SignalHub.shared.cancel(subscription)
        thread.stop()
    }

    /// Shows a prompt and returns what the user did with it.
    ///
    /// A prompt may hold SGR colour sequences; they are dropped where colour is off. A submitted
    /// line is not put in the history: see ``addToHistory(_:)``.
    ///
    /// - Parameters:
    ///   - prompt: What stands before the line.
    ///   - text: What the line begins as.
    ///   - inEditor: Whether the user's editor is opened on that text first.
    ///   - isPlain: Whether it is a text of no language: nothing is completed, coloured or hinted at, and
    ///     Enter always submits it.
    /// - Returns: The submitted text, or why there is none.
    public func readLine(
        prompt: String,
        text: String = "",
        inEditor: Bool = false,
        isPlain: Bool = false
    ) -> Result {
        core.readLine(prompt: prompt, text: text, inEditor: inEditor, isPlain: isPlain)
    }

    /// Adds a line to what Up and Ctrl-R find; a line equal to the last one is not added again.
    public func addToHistory(_ line: String) {
        core.addToHistory(line)
    }

    /// Turns colours and hints on or off for the lines that follow.
    public func setColour(_ wanted: Bool) {
        core.setColour(wanted)
    }

    /// Draws the user's attention to something, without a trace on the screen.
    public nonisolated func post(alert: Alert) {
        mailbox.post(alert: alert.sequence)
    }

    /// Prints a notice above the line being typed, or at once where none is being typed.
    public nonisolated func post(notice: String) {
        mailbox.post(notice: notice)
    }

    /// Shows a text at the right of the prompt, such as a job and how far it is; empty for nothing.
    ///
    /// It gives way where the line reaches it.
    public nonisolated func show(status: String) {
        mailbox.post(status: status)
    }

    /// Gives the terminal back as it was found; the editor cannot be used after that.
    public func close() {
        SignalHub.shared.cancel(subscription)
        core.close()
    }
}

extension LineEditor {
    /// What the editor is to know and whom it is to ask.
    public struct Configuration: Sendable {
        /// The lines that Up and Ctrl-R find at first, oldest first.
        public var history: [String]

        /// Reads the lines before those of ``history``, oldest first.
        ///
        /// It is called once, on a thread of its own after the first prompt is shown.
        public var olderHistory: @Sendable () -> [String]

        /// Reads the lines that were added elsewhere since the last call, which only a search finds.
        public var othersHistory: @Sendable () -> [String]

        /// Whether a text can be submitted; where not, Enter starts another line of it.
        public var isComplete: @Sendable (String) -> Bool

        /// The candidates for the word at a cursor, whose place is a UTF-8 offset into the text.
        public var complete: @Sendable (_ text: String, _ cursor: Int) -> [Completion]

        /// The colours of a text; where two overlap, the later one adds to the earlier.
        public var highlight: @Sendable (String) -> [Highlight]

        /// What stands before each line of a text but its first; it may hold SGR sequences.
        ///
        /// It ends where the prompt ends, so that the lines begin in one column.
        public var continuation: String

        /// Whether colours are wanted; a terminal that cannot show them gets none anyway.
        ///
        /// Without colours there are no hints either: they could not be told from what was typed.
        public var colour: Bool

        /// Creates a configuration; every text is complete and nothing completes by default.
        public init(
            history: [String] = [],
            olderHistory: @escaping @Sendable () -> [String] = { [] },
            othersHistory: @escaping @Sendable () -> [String] = { [] },
            isComplete: @escaping @Sendable (String) -> Bool = { _ in true },
            complete: @escaping @Sendable (String, Int) -> [Completion] = { _, _ in [] },
            highlight: @escaping @Sendable (String) -> [Highlight] = { _ in [] },
            continuation: String = "",
            colour: Bool = true
        ) {
            self.history = history
            self.olderHistory = olderHistory
            self.othersHistory = othersHistory
            self.isComplete = isComplete
            self.complete = complete
            self.highlight = highlight
            self.continuation = continuation
            self.colour = colour
        }
    }

    /// How a part of the line looks.
    public struct Highlight: Sendable, Equatable {
        /// The part, in UTF-8 offsets into the text.
        public var range: Range<Int>

        /// The SGR parameters that it is drawn with, such as `1;32`.
        public var colour: String

        /// Creates a highlight.
        public init(_ range: Range<Int>, colour: String) {
            self.range = range
            self.colour = colour
        }
    }

    /// One candidate for the word at the cursor.
    public struct Completion: Sendable, Equatable {
        /// What takes the place of the text from `start` to the cursor.
        public var replacement: String

        /// The UTF-8 offset into the text at which the word starts.
        public var start: Int

        /// How the candidate looks in a list.
        public var display: String

        /// A line of help, shown where the list is short.
        public var help: String?

        /// What follows the replacement where this is the only candidate, such as a blank.
        public var suffix: String

        /// What the candidate is one of; lists with several groups have a heading for each.
        public var group: String

        /// Creates a candidate that is displayed as its replacement by default.
        public init(
            replacement: String,
            start: Int,
            display: String? = nil,
            help: String? = nil,
            suffix: String = " ",
            group: String = ""
        ) {
            self.replacement = replacement
            self.start = start
            self.display = display ?? replacement
            self.help = help
            self.suffix = suffix
            self.group = group
        }
    }

    /// A way of drawing the user's attention.
    public enum Alert: Sendable, Equatable {
        /// The terminal's bell.
        case bell
        /// A notification of the desktop with this text, where the terminal knows the sequence OSC 9.
        case notification(String)

        var sequence: String {
            switch self {
            case .bell: return "\u{7}"
            case .notification(let text):
                var safe = String.UnicodeScalarView()
                safe.append(contentsOf: text.unicodeScalars.filter { !$0.properties.isControl })
                return "\u{1B}]9;\(String(safe))\u{7}"
            }
        }
    }

    /// What the user did at the prompt.
    public enum Result: Sendable, Equatable {
        /// Submitted a text, which may have several lines.
        case line(String)
        /// Dropped the line with Ctrl-C.
        case interrupted
        /// Pressed Ctrl-D on an empty line, or the terminal went away.
        case endOfInput
        /// The process was asked to end by SIGTERM or SIGHUP (the signal's number).
        case terminated(Int32)
    }
}

/// Why there can be no line editor.
public enum LineEditorError: Error, Equatable {
    /// Standard input or output is no terminal: read plain lines instead.
    case notATerminal
    /// libedit could not start.
    case unavailable
}

extension Unicode.Scalar.Properties {
    fileprivate var isControl: Bool { generalCategory == .control }
}
