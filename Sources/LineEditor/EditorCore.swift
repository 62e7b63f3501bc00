import CEditLine
import CTerminal
import Glibc

/// The editor proper: owns libedit's state and is used on the editor's thread only.
///
/// libedit reads keys through ``nextKey()``, which waits for the terminal and the mailbox at once.
/// Everything that happens while a line is typed passes there, so libedit is never entered from two
/// places.
final class EditorCore {
    let editor: OpaquePointer
    let isDumb: Bool
    let isVi: Bool
    let isComplete: @Sendable (String) -> Bool
    let complete: @Sendable (String, Int) -> [LineEditor.Completion]

    /// Pastes that ``EditorKeys/paste`` inserts when libedit gets to them.
    var pendingPastes: [String] = []

    /// What the line is to end as, where that is not a submitted text.
    var ending: LineEditor.Result?

    private let history: OpaquePointer
    private let mailbox: EditorMailbox
    private let colour: Bool
    private var prompt = PromptText("", colour: false)
    private var promptBuffer: UnsafeMutableBufferPointer<wchar_t>
    private var decoder = InputDecoder()
    private var tokens: ArraySlice<InputDecoder.Token> = []
    private var ignoredContinues = 0
    private var isScreenForgotten = false
    private var isClosed = false

    init(
        _ configuration: LineEditor.Configuration,
        mailbox: EditorMailbox
    ) throws(LineEditorError) {
        guard LineEditor.isAvailable, fettle_terminal_save(0) == 0 else { throw .notATerminal }
        fettle_set_up_locale()
        guard let editor = fettle_el_create("fettle") else { throw .unavailable }
        guard let history = history_winit() else {
            el_end(editor)
            throw .unavailable
        }
        self.editor = editor
        self.history = history
        self.mailbox = mailbox
        isDumb = !fettle_el_has_capability(editor, "ce") || !fettle_el_has_capability(editor, "up")
        colour = configuration.colour && !isDumb
        isComplete = configuration.isComplete
        complete = configuration.complete
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
        fettle_history_set_size(history, Int32.max)
        fettle_history_set_unique(history, true)
        fettle_el_set_history(editor, history)
        configuration.history.forEach(addToHistory)
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
        history_wend(history)
        fettle_terminal_enter(FETTLE_TERMINAL_ORIGINAL)
    }

    func addToHistory(_ line: String) {
        guard !line.isEmpty, !isClosed else { return }
        fettle_history_enter(history, line.wide)
    }

    func readLine(prompt text: String) -> LineEditor.Result {
        guard !isClosed else { return .endOfInput }
        setPrompt(text)
        ending = nil
        isScreenForgotten = false
        mailbox.beginReading()
        // libedit would change the modes after it has drawn the prompt: a Ctrl-C typed between the
        // two would be a signal, at which the kernel drops the keys before it.
        fettle_el_prepare_terminal(editor, true)
        setPasteMode(true)
        var count: Int32 = 0
        let line = el_wgets(editor, &count)
        let result = ending ?? finished(line, count: Int(count))
        if line == nil { writeToTerminal("\r\n") }
        setPasteMode(false)
        fettle_terminal_enter(FETTLE_TERMINAL_BUSY)
        mailbox.endReading()
        return result
    }

    private func finished(_ line: UnsafePointer<wchar_t>?, count: Int) -> LineEditor.Result {
        guard let line, count > 0 else { return .endOfInput }
        var text = String(wide: UnsafeBufferPointer(start: line, count: count))
        if text.hasSuffix("\n") { text.removeLast() }
        return .line(text)
    }

