import CEditLine
import CTerminal
import Glibc

/// What belongs on the screen while a line is typed, and what is there.
struct EditorScreen {
    var colour: Bool {
        didSet { painted = ([], []) }
    }
    var prompt = PromptText("", colour: false)
    var continuation = PromptText("", colour: false)
    /// What stands at the right of the prompt, such as a job and how far it is.
    var status = ""
    private(set) var columns = 80
    private(set) var rows = 24
    private var display = Display()
    /// The colours of the last text, which a key that only moves the cursor does not change.
    private var painted = (text: [UInt32](), colours: [String]())

    /// Texts longer than this are drawn without colours and hints: to keep up with the keys.
    private static let paintLimit = 10_000

    init(colour: Bool) {
        self.colour = colour
    }

    /// Takes over the window's size; returns what erases the line where it has changed, else nil.
    @discardableResult
    mutating func adoptWindowSize() -> String? {
        var width: Int32 = 0
        var height: Int32 = 0
        guard fettle_window_size(0, &width, &height) == 0, width >= 2, height >= 1,
            Int(width) != columns || Int(height) != rows
        else { return nil }
        (columns, rows) = (Int(width), Int(height))
        return display.erase(columns: columns)
    }

    mutating func erase() -> String {
        display.erase(columns: columns)
    }

    mutating func leave() -> String {
        display.leave()
    }

    mutating func forget() {
        display.forget()
    }

    /// Shows a content, whose prompt and status are those of the screen.
    mutating func show(_ content: ScreenLayout.Content) {
        var content = content
        content.prompt = prompt
        content.continuation = continuation
        let layout = ScreenLayout(content, columns: columns)
        writeToTerminal(display.update(to: layout, columns: columns, rows: rows))
    }

    /// Shows a text as it was submitted, and leaves the cursor below it.
    mutating func finish(_ text: [UInt32], _ configuration: LineEditor.Configuration) {
        var content = ScreenLayout.Content()
        content.text = text
        content.cursor = text.count
        content.colours = colours(of: text, configuration)
        show(content)
        writeToTerminal(leave())
    }

    /// Whether a text of so many scalars is drawn with colours and hints.
    func paints(_ count: Int) -> Bool {
        colour && count <= Self.paintLimit
    }

    /// Returns the colours of a text's scalars; none where there are none to be.
    mutating func colours(
        of text: [UInt32],
        _ configuration: LineEditor.Configuration
    ) -> [String] {
        guard paints(text.count), !text.isEmpty else { return [] }
        if painted.text == text { return painted.colours }
        let highlights = configuration.highlight(String(scalars: text))
        var colours: [String] = []
        if !highlights.isEmpty {
            var offsets = [Int](repeating: 0, count: text.count + 1)
            for (index, scalar) in text.enumerated() {
                offsets[index + 1] = offsets[index] + scalar.utf8Count
            }
            colours = Array(repeating: "", count: text.count)
            for highlight in highlights {
                var index = offsets.firstIndex(atLeast: highlight.range.lowerBound)
                while index < text.count, offsets[index] < highlight.range.upperBound {
                    colours[index] += (colours[index].isEmpty ? "" : ";") + highlight.colour
                    index += 1
                }
            }
        }
        painted = (text, colours)
        return colours
    }
}

extension EditorCore {
    /// The text being edited and its cursor, both in scalars.
    var currentLine: (scalars: [UInt32], cursor: Int) {
        guard let line = el_wline(editor)?.pointee, let buffer = line.buffer,
            let cursor = line.cursor, let end = line.lastchar
        else { return ([], 0) }
        let scalars = UnsafeBufferPointer(start: buffer, count: end - buffer)
        return (scalars.map { UInt32(bitPattern: $0) }, cursor - buffer)
    }

    /// What may follow the line, where the cursor is at its end; empty for nothing.
    ///
    /// It is how the newest line of the history goes on that begins with what was typed.
    func hint(for scalars: [UInt32], cursor: Int) -> String {
        guard !isPlain else { return "" }
        guard cursor == scalars.count, !scalars.isEmpty, screen.paints(scalars.count) else {
            return ""
        }
        let text = String(scalars: scalars)
        return history.continuation(of: text) ?? ""
    }

    /// Makes the screen show the line as it is.
    func draw() {
        guard !isDumb else { return }
        var content = ScreenLayout.Content()
        content.status = screen.status
        if let search {
            (content.text, content.cursor) = (search.line, search.cursor)
            content.below = search.shown
        } else {
            (content.text, content.cursor) = currentLine
            content.colours = screen.colours(of: content.text, configuration)
            content.hint = hint(for: content.text, cursor: content.cursor)
        }
        screen.show(content)
    }

    /// Prints text over the prompt's rows; before the next key prompt and line are drawn below it.
    func printAbove(_ text: String) {
        guard !isDumb else {
            writeToTerminal("\r\n" + text.terminalLines)
            fettle_el_refresh(editor)
            return
        }
        writeToTerminal(screen.erase() + text.terminalLines)
    }

    /// Prints rows below the line; before the next key prompt and line are drawn below them.
    func printBelow(_ rows: [String]) {
        let text = rows.map { $0 + "\r\n" }.joined()
        guard !isDumb else {
            writeToTerminal("\r\n" + text)
            fettle_el_refresh(editor)
            return
        }
        draw()
        writeToTerminal(screen.leave() + text)
    }

    /// Erases the line where the window has another size than before, so that it is drawn anew.
    func adoptWindowSize() {
        guard let erasing = screen.adoptWindowSize() else { return }
        el_resize(editor)
        guard !isDumb else {
            writeToTerminal("\r\n")
            fettle_el_refresh(editor)
            return
        }
        writeToTerminal(erasing)
    }

    /// Empties the screen; the line is drawn at its top.
    func clearScreen() {
        guard !isDumb else { return }
        writeToTerminal("\u{1B}[H\u{1B}[2J")
        screen.forget()
    }

    /// Gives the terminal back as it was found, the cursor below the line, which is drawn where `isTyped`.
    func release(isTyped: Bool) {
        if isTyped { draw() }
        writeToTerminal(isDumb ? "\r\n" : screen.leave())
        setPasteMode(false)
        fettle_el_prepare_terminal(editor, false)
        fettle_terminal_enter(FETTLE_TERMINAL_ORIGINAL)
    }

    /// Takes the terminal again; the line is drawn at the start of the cursor's row.
    func resume() {
        fettle_el_prepare_terminal(editor, false)
        fettle_terminal_enter(FETTLE_TERMINAL_BUSY)
        fettle_el_prepare_terminal(editor, true)
        setPasteMode(true)
        el_resize(editor)
        screen.forget()
        screen.adoptWindowSize()
        writeToTerminal("\r")
        if isDumb { fettle_el_refresh(editor) }
    }
}

extension UInt32 {
    /// The bytes that a scalar takes in UTF-8.
    fileprivate var utf8Count: Int { self < 0x80 ? 1 : self < 0x800 ? 2 : self < 0x10000 ? 3 : 4 }
}

extension [Int] {
    /// Returns the first index of an ascending array whose element is at least a value.
    fileprivate func firstIndex(atLeast value: Int) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
