import CEditLine
import CTerminal
import Glibc

/// The editor proper: owns libedit's state and is used on the editor's thread only.
///
/// libedit keeps the text and what the keys do to it; the screen is drawn here, except on a dumb
/// terminal. libedit reads keys through ``nextKey()``, which waits for the terminal and the mailbox at
/// once. Everything that happens while a line is typed passes there, so libedit is never entered from
/// two places.
final class EditorCore {
    let editor: OpaquePointer
    let isDumb: Bool
    let isVi: Bool
    /// What it knows of the text that is typed: of the language, or nothing.
    var configuration: LineEditor.Configuration { isPlain ? plain : language }
    /// Whether the line is a text of no language, which Enter always submits.
    private(set) var isPlain = false
    private let language: LineEditor.Configuration
    private let plain: LineEditor.Configuration

    /// Pastes that ``EditorKeys/paste`` inserts when libedit gets to them.
    var pendingPastes: [String] = []

    /// What the line is to end as, where that is not a submitted text.
    var ending: LineEditor.Result?

    var history: LineHistory
    var undo = UndoHistory()
    var shelf = PasteShelf()
    var search: HistorySearch?
    var screen: EditorScreen
    /// What the last search looked for, which Ctrl-R twice looks for again.
    var lastPattern: [UInt32] = []
    let mailbox: EditorMailbox

    private let libeditHistory: OpaquePointer
    private let loader: HistoryLoader
    private var isHistoryWhole = false
    private var isHistoryKnown = false
    private var promptBuffer: UnsafeMutableBufferPointer<wchar_t>
    private var decoder = InputDecoder()
    private var tokens: ArraySlice<InputDecoder.Token> = []
    private var ignoredContinues = 0
    private var isClosed = false
    /// As many keys as are pressed within a moment.
    private static let fewKeys = 4

    init(
        _ configuration: LineEditor.Configuration,
        mailbox: EditorMailbox
    ) throws(LineEditorError) {
        guard LineEditor.isAvailable, fettle_terminal_save(0) == 0 else { throw .notATerminal }
        fettle_set_up_locale()
        guard let editor = fettle_el_create("fettle") else { throw .unavailable }
        guard let libeditHistory = history_winit() else {
            el_end(editor)
            throw .unavailable
        }
        self.editor = editor
        self.libeditHistory = libeditHistory
        self.mailbox = mailbox
        language = configuration
        plain = LineEditor.Configuration(
            continuation: configuration.continuation,
            colour: configuration.colour
        )
        history = LineHistory(configuration.history)
        loader = HistoryLoader(configuration.olderHistory)
        isDumb =
            !fettle_el_has_capability(editor, "ce") || !fettle_el_has_capability(editor, "up")
            || !fettle_el_mute(editor)
        screen = EditorScreen(colour: configuration.colour && !isDumb)
        let settings = UserSettings.load()
        isVi = settings.isVi
        promptBuffer = .allocate(capacity: 1)
        promptBuffer.initialize(repeating: 0)

        fettle_el_set_client_data(editor, Unmanaged.passUnretained(self).toOpaque())
        fettle_el_set_signals(editor, false)
        fettle_el_set_prompt(editor) { EditorCore.of($0)?.promptBuffer.baseAddress }
        fettle_el_set_read_function(editor) { editor, character in
            guard let key = EditorCore.of(editor)?.nextKey() else { return 0 }
            character?.pointee = wchar_t(truncatingIfNeeded: key)
            return 1
        }
        fettle_history_set_size(libeditHistory, Int32.max)
        fettle_history_set_unique(libeditHistory, true)
        fettle_el_set_history(editor, libeditHistory)
        settings.chooseKeyMap(of: editor)
        EditorKeys.bind(editor, isVi: isVi)
        settings.apply(to: editor)
        fettle_terminal_enter(FETTLE_TERMINAL_BUSY)
    }

    deinit {
        close()
        promptBuffer.deallocate()
    }

    /// Returns the core behind an editor that libedit passes to a callback.
    static func of(_ editor: OpaquePointer?) -> EditorCore? {
        guard let editor, let data = fettle_el_client_data(editor) else { return nil }
        return Unmanaged<EditorCore>.fromOpaque(data).takeUnretainedValue()
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        el_end(editor)
        history_wend(libeditHistory)
        fettle_terminal_enter(FETTLE_TERMINAL_ORIGINAL)
    }