    private func setPrompt(_ text: String) {
        prompt = PromptText(text, colour: colour)
        let encoded = prompt.encoded.map { wchar_t(truncatingIfNeeded: $0) } + [0]
        promptBuffer.deallocate()
        promptBuffer = .allocate(capacity: encoded.count)
        _ = promptBuffer.initialize(from: encoded)
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

    /// Returns the next key for libedit, or nil where there will be none.
    private func nextKey() -> UInt32? {
        repaint()
        defer { forgetScreen() }
        while true {
            if let token = tokens.popFirst() {
                switch token {
                case .scalar(let scalar):
                    return scalar
                case .paste(let text):
                    pendingPastes.append(text)
                    return EditorKeys.pasteKey
                }
            }
            let pause = decoder.isHolding ? Self.sequencePause : -1
            let readable = fettle_wait_readable(0, mailbox.event, pause)
            if readable < 0 { return nil }
            if readable & Int32(FETTLE_READABLE_SECOND.rawValue) != 0 {
                for message in mailbox.takeAll() {
                    handle(message)
                }
                if case .terminated = ending { return nil }
            }
            if readable & Int32(FETTLE_READABLE_FIRST.rawValue) != 0 {
                guard readTerminal() else { return nil }
                // A key can overtake the signal of a resize before it.
                adoptWindowSize()
            } else if readable == 0 {
                tokens += decoder.flush().map(EditorKeys.afterPause(isVi: isVi))
            }
        }
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
}

// MARK: - Screen

extension EditorCore {
    /// The text being edited and its cursor, both in scalars.
    var currentLine: (scalars: [UInt32], cursor: Int) {
        guard let line = el_wline(editor)?.pointee, let buffer = line.buffer,
            let cursor = line.cursor, let end = line.lastchar
        else { return ([], 0) }
        let scalars = UnsafeBufferPointer(start: buffer, count: end - buffer)
        return (scalars.map { UInt32(bitPattern: $0) }, cursor - buffer)
    }

    /// Whether a character of the line may not be one column wide: none below U+0300 is so.
    private var hasUnusualWidths: Bool {
        guard let line = el_wline(editor)?.pointee, let buffer = line.buffer,
            let end = line.lastchar
        else { return false }
        return UnsafeBufferPointer(start: buffer, count: end - buffer).contains { $0 >= 0x300 }
    }

    var columns: Int { Int(fettle_el_columns(editor)) }

    var layout: ScreenLayout {
        let (scalars, cursor) = currentLine
        return ScreenLayout(
            prompt: prompt,
            text: scalars,
            cursor: cursor,
            columns: columns,
            rows: Int(fettle_el_rows(editor))
        )
    }

    /// Prints text over the prompt's rows and draws prompt and line anew below it.
    private func printAbove(_ text: String) {
        eraseLine()
        writeToTerminal(text.terminalLines)
        drawAnew()
    }

    /// Draws the line anew where the window has another size than libedit draws by.
    private func adoptWindowSize() {
        var width: Int32 = 0
        var height: Int32 = 0
        guard fettle_window_size(0, &width, &height) == 0, width >= 2, height >= 1,
            Int(width) != columns || height != fettle_el_rows(editor)
        else { return }
        el_resize(editor)
        // Terminals rewrap at the new width, so the rows to erase are counted by that.
        eraseLine()
        drawAnew()
    }

    /// Draws prompt and line from the start of the cursor's row.
    private func drawAnew() {
        fettle_el_refresh(editor)
        repaint()
    }

    /// Paints the line over what libedit has drawn, where that may be wrong.
    ///
    /// libedit compares rows and moves right by writing cells anew, cell by cell; where that begins
    /// or ends within a wide character, it writes half of one and loses count of the columns. It
    /// also drops combining characters. Its rows are right as long as it draws them whole, which
    /// ``forgetScreen()`` sees to.
    private func repaint() {
        guard isScreenForgotten || (!isDumb && hasUnusualWidths) else { return }
        isScreenForgotten = false
        let layout = layout
        var output = "\r" + movement(layout.cursorRow, "A")
        for (row, content) in layout.rowContents.enumerated() {
            let isLast = row == layout.lastRow
            output += String(content.text)
            // In the last column of a full row, erasing would take its last character.
            if content.width < columns { output += isLast ? "\u{1B}[J" : "\u{1B}[K" }
            output += isLast ? "\r" : "\r\n"
        }
        output += movement(layout.lastRow - layout.cursorRow, "A")
        writeToTerminal(output + movement(layout.cursorColumn, "C"))
    }

    /// Lets libedit draw the line as on an empty screen, where a diff would go wrong.
    ///
    /// Setting the number of columns, even to what it is, makes it forget its rows.
    private func forgetScreen() {
        guard !isDumb, hasUnusualWidths else { return }
        fettle_el_set_capability(editor, "co".wide, String(columns).wide)
        isScreenForgotten = true
    }

    private func movement(_ count: Int, _ direction: String) -> String {
        count > 0 ? "\u{1B}[\(count)\(direction)" : ""
    }

    /// Leaves the cursor at the start of an empty row where the prompt was.
    private func eraseLine() {
        guard !isDumb else {
            writeToTerminal("\r\n")
            return
        }
        writeToTerminal(movement(layout.cursorRow, "A") + "\r\u{1B}[J")
    }

    /// Prints rows below the line and draws prompt and line anew below them.
    func printBelow(_ rows: [String]) {
        let layout = layout
        let down = String(repeating: "\n", count: layout.lastRow - layout.cursorRow)
        writeToTerminal(down + "\r\n" + rows.map { $0 + "\r\n" }.joined())
        drawAnew()
    }

    /// Stops the process as Ctrl-Z does and goes on with the same line.
    func suspend() {
        let layout = layout
        writeToTerminal(
            String(repeating: "\n", count: layout.lastRow - layout.cursorRow) + "\r\n"
        )
        setPasteMode(false)
        fettle_el_prepare_terminal(editor, false)
        fettle_terminal_enter(FETTLE_TERMINAL_ORIGINAL)
        // The signal's message comes too; the line is to be drawn once.
        if fettle_suspend() { ignoredContinues += 1 }
        resume()
    }

    /// Takes the terminal again after the process was stopped.
    private func resume() {
        fettle_el_prepare_terminal(editor, false)
        fettle_terminal_enter(FETTLE_TERMINAL_BUSY)
        fettle_el_prepare_terminal(editor, true)
        setPasteMode(true)
        el_resize(editor)
        writeToTerminal("\r")
        drawAnew()
    }
}