    func setColour(_ wanted: Bool) {
        screen.colour = wanted && !isDumb
    }

    func addToHistory(_ line: String) {
        history.add(line)
        isHistoryKnown = false
    }

    func readLine(
        prompt text: String,
        text initial: String,
        inEditor: Bool,
        isPlain: Bool
    ) -> LineEditor.Result {
        self.isPlain = isPlain
        guard !isClosed else { return .endOfInput }
        setPrompt(text)
        ending = nil
        history.rewind()
        shelf.clear()
        undo = UndoHistory()
        pendingPastes = []
        mailbox.beginReading()
        adoptOlderHistory()
        screen.status = mailbox.status
        // libedit would change the modes after it has drawn the prompt: a Ctrl-C typed between the
        // two would be a signal, at which the kernel drops the keys before it.
        fettle_el_prepare_terminal(editor, true)
        setPasteMode(true)
        screen.adoptWindowSize()
        var start = initial
        if inEditor, let edited = edited(initial, isTyped: false) { start = edited }
        if !start.isEmpty {
            pendingPastes = [shelf.shorten(start)]
            el_wpush(editor, String(scalars: [EditorKeys.pasteKey]).wide)
        }
        var count: Int32 = 0
        let line = el_wgets(editor, &count)
        let result = ending ?? finished(line, count: Int(count))
        finishDrawing(line == nil ? currentLine.scalars : nil, of: line, count: Int(count))
        setPasteMode(false)
        fettle_terminal_enter(FETTLE_TERMINAL_BUSY)
        let isInterrupted = mailbox.endReading()
        if case .line = result, takeInterruptTypedAhead() || isInterrupted {
            // Now it is as if the key had been pressed a moment later.
            kill(getpid(), SIGINT)
        }
        return result
    }

    /// Whether Ctrl-C was pressed after Enter, while it was still a key like any other; it is taken away.
    ///
    /// Keys can only be looked at by taking them. A few are kept for the next line; more than a few are
    /// text that was pasted or typed long before, which a child may be meant to read.
    private func takeInterruptTypedAhead() -> Bool {
        let count = fettle_pending_bytes(0)
        guard count > 0, count <= Self.fewKeys else { return false }
        return withUnsafeTemporaryAllocation(byteCount: Self.fewKeys, alignment: 1) { block in
            let got = read(0, block.baseAddress, Int(count))
            guard got > 0 else { return false }
            if let last = block.prefix(got).lastIndex(of: 3) {
                // The kernel, too, drops what stood before it.
                tokens = ArraySlice(decoder.decode(block[(last + 1)..<got]))
                return true
            }
            tokens += decoder.decode(block.prefix(got))
            return false
        }
    }

    private func finished(_ line: UnsafePointer<wchar_t>?, count: Int) -> LineEditor.Result {
        guard let line, count > 0 else { return .endOfInput }
        var text = String(wide: UnsafeBufferPointer(start: line, count: count))
        if text.hasSuffix("\n") { text.removeLast() }
        return .line(shelf.expand(text))
    }

    /// Shows the whole of what was submitted and goes to the row below it.
    private func finishDrawing(
        _ rest: [UInt32]?,
        of line: UnsafePointer<wchar_t>?,
        count: Int
    ) {
        search = nil
        guard !isDumb else {
            if line == nil { writeToTerminal("\r\n") }
            return
        }
        var scalars = rest ?? []
        if let line {
            scalars = (0..<count).map { UInt32(bitPattern: line[$0]) }
            if scalars.last == 0x0A { scalars.removeLast() }
        }
        screen.finish(scalars, configuration)
    }

    private func setPrompt(_ text: String) {
        screen.prompt = PromptText(text, colour: screen.colour)
        screen.continuation = PromptText(configuration.continuation, colour: screen.colour)
            .aligned(with: screen.prompt)
        let plain = screen.prompt.plain.map { wchar_t(truncatingIfNeeded: $0) } + [0]
        promptBuffer.deallocate()
        promptBuffer = .allocate(capacity: plain.count)
        _ = promptBuffer.initialize(from: plain)
    }

    func setPasteMode(_ on: Bool) {
        guard !isDumb else { return }
        writeToTerminal(on ? "\u{1B}[?2004h" : "\u{1B}[?2004l")
        fettle_terminal_note_paste_mode(on)
    }
}

// MARK: - Keys

extension EditorCore {
    /// A sequence that waits longer than this for its next byte was no sequence, but ESC.
    private static let sequencePause: Int32 = 30

    /// How many lines of history libedit is told of between two looks for a key.
    private static let feedCount = 500

    /// Returns the next key for libedit, or nil where there will be none.
    func nextKey() -> UInt32? {
        noteForUndo()
        while true {
            if let token = tokens.popFirst() {
                switch token {
                case .scalar(let scalar):
                    if mayRecall(scalar) { tellHistory(limit: .max) }
                    return scalar
                case .paste(let text):
                    pendingPastes.append(shelf.shorten(text))
                    return EditorKeys.pasteKey
                }
            }
            if !decoder.isHolding, fettle_wait_readable(0, -1, 0) == 0 {
                draw()
                loader.start { [event = mailbox.event] in fettle_event_post(event) }
            }
            let isFeeding = isHistoryWhole && !isHistoryKnown
            let pause = decoder.isHolding ? Self.sequencePause : isFeeding ? 0 : -1
            let readable = fettle_wait_readable(0, mailbox.event, pause)
            if readable < 0 { return nil }
            if readable & Int32(FETTLE_READABLE_SECOND.rawValue) != 0 {
                for message in mailbox.takeAll() {
                    handle(message)
                }
                screen.status = mailbox.status
                adoptOlderHistory()
                if case .terminated = ending { return nil }
            }
            if readable & Int32(FETTLE_READABLE_FIRST.rawValue) != 0 {
                guard readTerminal() else { return nil }
                // A key can overtake the signal of a resize before it.
                adoptWindowSize()
            } else if readable == 0 {
                if decoder.isHolding {
                    tokens += decoder.flush().map(EditorKeys.afterPause(isVi: isVi))
                } else {
                    tellHistory(limit: Self.feedCount)
                }
            }
        }
    }

    /// Puts keys before those that are still to be read.
    func pushBack(_ key: UInt32) {
        tokens = [.scalar(key)] + tokens
    }

    /// Takes over the older lines of the history where they have been read; `waits` until they have.
    func adoptOlderHistory(waits: Bool = false) {
        guard !isHistoryWhole, let older = loader.take(waits: waits) else { return }
        history.prepend(older)
        isHistoryWhole = true
    }

    /// Whether a key may be bound to one of libedit's own functions that look into its own history.
    private func mayRecall(_ scalar: UInt32) -> Bool {
        switch scalar {
        case EditorKeys.interruptKey, EditorKeys.pasteKey, 0x08, 0x09, 0x0A, 0x0D: isVi
        default: scalar < 0x20 || isVi
        }
    }

    private func tellHistory(limit: Int) {
        guard !isHistoryKnown else { return }
        adoptOlderHistory(waits: limit == .max)
        guard isHistoryWhole else { return }
        isHistoryKnown = history.feed(libeditHistory, limit: limit)
    }

    private func noteForUndo() {
        guard search == nil else { return }
        let (scalars, cursor) = currentLine
        undo.note(UndoHistory.State(scalars: scalars, cursor: cursor))
    }

    /// Reads one byte, or a block of a paste: what is typed ahead for a child must be left to it.
    private func readTerminal() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { block in
            let wanted = decoder.isPasting ? block.count : 1
            let count = read(0, block.baseAddress, wanted)
            guard count > 0 else { return count < 0 && (errno == EINTR || errno == EAGAIN) }
            tokens += decoder.decode(block.prefix(count))
            return true
        }
    }

    private func handle(_ message: EditorMessage) {
        switch message {
        case .notice(let text):
            printAbove(text)
        case .alert(let text):
            writeToTerminal(text)
        case .resized:
            adoptWindowSize()
        case .continued:
            if ignoredContinues > 0 {
                ignoredContinues -= 1
            } else {
                resume()
            }
        case .interrupted:
            tokens.append(.scalar(EditorKeys.interruptKey))
        case .terminated(let signal):
            ending = .terminated(signal)
        }
    }

    /// Stops the process as Ctrl-Z does and goes on with the same line.
    func suspend() {
        release(isTyped: true)
        // The signal's message comes too; the line is to be drawn once.
        if fettle_suspend() { ignoredContinues += 1 }
        resume()
    }
}
